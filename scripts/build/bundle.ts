import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listFolders } from "../list-files.ts";
import { listStages } from "../stages.ts";
import { LAZY_PACKAGES, packLazyPackages } from "./lazy-packages.ts";
import { pack } from "./pack.ts";
import { packScript } from "./script.ts";
import { renderStub } from "./stub.ts";

/**
 * Builds every action of the repository at `root` into the folder `out`: tsc emits lib, ncc bundles its dispatcher
 * once, and each stage of each action is a stub beside it. Both folders are emptied first, since old chunks would stay.
 *
 * @throws when the compiler or the bundler fails; what they say goes to stderr.
 */
export async function bundle(root: string, out: string): Promise<void> {
  const lib = join(root, "lib");
  for (const folder of [lib, out]) rmSync(folder, { recursive: true, force: true });
  // Not through node_modules/.bin: its first line would start whatever node the system has.
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  // Without comments: rewording one is no reason to ship new bytes.
  const emit = [tsc, "-p", "tsconfig.build.json", "--removeComments"];
  execFileSync(process.execPath, emit, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const all = join(out, "all");
  mkdirSync(all, { recursive: true });
  await pack(join(lib, "all.js"), {
    folder: all,
    name: "index.js",
    externals: LAZY_PACKAGES,
    licenses: "licenses.txt",
  });
  await packLazyPackages(root, all);
  writeFileSync(join(out, "package.json"), '{"type":"module"}\n');
  for (const action of listFolders(join(root, "src/actions"))) {
    for (const stage of listStages(root, action)) {
      mkdirSync(join(out, action), { recursive: true });
      writeFileSync(join(out, action, `${stage}.js`), renderStub(action, stage));
    }
    const plugin = join(root, "src/actions", action, "plugin.ts");
    if (existsSync(plugin)) packScript(plugin, join(out, action, "plugin.cjs"));
  }
}
