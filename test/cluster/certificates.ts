import "../azure/reflect.ts";
import { generateKeyPairSync, type webcrypto } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DOMAIN, type Layout, NODE_NAME } from "./layout.ts";

/** Who a certificate is for, and where it may be shown. */
export interface Subject {
  readonly file: string;
  readonly commonName: string;
  readonly group?: string;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
}

/** Regions whose names of API servers lead here, through the emulator of AKS. */
const REGIONS = ["westeurope", "northeurope", "swedencentral"];

/** Everybody who shows a certificate. Kubernetes reads users from the common name, and groups from the organisation. */
export const subjectsOf = ({ addresses }: Pick<Layout, "addresses">): readonly Subject[] => [
  {
    file: "api-server",
    commonName: "kube-apiserver",
    addresses: [addresses.bridge, addresses.kubernetes, addresses.node, "127.0.0.1"],
    names: [
      ...[
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        `kubernetes.default.svc.${DOMAIN}`,
        "localhost",
      ],
      ...REGIONS.flatMap((region) => [`*.hcp.${region}.azmk8s.io`, `*.privatelink.${region}.azmk8s.io`]),
    ],
  },
  { file: "api-server-to-kubelet", commonName: "kube-apiserver-kubelet-client", group: "system:masters" },
  { file: "administrator", commonName: "mayfly-administrator", group: "system:masters" },
  { file: "controller-manager", commonName: "system:kube-controller-manager" },
  { file: "scheduler", commonName: "system:kube-scheduler" },
  { file: "kube-proxy", commonName: "system:kube-proxy" },
  {
    file: "kubelet",
    commonName: `system:node:${NODE_NAME}`,
    group: "system:nodes",
    addresses: [addresses.bridge],
    names: [NODE_NAME],
  },
  { file: "door", commonName: "door", addresses: [addresses.host] },
];

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 3600 * 1000;

/**
 * Writes the cluster's authority, `ca.crt` with `ca.key`, everybody's `<file>.crt` with `<file>.key`, and the key of the
 * tokens of service accounts, `service-accounts.key`. They are good for a year.
 */
export async function writeCertificates(layout: Pick<Layout, "certificates" | "addresses">): Promise<void> {
  // At run time, since jest links what a module imports before it runs reflect.ts.
  const x509 = await import("@peculiar/x509");
  const folder = layout.certificates;
  await mkdir(folder, { recursive: true });
  const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const write = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
  const writeKey = async (name: string, key: webcrypto.CryptoKey) =>
    write(name, x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY"));
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY) };

  const keys = await newKeys();
  const issuer = "CN=Mayfly test cluster";
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const mint = async ({ file, commonName, group, names = [], addresses = [] }: Subject) => {
    const own = await newKeys();
    const alternatives = [
      ...names.map((value) => ({ type: "dns" as const, value })),
      ...addresses.map((value) => ({ type: "ip" as const, value })),
    ];
    const leaf = await x509.X509CertificateGenerator.create({
      subject: [...(group === undefined ? [] : [{ O: [group] }]), { CN: [commonName] }],
      issuer,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        ...(alternatives.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(alternatives)]),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    await write(`${file}.crt`, leaf.toString("pem"));
    await writeKey(`${file}.key`, own.privateKey);
  };
  await Promise.all([
    write("ca.crt", authority.toString("pem")),
    writeKey("ca.key", keys.privateKey),
    ...subjectsOf(layout).map(mint),
    // Entra takes RS256 only from an issuer of workload identity, and that is what AKS signs with.
    write("service-accounts.key", newServiceAccountKey()),
  ]);
}

function newServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
