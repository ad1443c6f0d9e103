import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseGoModule, programOf } from "./go-module.ts";
import type { Tool } from "./tool.ts";

/** A folder of tools/ with a go.mod. One for each, since a shared build list would mix their versions. */
interface GoFamily {
  /** The folder's name, and the tool's. */
  readonly name: string;
  /** The module whose required version is the tool's; the `tool` lines say which programs are built. */
  readonly module: string;
  /** Variables that the linker sets, as `path.Name=value`: without them most programs call themselves v0.0.0. */
  readonly stamps: (version: string) => readonly string[];
  readonly tags?: readonly string[];
  readonly expectedSeconds: number;
  /** The version that people know it by, where the module's tags carry no major version and go.mod names a commit. */
  readonly release?: string;
}

/** A new family is a row here, and a folder with go.mod and go.sum. */
const FAMILIES: readonly GoFamily[] = [
  {
    name: "registry",
    module: "github.com/distribution/distribution/v3",
    stamps: (version) => [`github.com/distribution/distribution/v3/version.version=v${version}`],
    expectedSeconds: 150,
  },
  {
    name: "buildx",
    module: "github.com/docker/buildx",
    stamps: (version) => [`github.com/docker/buildx/version.Version=v${version}`],
    expectedSeconds: 190,
  },
  {
    name: "buildkit",
    module: "github.com/moby/buildkit",
    stamps: (version) => [`github.com/moby/buildkit/version.Version=v${version}`],
    expectedSeconds: 150,
  },
  {
    name: "tofu",
    module: "github.com/opentofu/opentofu",
    stamps: (version) => [
      `github.com/opentofu/opentofu/version.dev=no`,
      `github.com/opentofu/opentofu/version.Version=${version}`,
    ],
    expectedSeconds: 200,
  },
  {
    // Terraform's provider of Azure; `fae580791926` is its release 5.2.0.
    name: "azurerm",
    module: "github.com/hashicorp/terraform-provider-azurerm",
    release: "5.2.0",
    stamps: (version) => [`github.com/hashicorp/terraform-provider-azurerm/version.ProviderVersion=${version}`],
    expectedSeconds: 460,
  },
];

/** A tool that is built from Go modules. */
export interface GoTool extends Tool {
  readonly source: "Go";
  /** With go.mod and go.sum. */
  readonly module: string;
  /** Where it is, or belongs: `bin` with the programs, and `recipe`. */
  readonly folder: string;
  /** What `go build` is told, but for where to put the result. */
  readonly arguments: readonly string[];
  /** Changes with everything that the programs are made of. A folder with another one counts as not there. */
  readonly recipe: string;
}

/** The Go tools, looked for in a cache folder. */
export function listGoTools(cache: string, root = join(import.meta.dirname, "../../tools")): readonly GoTool[] {
  return FAMILIES.map((family) => describeGoTool(family, join(root, family.name), cache));
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
  const recipe = createHash("sha256").update(sources.join("\0")).digest("hex");
  const folder = join(cache, `${family.name}-${version}`);
  const programs = packages.map(programOf);
  return {
    name: family.name,
    source: "Go",
    version,
    expectedSeconds: family.expectedSeconds,
    programs,
    module,
    folder,
    arguments: build,
    recipe,
    find: () => {
      const paths = new Map(programs.map((program) => [program, join(folder, "bin", program)]));
      const complete = readRecipe(folder) === recipe && [...paths.values()].every((path) => existsSync(path));
      return complete ? paths : undefined;
    },
  };
}

function readRecipe(folder: string): string | undefined {
  const file = join(folder, "recipe");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
