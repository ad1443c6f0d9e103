import "./reflect.ts";
import { createSecureContext, type SecureContext } from "node:tls";
export interface CertificateAuthority {
  /** PEM of the CA's own certificate: what clients must trust. */
  readonly certificate: string;
  /** A TLS context for a host name, made at its first use. */
  contextFor(host: string): Promise<SecureContext>;
  /** PEM of a certificate for a host name, with the CA's behind it, and of its key: for a real program behind the proxy. */
  pemFor(host: string): Promise<{ readonly certificate: string; readonly key: string }>;
}

/** P-256 throughout: node, python and go all take it, and a key costs no time. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;

/** One CA per process. Validity follows real time, since clients check it against theirs. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  // At run time, since jest links what a module imports before it runs ./reflect.ts.
  const x509 = await import("@peculiar/x509");
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const name = "CN=Mayfly emulator CA";
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const leafKeys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", leafKeys.privateKey), "PRIVATE KEY");
  const certificate = authority.toString("pem");

  const mint = async (host: string) => {
    const leaf = await x509.X509CertificateGenerator.create({
      subject: `CN=${host}`,
      issuer: name,
      publicKey: leafKeys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
        await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
        // Python checks strictly since 3.13 and wants this one.
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { certificate: `${leaf.toString("pem")}\n${certificate}`, key };
  };
  const mintContext = async (host: string) => {
    const { certificate: cert, key } = await mint(host);
    return createSecureContext({ key, cert });
  };
  const contexts = new Map<string, Promise<SecureContext>>();
  return {
    certificate,
    contextFor: (host) => {
      const known = contexts.get(host) ?? mintContext(host);
      contexts.set(host, known);
      return known;
    },
    pemFor: mint,
  };
}
