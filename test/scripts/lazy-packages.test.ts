import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "../..");

const GITHUBS = "node_modules/@actions/github/node_modules/@actions/http-client";

interface StandIn {
  readonly [name: string]: unknown;
}

const importBuilt = async (file: string): Promise<StandIn> => (await import(join(ROOT, "dist/all", file))) as StandIn;

/** What a script prints that imports a file of the bundle as `it`: in a node of its own, which loads as a runner's does. */
function runWith(file: string, script: string): string {
  const url = JSON.stringify(pathToFileURL(join(ROOT, "dist/all", file)).href);
  const source = `import * as it from ${url};\n${script}`;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" }).trim();
}

test.each([
  ["undici", "undici.js"],
  ["@actions/http-client", "http-client.js"],
  ["yaml", "yaml.js"],
])("the stand-in for %s has all that it exports", async (name, file) => {
  const real = Object.keys((await import(name)) as object).filter(
    (one) => !["default", "module.exports"].includes(one),
  );
  expect(real.length).toBeGreaterThan(5);
  expect(Object.keys(await importBuilt(file)).sort()).toEqual(real.sort());
  // One copy: two would need a stand-in each.
  const others = globSync(`node_modules/**/node_modules/${name}/package.json`, { cwd: ROOT });
  expect(others.filter((path) => path !== `${GITHUBS}/package.json`)).toEqual([]);
});

test("what @actions/github takes of its own, older http-client is the same in the one that it gets", () => {
  const [older, newer] = ["", GITHUBS].map((place) =>
    readFileSync(join(ROOT, place || "node_modules/@actions/http-client", "lib/index.js"), "utf8"),
  ) as [string, string];
  const user = readFileSync(join(ROOT, "node_modules/@actions/github/lib/internal/utils.js"), "utf8");
  const taken = [...user.matchAll(/\b(?:httpClient|hc)\.(\w+)/g)].map(([, name = ""]) => name);
  expect(new Set(taken)).toEqual(new Set(["HttpClient", "getAgent", "getAgentDispatcher"]));
  expect(readClient(older)).toBe(readClient(newer));
  expect(readClient(newer)).toContain("getAgentDispatcher(");
});

/** The class as it is written in either kind of module. */
function readClient(source: string): string {
  const from = source.search(/^(?:export )?class HttpClient \{/m);
  const text = source.slice(from, source.indexOf("\n}\n", from));
  return text.replace(/^export |undici_1\.|exports\./g, "").replace(/\(0, (?:\w+\.)?(\w+)\)/g, "$1");
}

test("nothing is loaded before it is used: no HTTP, no TLS", () => {
  const script = `const loaded = () => process.moduleLoadList.includes("NativeModule https");
const before = loaded();
new it.HttpClient("mayfly");
console.log(before, loaded());`;
  expect(runWith("http-client.js", script)).toBe("false true");
});

test("functions, classes and values are the real ones once they are used", () => {
  const script = `const counter = new it.LineCounter();
const scalar = it.parseDocument("a: 1", { lineCounter: counter }).get("a", true);
console.log(it.stringify({ a: [1] }), scalar instanceof it.Scalar, counter instanceof it.LineCounter, it.visit.BREAK === it.visit.BREAK, it.Scalar.PLAIN);`;
  expect(runWith("yaml.js", script)).toBe("a:\n  - 1\n true true true PLAIN");
  expect(runWith("http-client.js", "console.log(it.HttpCodes.NotFound)")).toBe("404");
});

test("a class of one's own may extend one of them", () => {
  const script = `class Own extends it.Agent { own() { return 1; } }
const agent = new Own();
console.log(agent.own(), agent instanceof it.Agent, typeof agent.dispatch);
await agent.close();`;
  expect(runWith("undici.js", script)).toBe("1 true function");
});

test("they work: a page is fetched, and a proxy's agent made", async () => {
  const server = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const undici = (await importBuilt("undici.js")) as {
    readonly fetch: (url: string, options?: object) => Promise<{ text(): Promise<string> }>;
    readonly ProxyAgent: new (proxy: string) => { readonly dispatch: unknown; close(): Promise<void> };
  };
  const response = await undici.fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } });
  expect(await response.text()).toBe("hello");
  server.close();
  const agent = new undici.ProxyAgent("http://127.0.0.1:1");
  expect(typeof agent.dispatch).toBe("function");
  await agent.close();
});
