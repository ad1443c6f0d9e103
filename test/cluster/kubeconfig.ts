import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Layout } from "./layout.ts";

/** What a kubeconfig is made of: all texts are PEM. */
export interface Access {
  readonly server: string;
  readonly ca: string;
  readonly user: string;
  readonly certificate: string;
  readonly key: string;
}

/** A kubeconfig with one cluster, one user by certificate, and one context. */
export function renderKubeconfig({ server, ca, user, certificate, key }: Access): string {
  const data = (text: string) => Buffer.from(text).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "mayfly", cluster: { server, "certificate-authority-data": data(ca) } }],
    users: [{ name: user, user: { "client-certificate-data": data(certificate), "client-key-data": data(key) } }],
    contexts: [{ name: "mayfly", context: { cluster: "mayfly", user } }],
    "current-context": "mayfly",
  });
}

/** Writes the kubeconfig of one who has a certificate in this folder. */
export async function writeKubeconfig(path: string, layout: Layout, user: string): Promise<void> {
  const { certificates, server } = layout;
  const read = (name: string) => readFile(join(certificates, name), "utf8");
  const [ca, certificate, key] = await Promise.all([read("ca.crt"), read(`${user}.crt`), read(`${user}.key`)]);
  await writeFile(path, renderKubeconfig({ server, ca, user, certificate, key }), { mode: 0o600 });
}
