import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { askHeading, listPreviews, readPreviews } from "../../scripts/demo/previews.ts";

const ready = [{ type: "Ready", status: "True" }];
const ITEMS: Readonly<Record<string, readonly object[]>> = {
  namespaces: [
    { metadata: { name: "demo-shop-pr-10-1", annotations: { "expires-at": "2026-01-02T00:00:00Z" } } },
    { metadata: { name: "demo-shop-pr-9-1" } },
    { metadata: { name: "somebody-elses-pr-9" } },
  ],
  pods: [
    { metadata: { name: "web", namespace: "demo-shop-pr-10-1" }, status: { conditions: ready } },
    { metadata: { name: "api", namespace: "demo-shop-pr-10-1" }, status: {} },
    { metadata: { name: "old", namespace: "demo-shop-pr-10-1", deletionTimestamp: "now" }, status: {} },
    { metadata: { name: "web", namespace: "somebody-elses-pr-9" }, status: { conditions: ready } },
  ],
};
const kubectl = async (_: string, kind = "") => JSON.stringify({ items: ITEMS[kind] });

describe("the previews of a cluster", () => {
  test("are the demo's own, each with its end and the pods that stay", async () => {
    expect(await readPreviews({ kubectl })).toEqual([
      {
        name: "demo-shop-pr-10-1",
        expiresAt: "2026-01-02T00:00:00Z",
        pods: [
          { name: "web", ready: true },
          { name: "api", ready: false },
        ],
      },
      { name: "demo-shop-pr-9-1", expiresAt: "", pods: [] },
    ]);
  });

  test("are listed by number, with their pods below them", async () => {
    const rows = listPreviews(await readPreviews({ kubectl })).map(({ name, note, holder }) => [name, note, holder]);
    expect(rows).toEqual([
      ["demo-shop-pr-9-1", "expires-at ", true],
      ["demo-shop-pr-10-1", "expires-at 2026-01-02T00:00:00Z", true],
      ["demo-shop-pr-10-1/api", "not ready", undefined],
      ["demo-shop-pr-10-1/web", "ready", undefined],
    ]);
  });
});

test("an address is asked through the proxy, and a proxy that nobody answers behind has no heading", async () => {
  const asked: string[] = [];
  const proxy = createServer(({ url = "", headers }, response) => {
    asked.push(`${headers.host} ${url}`);
    response.writeHead(url.includes("pr-9") ? 200 : 502).end(url.includes("pr-9") ? "<p><h1>Tables</h1>" : "");
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const { port } = proxy.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  expect(await askHeading(url, "http://pr-9.example.com")).toBe("Tables");
  expect(await askHeading(url, "http://pr-10.example.com")).toBeUndefined();
  expect(asked[0]).toBe("pr-9.example.com http://pr-9.example.com/index.html");
  await new Promise((done) => proxy.close(done));
  expect(await askHeading(url, "http://pr-9.example.com")).toBeUndefined();
});
