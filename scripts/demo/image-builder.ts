import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { startBuildkitd } from "../../test/image-tools/buildkitd.ts";
import { createDockerConfig } from "../../test/image-tools/docker-config.ts";
import { startDockerd } from "../../test/image-tools/dockerd.ts";
import { listTools } from "../tools/catalogue.ts";
import { findProgram } from "../tools/find-program.ts";
import type { Tool } from "./act.ts";

/** Who builds: BuildKit behind buildx, as on GitHub's machines, or an older docker engine. */
export type BuilderKind = "buildx" | "docker";

/** What each kind is made of, by the names that `npm run tools` takes. The first kind that is whole is taken. */
const PARTS: Readonly<Record<BuilderKind, readonly string[]>> = {
  buildx: ["buildx", "buildkit", "runc", "docker.io", "busybox-static"],
  docker: ["docker.io", "runc", "iptables", "iproute2", "busybox-static"],
};

/** Which of these tools are not on this machine. */
export type Lacking = (names: readonly string[]) => readonly string[];

export const lackingHere: Lacking = (names) => {
  const there = new Set(listTools().flatMap((tool) => (tool.find() === undefined ? [] : [tool.name])));
  return names.filter((name) => !there.has(name));
};

/** The kind of builder that this machine can have; undefined when there is none. */
export function chooseBuilderKind(lacking: Lacking = lackingHere): BuilderKind | undefined {
  return (["buildx", "docker"] as const).find((kind) => lacking(PARTS[kind]).length === 0);
}

/** What building takes besides Node: a builder, namespaces for it, and git. */
export function listBuilderNeeds(lacking: Lacking = lackingHere): readonly Tool[] {
  // The quickest to get: Debian's packages take seconds, BuildKit is built for minutes.
  const missing = lacking(PARTS.docker);
  return [
    namespaces,
    {
      name: missing.length === 0 ? "an image builder" : `an image builder (${missing.join(", ")})`,
      bring: `npm run tools ${missing.join(" ")}`.trimEnd(),
      isThere: () => chooseBuilderKind(lacking) !== undefined,
    },
    { name: "git", bring: "apt-get install git", isThere: () => findProgram("git") !== undefined },
  ];
}

/** The builder lives in namespaces of its own, so that it touches nothing of this machine's docker. */
const namespaces: Tool = describeNamespaces(process.platform, process.getuid?.());

/** What it takes to make namespaces and mounts, as it is said to this user of this system. */
export function describeNamespaces(platform: string, user: number | undefined): Tool {
  const privileged = platform === "linux" && user === 0;
  return {
    name: privileged ? "the right to mount, which this container lacks" : "root on Linux",
    bring: privileged
      ? "docker run --privileged …   # in place of the line that started this container"
      : 'sudo env "PATH=$PATH" npm run demo   # on Linux',
    isThere: () => privileged && canMount(),
  };
}

/** Root in a container may do less than root. */
function canMount(): boolean {
  const words = ["--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc"];
  return spawnSync("unshare", [...words, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
}

/** A builder that belongs to the demo alone. */
export interface ImageBuilder extends AsyncDisposable {
  /** What a job on this machine needs to build with it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts the builder that this machine can have. Its pulls and pushes go through the proxy.
 *
 * @param scratch holds all that is its own.
 * @throws Error when there is none, or when it does not start
 */
export async function startImageBuilder(
  scratch: string,
  proxyEnv: Readonly<Record<string, string>>,
  kind: BuilderKind | undefined = chooseBuilderKind(),
): Promise<ImageBuilder> {
  // Nothing of this machine's own docker takes part: neither engine, nor plugins, nor logins.
  const none = { DOCKER_HOST: `unix://${scratch}/no-engine`, DOCKER_CONFIG: join(scratch, "no-docker") };
  if (kind === "buildx") {
    const daemon = await startBuildkitd({ scratch, proxyEnv });
    const env = { ...none, ...daemon.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    return { env, [Symbol.asyncDispose]: daemon[Symbol.asyncDispose] };
  }
  const daemon = await startDockerd({ scratch, proxyEnv });
  return { env: { ...none, ...daemon.env }, [Symbol.asyncDispose]: daemon[Symbol.asyncDispose] };
}
