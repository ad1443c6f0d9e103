import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const ROOT = join(import.meta.dirname, "../..");

interface LazyUndici {
  readonly fetch: (url: string, options?: object) => Promise<{ text(): Promise<string> }>;
  readonly ProxyAgent: new (proxy: string) => { readonly dispatch: unknown; close(): Promise<void> };
}

const undici = (await import(join(ROOT, "dist/all/undici.js"))) as LazyUndici;

test("the stand-in for undici has every name that @actions/* import", () => {
  const sources = globSync("node_modules/@actions/{core,exec,github,http-client,io}/lib/**/*.js", { cwd: ROOT });
  const names = sources.flatMap((path) =>
    [...readFileSync(join(ROOT, path), "utf8").matchAll(/import\s*\{([^}]*)\}\s*from\s*['"]undici['"]/g)].flatMap(
      ([, list = ""]) => list.split(",").map((name) => name.trim()),
    ),
  );
  expect(names).toContain("ProxyAgent");
  expect(Object.keys(undici)).toEqual(expect.arrayContaining([...new Set(names)]));
  // One copy: two would need a stand-in each.
  expect(globSync("node_modules/**/node_modules/undici/package.json", { cwd: ROOT })).toEqual([]);
});

test("the stand-in loads the real one when it is used", async () => {
  const server = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const response = await undici.fetch(`http://127.0.0.1:${port}`, { headers: { connection: "close" } });
  expect(await response.text()).toBe("hello");
  server.close();
  const agent = new undici.ProxyAgent("http://127.0.0.1:1");
  expect(typeof agent.dispatch).toBe("function");
  await agent.close();
});
