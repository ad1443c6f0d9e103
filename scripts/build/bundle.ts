import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { listFolders } from "../list-files.ts";
import { renderStub } from "./stub.ts";

const STAGES = ["index", "post"] as const;

/**
 * Builds every action of the repository at `root` into the folder `out`: tsc emits lib, ncc bundles its dispatcher
 * once, and each stage of each action is a stub beside it. Both folders are emptied first, since ncc leaves old chunks.
 *
 * @throws when the compiler or the bundler fails; what they say goes to stderr.
 */
export function bundle(root: string, out: string): void {
  const lib = join(root, "lib");
  for (const folder of [lib, out]) rmSync(folder, { recursive: true, force: true });
  const tool = (file: string, ...args: readonly string[]): void => {
    // Not through node_modules/.bin: its first line would start whatever node the system has.
    execFileSync(process.execPath, [join(root, "node_modules", file), ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
  };
  // Without comments: rewording one is no reason to ship new bytes.
  tool("typescript/bin/tsc", "-p", "tsconfig.build.json", "--removeComments");
  const all = join(out, "all");
  // Never `-e open`: ncc would import it statically, and every action would fail where there is no node_modules.
  tool(
    "@vercel/ncc/dist/ncc/cli.js",
    ...["build", join(lib, "all.js"), "-o", all, "--license", "licenses.txt", "--no-cache", "--quiet"],
  );
  shorten(all);
  writeFileSync(join(out, "package.json"), '{"type":"module"}\n');
  for (const action of listFolders(join(root, "src/actions"))) {
    for (const stage of STAGES) {
      if (!existsSync(join(root, "src/actions", action, `${stage}.ts`))) continue;
      mkdirSync(join(out, action), { recursive: true });
      writeFileSync(join(out, action, `${stage}.js`), renderStub(action, stage));
    }
  }
}

/**
 * Takes white space and comments out of the chunks; names stay, so that a stack still reads. ncc's own `-m` leaves the
 * chunks as they are, and a third of a start is spent on reading them.
 */
function shorten(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".js"))) {
    const path = join(folder, name);
    const options = { format: "esm", target: "node24", minifyWhitespace: true, minifySyntax: true } as const;
    writeFileSync(path, transformSync(readFileSync(path, "utf8"), { ...options, legalComments: "none" }).code);
  }
}
