import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { listRunning, readRunning } from "../../scripts/demo/pods.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const IMAGE = `mayfly.azurecr.io/shop/web@${DIGEST}`;

function pod(name: string, ready: string, more: object = {}) {
  return {
    metadata: { name, labels: { "app.kubernetes.io/name": "web" }, ...more },
    spec: { containers: [{ image: IMAGE }] },
    status: { conditions: [{ type: "Ready", status: ready }] },
  };
}

/** A kubectl that answers by kind. */
const kubectl =
  (items: Readonly<Record<string, readonly object[]>>) =>
  async (...[, kind = ""]: readonly string[]) =>
    JSON.stringify({ items: items[kind] ?? [] });

describe("what runs in a namespace", () => {
  test("is its pods, without those that go, its revisions in order, and what is served", async () => {
    const server = createServer((_, response) => response.end("<h1>Shop</h1>")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const secret = (version: string, status: string) => ({ metadata: { name: "", labels: { version, status } } });
    const running = await readRunning(
      {
        kubectl: kubectl({
          pods: [pod("web-2", "True"), pod("web-10", "False"), pod("web-1", "True", { deletionTimestamp: "x" })],
          secrets: [secret("10", "deployed"), secret("9", "failed")],
          services: [{ spec: { clusterIP: `127.0.0.1:${port}` } }],
        }),
      },
      "shop-test",
    );
    server.close();
    expect(listRunning(running)).toEqual([
      { name: "http://shop-web", note: '"Shop"', holder: true },
      { name: "release shop, revision 9", note: "failed", holder: true },
      { name: "release shop, revision 10", note: "deployed", holder: true },
      { name: "web-2", note: "shop/web@0123456789ab · ready" },
      { name: "web-10", note: "shop/web@0123456789ab · not ready" },
    ]);
  });

  test("is nothing before the first deployment", async () => {
    const running = await readRunning({ kubectl: kubectl({}) }, "shop-test");
    expect(running).toEqual({ pods: [], revisions: [], heading: undefined });
    expect(listRunning(running)).toEqual([]);
  });
});
