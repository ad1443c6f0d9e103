import { type ProcessOutcome, type ProcessRequest, runProcess } from "../kit/process.ts";
import type { Docker } from "./find-docker.ts";

/** A call of docker that builds or pushes. */
export interface DockerRun extends Pick<ProcessRequest, "environment" | "folder" | "onLine" | "cancelled"> {
  readonly docker: Docker;
  /** The words behind `docker`. */
  readonly parameters: readonly string[];
  /** Seconds since 1970 that layers and configurations say they were made at; undefined leaves the job's own. */
  readonly sourceDateEpoch?: number | undefined;
}

/** What docker says besides its work is for people at a terminal. */
const QUIET = { DOCKER_CLI_HINTS: "false", DOCKER_SCAN_SUGGEST: "false" };

/** Builds with buildx. Warnings of the Dockerfile go to the metadata file too, with their lines. */
export function runBuildx(run: DockerRun): Promise<ProcessOutcome> {
  return call(run, { BUILDX_METADATA_WARNINGS: "true" });
}

/**
 * Builds with `docker build` into the engine's own store, whatever builder is chosen for buildx: where `docker build`
 * is buildx, that store has a builder named like the context.
 */
export function runDockerBuild(run: DockerRun): Promise<ProcessOutcome> {
  return call(run, { DOCKER_BUILDKIT: decideBuildKit(run.docker), BUILDX_BUILDER: run.docker.context ?? "default" });
}

/** Pushes an image of the engine's store. */
export function runDockerPush(run: DockerRun): Promise<ProcessOutcome> {
  return call(run, {});
}

/** The first docker whose `docker build` is buildx, and which fails without it when BuildKit is asked for. */
const BUILDX_SINCE = 23;

/**
 * The value of DOCKER_BUILDKIT with which `docker build` works best: BuildKit where there is one. Engines have had it
 * since 18.09, docker before 23 speaks to it without buildx; engines of Windows containers have none.
 */
export function decideBuildKit({ cliVersion, engine, buildx }: Docker): "0" | "1" {
  if (engine.reachable && engine.os === "windows") return "0";
  if (buildx !== undefined) return "1";
  const major = Number.parseInt(cliVersion ?? "", 10);
  return major < BUILDX_SINCE ? "1" : "0";
}

function call(
  { docker, sourceDateEpoch, environment, ...run }: DockerRun,
  added: Readonly<Record<string, string>>,
): Promise<ProcessOutcome> {
  const epoch = sourceDateEpoch === undefined ? {} : { SOURCE_DATE_EPOCH: `${sourceDateEpoch}` };
  return runProcess({
    ...run,
    tool: "docker",
    path: docker.path,
    environment: { ...environment, ...QUIET, ...epoch, ...added },
  });
}
