import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "./tool.ts";

/** A folder of tools/ with a package.json and a package-lock.json: too many packages to be the repository's own. */
interface NpmFamily {
  /** The folder's name, the tool's, and that of the one package that its package.json asks for. */
  readonly name: string;
  /** Names below `node_modules/.bin`. Scripts for node. */
  readonly programs: readonly string[];
  readonly expectedSeconds: number;
}

/** A new family is a row here, and a folder with package.json and package-lock.json. */
const FAMILIES: readonly NpmFamily[] = [{ name: "azurite", programs: ["azurite-blob"], expectedSeconds: 20 }];

/** A tool that comes from npm, with every package in the version that its lock file names. */
export interface NpmTool extends Tool {
  readonly source: "npm";
  /** With package.json and package-lock.json. */
  readonly project: string;
  /** Where it is, or belongs: `node_modules`, and `recipe`. */
  readonly folder: string;
  /** Changes with every package of it. A folder with another one counts as not there. */
  readonly recipe: string;
}

/** The tools from npm, looked for in a cache folder. */
export function listNpmTools(cache: string, root = join(import.meta.dirname, "../../tools")): readonly NpmTool[] {
  return FAMILIES.map((family) => describeNpmTool(family, join(root, family.name), cache));
}

function describeNpmTool({ name, programs, expectedSeconds }: NpmFamily, project: string, cache: string): NpmTool {
  const [manifest, lock] = ["package.json", "package-lock.json"].map((file) =>
    readFileSync(join(project, file), "utf8"),
  );
  const version = readVersion(manifest ?? "", name);
  const recipe = createHash("sha256").update([manifest, lock, process.platform, process.arch].join("\0")).digest("hex");
  const folder = join(cache, `${name}-${version}`);
  return {
    name,
    source: "npm",
    version,
    expectedSeconds,
    programs,
    project,
    folder,
    recipe,
    find: () => {
      const paths = new Map(programs.map((program) => [program, join(folder, "node_modules/.bin", program)]));
      const file = join(folder, "recipe");
      const current = existsSync(file) && readFileSync(file, "utf8") === recipe;
      return current && [...paths.values()].every((path) => existsSync(path)) ? paths : undefined;
    },
  };
}

function readVersion(manifest: string, name: string): string {
  const { dependencies } = JSON.parse(manifest) as { readonly dependencies?: Readonly<Record<string, string>> };
  const version = dependencies?.[name];
  if (version === undefined || !/^\d/.test(version)) {
    throw new Error(`tools/${name}/package.json does not pin ${name} to one version`);
  }
  return version;
}
