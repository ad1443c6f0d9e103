import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { subjectsOf, writeCertificates } from "./certificates.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { type Layout, layoutOf } from "./layout.ts";

let home: string;
let layout: Layout;
const read = (name: string) => new X509Certificate(readFileSync(join(layout.certificates, name)));

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "mayfly-certificates-"));
  layout = layoutOf(home, 2);
  await writeCertificates(layout);
  // The library is slow to load on a machine that has much to do.
}, 60_000);

afterAll(() => rm(home, { recursive: true, force: true }));

describe("certificates", () => {
  test("are all the authority's, each with a key of its own", () => {
    const authority = read("ca.crt");
    const all = subjectsOf(layout).map(({ file }) => read(`${file}.crt`));
    expect(all.every((leaf) => leaf.checkIssued(authority) && leaf.verify(authority.publicKey))).toBe(true);
    expect(new Set(all.map(({ publicKey }) => publicKey.export({ type: "spki", format: "pem" }))).size).toBe(
      all.length,
    );
  });

  test("let the API server be called by its addresses, its Service's names and what AKS calls it", () => {
    const server = read("api-server.crt");
    for (const address of ["10.244.2.1", "10.96.2.1"]) expect(server.checkIP(address)).toBe(address);
    for (const host of ["kubernetes.default.svc", "shop-1a2b3c4d.hcp.westeurope.azmk8s.io"]) {
      expect(server.checkHost(host)).toBeDefined();
    }
    expect(server.checkHost("shop.example.com")).toBeUndefined();
  });

  test("say who is an administrator, and who is the node", () => {
    expect(read("administrator.crt").subject.split("\n")).toEqual(["O=system:masters", "CN=mayfly-administrator"]);
    expect(read("kubelet.crt").subject.split("\n")).toEqual(["O=system:nodes", "CN=system:node:mayfly"]);
  });

  test("make a kubeconfig that leads to the API server", async () => {
    const file = join(home, "config");
    await writeKubeconfig(file, layout, "administrator");
    const config = parse(readFileSync(file, "utf8"));
    expect(config.clusters[0].cluster.server).toBe("https://10.244.2.1:6443");
    const shown = Buffer.from(config.users[0].user["client-certificate-data"], "base64");
    expect(new X509Certificate(shown).fingerprint256).toBe(read("administrator.crt").fingerprint256);
  });
});
