import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GO_FAMILIES, type GoFamily } from "./go-families.ts";
import { moduleFolder, parseGoModule, programOf } from "./go-module.ts";
import type { Tool } from "./tool.ts";

/** A tool that is built from Go modules. */
export interface GoTool extends Tool {
  readonly source: "Go";
  /** With go.mod and go.sum. */
  readonly module: string;
  /** Where it is, or belongs: `bin` with the programs, `kept` with what the family keeps, and `recipe`. */
  readonly folder: string;
  /** What `go build` is told, but for where to put the result. */
  readonly arguments: readonly string[];
  /** What people call its programs, by what Go calls them. */
  readonly names: ReadonlyMap<string, string>;
  /** Folders of the tool's own module that are copied to `kept`, and where that is below Go's module cache. */
  readonly keep: { readonly from: string; readonly folders: readonly string[] };
  /** Changes with everything that the programs are made of. A folder with another one counts as not there. */
  readonly recipe: string;
}

/** The Go tools, looked for in a cache folder. */
export function listGoTools(cache: string, root = join(import.meta.dirname, "../../tools")): readonly GoTool[] {
  return GO_FAMILIES.map((family) => describeGoTool(family, join(root, family.name), cache));
}

function describeGoTool(family: GoFamily, module: string, cache: string): GoTool {
  const read = (file: string) => readFileSync(join(module, file), "utf8");
  const goMod = read("go.mod");
  const { packages, ...required } = parseGoModule(goMod, family.module);
  const version = family.release ?? required.version;
  const stamps = family.stamps(version).map((stamp) => ` -X ${stamp}`);
  const build = [
    ...["build", "-mod=readonly", "-modcacherw", "-buildvcs=false", "-trimpath", `-ldflags=-s -w${stamps.join("")}`],
    ...(family.tags === undefined ? [] : [`-tags=${family.tags.join(",")}`]),
    ...packages,
  ];
  const sources = [goMod, read("go.sum"), JSON.stringify(build), process.platform, process.arch];
  if (family.knownAs ?? family.keep) sources.push(JSON.stringify([family.knownAs, family.keep]));
  const recipe = createHash("sha256").update(sources.join("\0")).digest("hex");
  const folder = join(cache, `${family.name}-${version}`);
  const names = new Map(packages.map(programOf).map((name) => [name, family.knownAs?.[name] ?? name]));
  const programs = [...names.values()];
  const keep = { from: moduleFolder(family.module, `v${required.version}`), folders: family.keep ?? [] };
  return {
    name: family.name,
    source: "Go",
    version,
    expectedSeconds: family.expectedSeconds,
    programs,
    module,
    folder,
    arguments: build,
    names,
    keep,
    recipe,
    find: () => {
      const paths = new Map([
        ...programs.map((program) => [program, join(folder, "bin", program)] as const),
        ...keep.folders.map((kept) => [kept, join(folder, "kept", kept)] as const),
      ]);
      const complete = readRecipe(folder) === recipe && [...paths.values()].every((path) => existsSync(path));
      return complete ? paths : undefined;
    },
  };
}

function readRecipe(folder: string): string | undefined {
  const file = join(folder, "recipe");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
