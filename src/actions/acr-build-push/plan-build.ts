import { isAbsolute, join } from "node:path";
import type { BuildRequest, BuildSecret, BuildWarning } from "../../image/build-request.ts";
import { checkDockerfile } from "../../image/dockerfile/check-dockerfile.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { parseBuildSecret } from "./parse-build-secret.ts";
import type { spec } from "./spec.ts";

type Inputs = InputsOf<typeof spec>;

/** What only the machine can tell of paths and variables. */
export interface BuildFiles {
  readonly workspace: string;
  kindOf(path: string): Promise<"file" | "folder" | "missing">;
  hasVariable(name: string): boolean;
  /** @throws Error for a file that cannot be read */
  readText(path: string): Promise<string>;
}

/** Something wrong in what was given; with a place, an annotation stands there. */
export interface PlanFault {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** What is built, and what should be said about it; or everything that is wrong. */
export type BuildPlan =
  | { readonly request: BuildRequest; readonly warnings: readonly BuildWarning[] }
  | { readonly problems: readonly [PlanFault, ...PlanFault[]] };

/** Labels and annotations as they were computed, and the commit's time. */
export interface BuildFacts {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly committedAt: Date | undefined;
}

/** The build that the inputs ask for, or each thing that is wrong with it. */
export async function planBuild(inputs: Inputs, facts: BuildFacts, files: BuildFiles): Promise<BuildPlan> {
  const resolve = (path: string): string => (isAbsolute(path) ? path : join(files.workspace, path));
  const context = resolve(inputs.context);
  const file = inputs.file === undefined ? join(context, "Dockerfile") : resolve(inputs.file);
  const secrets = inputs.secrets.map(parseBuildSecret);
  const places = await checkPlaces(inputs, context, file, files);
  const checked = places.length > 0 ? NOTHING : await checkText(file, inputs.target, files);
  const bad = [...places, ...(await checkSecrets(secrets, resolve, files)), ...checkPlatforms(listPlatforms(inputs))];
  const [first, ...others] = [...bad.map((message) => ({ code: "bad-input", message })), ...checked.problems];
  if (first !== undefined) return { problems: [first, ...others] };
  const request: BuildRequest = {
    context,
    file,
    target: inputs.target,
    buildArgs: inputs.buildArgs,
    buildContexts: inputs.buildContexts,
    secrets: secrets.filter((secret) => secret !== undefined).map((secret) => withPath(secret, resolve)),
    ssh: inputs.ssh,
    platforms: listPlatforms(inputs),
    labels: facts.labels,
    annotations: facts.annotations,
    cacheFrom: inputs.cacheFrom,
    cacheTo: inputs.cacheTo,
    provenance: inputs.provenance,
    sbom: inputs.sbom,
    pull: inputs.pull,
    noCache: inputs.noCache,
    outputs: inputs.outputs,
    sourceDateEpoch: facts.committedAt === undefined ? undefined : Math.floor(facts.committedAt.getTime() / 1000),
  };
  return { request, warnings: checked.warnings };
}

const NOTHING = { problems: [], warnings: [] } as const;

async function checkText(file: string, target: string | undefined, files: BuildFiles) {
  const shown = file.startsWith(`${files.workspace}/`) ? file.slice(files.workspace.length + 1) : file;
  return checkDockerfile(await files.readText(file), shown, target);
}

async function checkPlaces(
  inputs: Inputs,
  context: string,
  file: string,
  files: BuildFiles,
): Promise<readonly string[]> {
  if (/^(?:https?:|git@|git:|ssh:)|\.git(?:#|$)/.test(inputs.context)) {
    return [
      `context: expected a folder, got ${JSON.stringify(inputs.context)}. Check it out first (actions/checkout) and give its path`,
    ];
  }
  const contextKind = await files.kindOf(context);
  if (contextKind !== "folder") {
    const hint = "Is there an actions/checkout step before this one?";
    return [
      `context: expected a folder, ${contextKind === "file" ? "got a file" : "there is none"} at ${context}. ${hint}`,
    ];
  }
  const fileKind = await files.kindOf(file);
  if (fileKind === "file") return [];
  const what = fileKind === "folder" ? "got a folder" : "there is none";
  return [
    `file: expected a Dockerfile, ${what} at ${file}. Say where it is, relative to the workspace: file: path/to/Dockerfile. With nothing in the workspace, an actions/checkout step is missing before this one`,
  ];
}

async function checkSecrets(
  secrets: readonly (BuildSecret | undefined)[],
  resolve: (path: string) => string,
  files: BuildFiles,
): Promise<readonly string[]> {
  const problems = await Promise.all(
    secrets.map(async (secret, index) => {
      const place = `secrets: line ${index + 1}:`;
      // The line is not quoted: whoever got the form wrong may have put the secret itself there.
      if (secret === undefined)
        return `${place} expected id=<name>,env=<VARIABLE> or id=<name>,src=<file>, never the secret itself`;
      const { from, id } = secret;
      if (from.kind === "env") {
        if (files.hasVariable(from.name)) return undefined;
        return `${place} the variable ${from.name} is not set. Give it to this step in env:, from the secret that holds it`;
      }
      if ((await files.kindOf(resolve(from.path))) === "file") return undefined;
      return `${place} there is no file ${resolve(from.path)} for the secret "${id}"`;
    }),
  );
  return problems.filter((problem) => problem !== undefined);
}

function withPath(secret: BuildSecret, resolve: (path: string) => string): BuildSecret {
  if (secret.from.kind === "env") return secret;
  return { ...secret, from: { kind: "file", path: resolve(secret.from.path) } };
}

function listPlatforms({ platforms }: Inputs): readonly string[] {
  const words = platforms.flatMap((line) => line.split(",")).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ""))];
}

/** What Go, and so every builder, knows; https://go.dev/doc/install/source#environment. */
const ARCHITECTURES = ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "loong64", "mips64le", "mips64"];
const SYSTEMS = ["linux", "windows"];

/** A builder takes any words for a platform, and makes an image that no machine ever picks. */
function checkPlatforms(platforms: readonly string[]): readonly string[] {
  return platforms.flatMap((platform) => {
    const [os = "", architecture = "", variant = "", ...more] = platform.split("/");
    const known = SYSTEMS.includes(os) && ARCHITECTURES.includes(architecture) && more.length === 0;
    if (known && /^(?:v[1-9])?$/.test(variant)) return [];
    const choice = `${SYSTEMS.join(" or ")}, then ${ARCHITECTURES.join(", ")}`;
    return [
      `platforms: expected os/architecture such as linux/amd64, got ${JSON.stringify(platform)}. Known are ${choice}`,
    ];
  });
}
