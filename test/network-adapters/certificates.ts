import "../azure/reflect.ts";

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** What a server shows. */
export interface Wish {
  readonly names: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

/** An authority of a test's own. */
export interface Authority {
  readonly certificate: string;
  issue(wish: Partial<Wish>): Promise<Pair>;
  /** By nobody but itself. */
  issueSelfSigned(wish: Partial<Wish>): Promise<Pair>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;

export async function createAuthority(name = "Authority of a test"): Promise<Authority> {
  // At run time, since jest links what a module imports before it runs ../azure/reflect.ts.
  const x509 = await import("@peculiar/x509");
  const generate = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const encodeKey = async (key: Awaited<ReturnType<typeof generate>>["privateKey"]) =>
    x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  const keys = await generate();
  const issuer = `CN=${name}`;
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 400 * DAY),
    notAfter: new Date(Date.now() + 400 * DAY),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const describe = ({ names = ["localhost"], from, to }: Partial<Wish>) => ({
    signingAlgorithm: ALGORITHM,
    notBefore: from ?? new Date(Date.now() - DAY),
    notAfter: to ?? new Date(Date.now() + 30 * DAY),
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
    ],
  });
  return {
    certificate: own.toString("pem"),
    issue: async (wish) => {
      const leaf = await generate();
      const made = await x509.X509CertificateGenerator.create({
        subject: "CN=shop.example,O=Shop",
        issuer,
        publicKey: leaf.publicKey,
        signingKey: keys.privateKey,
        ...describe(wish),
      });
      return { cert: made.toString("pem"), key: await encodeKey(leaf.privateKey) };
    },
    issueSelfSigned: async (wish) => {
      const leaf = await generate();
      const made = await x509.X509CertificateGenerator.createSelfSigned({
        name: "CN=alone.example",
        keys: leaf,
        ...describe(wish),
      });
      return { cert: made.toString("pem"), key: await encodeKey(leaf.privateKey) };
    },
  };
}
