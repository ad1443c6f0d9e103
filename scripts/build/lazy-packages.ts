import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "./pack.ts";

interface LazyPackage {
  /** Its entry, below node_modules. */
  readonly entry: string;
  /** What it is called in the bundle, without an ending. */
  readonly file: string;
  /** The ending of what ncc makes of it: CommonJS stays CommonJS. */
  readonly kind: "js" | "cjs";
}

/**
 * Packages that others import at their top and few runs need. Each is imported from a file that loads the package when
 * one of its exports is used; nobody's source has to know.
 *
 * - `@actions/http-client`, for ID tokens alone, with all of node's HTTP and TLS: 30 ms. `@actions/github` gets it in the
 *   place of its own, older one, whose code is the same.
 * - yaml, for an input that is given as YAML: 10 ms.
 * - `@actions/core`, for outputs, annotations, masks: post steps have none of them where nothing was left. With
 *   `@actions/exec`, which it imports, and all that starts processes: 20 ms.
 */
const LAZY: Readonly<Record<string, LazyPackage>> = {
  "@actions/http-client": { entry: "@actions/http-client/lib/index.js", file: "http-client", kind: "js" },
  "@actions/core": { entry: "@actions/core/lib/core.js", file: "core", kind: "js" },
  "@actions/exec": { entry: "@actions/exec/lib/exec.js", file: "exec", kind: "js" },
  yaml: { entry: "yaml/dist/index.js", file: "yaml", kind: "cjs" },
};

/**
 * What `@actions/github` and `@actions/http-client` would go through a proxy with: 735 KB, and 100 ms of a start. Our
 * requests to GitHub go by node:https (src/github/https-fetch.ts), all others of ours too, and an agent that is made
 * at the top of `@actions/github` is never asked.
 */
const UNDICI = `const never = () => {
  throw new Error("undici is not in the bundle");
};
export class ProxyAgent {}
export const fetch = never;
`;

/** Where the bundle imports these packages from. */
export const LAZY_PACKAGES: Readonly<Record<string, string>> = {
  undici: "./undici.js",
  ...Object.fromEntries(Object.entries(LAZY).map(([name, { file }]) => [name, `./${file}.js`])),
};

/** Writes the files that stand in for these packages, and the packages themselves beside them, with their licenses. */
export async function packLazyPackages(root: string, folder: string): Promise<void> {
  writeFileSync(join(folder, "undici.js"), UNDICI);
  for (const [name, { entry, file, kind }] of Object.entries(LAZY)) {
    const { [name]: _, ...externals } = LAZY_PACKAGES;
    const names = Object.keys((await import(name)) as object).filter((one) => /^(?!default$)\w+$/.test(one));
    writeFileSync(join(folder, `${file}.js`), renderStandIn(`./${file}-package.${kind}`, names));
    copyFileSync(findLicense(join(root, "node_modules", name)), join(folder, `${file}-license.txt`));
    await pack(join(root, "node_modules", entry), { folder, name: `${file}-package.${kind}`, externals });
  }
}

function findLicense(folder: string): string {
  const name = readdirSync(folder).find((each) => /^LICENSE(?:\.md)?$/.test(each));
  if (name === undefined) throw new Error(`${folder} has no license that could go with it`);
  return join(folder, name);
}

/** A module with these exports, each a function or a class that loads the real one when it is called, made or read. */
function renderStandIn(path: string, names: readonly string[]): string {
  return `import { createRequire } from "node:module";
let loaded;
const load = () => (loaded ??= createRequire(import.meta.url)("${path}"));
const late = (name) => new Proxy(function () {}, {
  apply: (_, self, values) => Reflect.apply(load()[name], self, values),
  construct: (_, values, target) => Reflect.construct(load()[name], values, target),
  get: (_, key) => load()[name][key],
  set: (_, key, value) => Reflect.set(load()[name], key, value),
});
${names.map((name) => `export const ${name} = late("${name}");\n`).join("")}`;
}
