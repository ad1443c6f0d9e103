import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
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
  ["@actions/core", "core.js"],
  ["@actions/exec", "exec.js"],
  ["@actions/http-client", "http-client.js"],
  ["yaml", "yaml.js"],
])("the stand-in for %s has all that it exports", async (name, file) => {
  const real = Object.keys((await import(name)) as object).filter(
    (one) => !["default", "module.exports"].includes(one),
  );
  expect(real.length).toBeGreaterThan(1);
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

test("what an object keeps is kept in the real one, as a summary its text", () => {
  const script = `it.summary.addRaw("one").addRaw(" two");
console.log(it.summary.stringify(), it.summary.isEmptyBuffer(), it.ExitCode.Failure, it.toPosixPath("a\\\\b"));`;
  expect(runWith("core.js", script)).toBe("one two false 1 a/b");
});

test("a class of one's own may extend one of them", () => {
  const script = `class Own extends it.HttpClient { own() { return 1; } }
const client = new Own("mayfly");
console.log(client.own(), client instanceof it.HttpClient, typeof client.get);`;
  expect(runWith("http-client.js", script)).toBe("1 true function");
});

test("of undici, which is left out, a proxy's agent is made at the top of @actions/github, and nothing is asked", async () => {
  const takers = ["@actions/http-client/lib/index.js", "@actions/github/lib/internal/utils.js"];
  const sources = takers.map((path) => readFileSync(join(ROOT, "node_modules", path), "utf8"));
  const taken = sources.flatMap(
    (source) => /^import \{ (.+) \} from ["']undici["'];$/m.exec(source)?.[1]?.split(", ") ?? [],
  );
  const standIn = await importBuilt("undici.js");
  expect(taken.sort()).toEqual(Object.keys(standIn).sort());
  expect(() => (standIn["fetch"] as () => void)()).toThrow("undici is not in the bundle");
});
