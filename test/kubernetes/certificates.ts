import "../azure/reflect.ts";

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** The CA of one stand-in, the certificate of its server, and those of clients. */
export interface Authority {
  readonly certificate: string;
  readonly server: Pair;
  clientOf(user: string): Promise<Pair>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;

/** For 127.0.0.1, localhost and other names that a test wants. */
export async function createAuthority(names: readonly string[]): Promise<Authority> {
  // At run time, since jest links what a module imports before it runs ../azure/reflect.ts.
  const x509 = await import("@peculiar/x509");
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const issuer = "CN=Mayfly stand-in cluster CA";
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const issue = async (
    subject: string,
    usage: string,
    alternatives: readonly { type: "dns" | "ip"; value: string }[],
  ): Promise<Pair> => {
    const leaf = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer,
      publicKey: leaf.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(alternatives.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...alternatives])]),
      ],
    });
    const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", leaf.privateKey), "PRIVATE KEY");
    return { certificate: certificate.toString("pem"), key };
  };
  const alternatives = [
    { type: "ip" as const, value: "127.0.0.1" },
    ...["localhost", ...names].map((value) => ({ type: "dns" as const, value })),
  ];
  return {
    certificate: own.toString("pem"),
    server: await issue("CN=stand-in", x509.ExtendedKeyUsage.serverAuth, alternatives),
    clientOf: (user) => issue(`CN=${user}`, x509.ExtendedKeyUsage.clientAuth, []),
  };
}
