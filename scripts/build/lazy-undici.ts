import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "./pack.ts";

/**
 * `@actions/http-client` imports undici for one class that only GitHub's REST client behind a proxy needs; loading it
 * takes 20 of the 60 ms in which an action starts. So it is imported from a file that loads it when it is used.
 */
export const LAZY_UNDICI: Readonly<Record<string, string>> = { undici: "./undici.js" };

/** All of undici that `@actions/*` and the client of Kubernetes import. A name that is missing here fails the build's test. */
const LAZY = `import { createRequire } from "node:module";
const load = () => createRequire(import.meta.url)("./undici.cjs");
export class Agent {
  constructor(...options) {
    return new (load().Agent)(...options);
  }
}
export class ProxyAgent {
  constructor(...options) {
    return new (load().ProxyAgent)(...options);
  }
}
export const fetch = (...request) => load().fetch(...request);
`;

/** Writes the file that stands in for undici, and undici itself beside it. */
export async function packUndici(root: string, folder: string): Promise<void> {
  writeFileSync(join(folder, "undici.js"), LAZY);
  copyFileSync(join(root, "node_modules/undici/LICENSE"), join(folder, "undici-license.txt"));
  await pack(join(root, "node_modules/undici/index.js"), { folder, name: "undici.cjs" });
}
