import type { Commands } from "../kit/command.ts";
import { askDocker, type DockerAnswer, type DockerQuestion } from "./ask-docker.ts";
import { type BuildxBuilder, parseBuilder } from "./buildx-builder.ts";
import { isRecord } from "./user-config.ts";

/** The docker of this machine. */
export interface Docker {
  /** Of the CLI. */
  readonly path: string;
  /** `28.2.2` */
  readonly cliVersion: string | undefined;
  /** The name of the engine that is spoken to: `default`. */
  readonly context: string | undefined;
  readonly engine: Engine;
  /** Undefined when the plugin is not there. It may build without an engine: with a remote or a cluster's builder. */
  readonly buildx: Buildx | undefined;
}

export type Engine =
  | { readonly reachable: true; readonly version: string; readonly os: string; readonly architecture: string }
  | { readonly reachable: false; readonly because: string };

export interface Buildx {
  /** `0.36.1` */
  readonly version: string;
  /** The one that a build without `--builder` goes to, and why there is none. */
  readonly builder: BuildxBuilder | { readonly fault: string };
}

export interface FindDockerOptions extends Pick<DockerQuestion, "environment" | "folder" | "cancelled"> {
  readonly find: Commands["find"];
}

/** An engine that has not answered by then hangs; one that is starting, as on a laptop, takes a few seconds. */
const ENGINE_MS = 10_000;
/** Before it answers, buildx asks each node of the builder. */
const BUILDER_MS = 15_000;

/**
 * Looks what docker there is on this machine: CLI, engine, buildx and its current builder, all at once. Nothing is
 * started or changed: a builder that has not booted stays so. Undefined when there is no docker on PATH. It takes
 * half a minute at most, with an engine that hangs.
 *
 * @throws UserError `cancelled` when the job is; `tool-not-runnable` and the like for a docker that cannot be run.
 */
export async function findDocker({ find, ...world }: FindDockerOptions): Promise<Docker | undefined> {
  const path = await find("docker");
  if (path === undefined) return undefined;
  const [version, buildx] = await Promise.all([
    askDocker({ ...world, path, parameters: ["version", "--format", "{{json .}}"], limitMs: ENGINE_MS }),
    findBuildx({ ...world, path }),
  ]);
  return { path, ...readVersion(version), buildx };
}

type World = Omit<DockerQuestion, "parameters" | "limitMs">;

async function findBuildx(world: World): Promise<Buildx | undefined> {
  const [version, builder] = await Promise.all([
    askDocker({ ...world, parameters: ["buildx", "version"], limitMs: ENGINE_MS }),
    inspectBuilder(world),
  ]);
  if (version.kind === "silent" || version.exitCode !== 0) return undefined;
  // Other tools that call themselves docker answer too, but are not buildx.
  const [, number] = /docker\/buildx v?(\S+)/.exec(version.stdout) ?? [];
  return number === undefined ? undefined : { version: number, builder };
}

/**
 * Asks buildx about its current builder, or the one of this name, and does not boot it.
 *
 * @throws UserError `cancelled` when the job is; and those of `runProcess`.
 */
export async function inspectBuilder(world: World, name?: string): Promise<Buildx["builder"]> {
  const answer = await askDocker({
    ...world,
    // Only so it tells what the builder can do; a flag for it is younger.
    environment: { ...world.environment, DEBUG: "1" },
    parameters: ["buildx", "inspect", ...(name === undefined ? [] : [name])],
    limitMs: BUILDER_MS,
  });
  if (answer.kind === "silent") return { fault: answer.because };
  return parseBuilder(answer.stdout) ?? { fault: lastWords(answer.stderr) ?? "buildx describes no builder" };
}

function readVersion(answer: DockerAnswer): Pick<Docker, "cliVersion" | "context" | "engine"> {
  if (answer.kind === "silent") {
    const engine = { reachable: false as const, because: answer.because };
    return { cliVersion: undefined, context: undefined, engine };
  }
  const { Client: client, Server: server } = parseRecord(answer.stdout);
  const text = (record: unknown, field: string): string | undefined => {
    const value = isRecord(record) ? record[field] : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const version = text(server, "Version");
  return {
    cliVersion: text(client, "Version"),
    context: text(client, "Context"),
    engine:
      version === undefined
        ? { reachable: false, because: lastWords(answer.stderr) ?? "no engine answered" }
        : { reachable: true, version, os: text(server, "Os") ?? "linux", architecture: text(server, "Arch") ?? "" },
  };
}

function parseRecord(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function lastWords(stderr: string): string | undefined {
  return stderr
    .split("\n")
    .findLast((line) => line.trim() !== "")
    ?.replace(/^ERROR: /, "");
}
