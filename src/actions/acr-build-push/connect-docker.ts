import { homedir } from "node:os";
import { bootBuilder } from "../../docker/boot-builder.ts";
import { type DockerConfig, openDockerConfig } from "../../docker/config-folder.ts";
import type { FindCredential } from "../../docker/credential.ts";
import { findDocker, inspectBuilder } from "../../docker/find-docker.ts";
import { connectCommands } from "../../kit/command.ts";
import { once } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import type { FoundBuilder } from "./choose-builder.ts";
import { makeBuildx } from "./connect-buildx.ts";
import { makePlain } from "./connect-plain-docker.ts";

export interface DockerWorld {
  readonly runner: Pick<Runner, "log" | "environment" | "cancelled" | "tempFolder" | "monotonic" | "redact">;
  readonly workspace: string;
  /** The registries whose credentials come from us. */
  hosts(): Promise<readonly string[]>;
  readonly findCredential: FindCredential;
  /** The buildx builder that was asked for. */
  readonly builderName: string | undefined;
  readonly onFolder: (folder: string) => void;
  /** Why docker got no credential from us, when that happened: docker itself says only that it failed. */
  credentialFault: unknown;
}

/** The builders that docker has on this machine, and its configuration for this step. */
export interface DockerBuilders {
  /** Begins to look what there is, so that it is known when it is wanted. */
  look(): void;
  buildx(): Promise<FoundBuilder>;
  docker(): Promise<FoundBuilder>;
  /** The environment in which tools can use our registries; undefined until a builder was looked for. */
  environment(): Promise<Readonly<Record<string, string>>>;
  remove(): Promise<void>;
}

/** Nothing is looked for yet. */
export function connectDocker(world: DockerWorld): DockerBuilders {
  const { runner, workspace } = world;
  const config = once(() => open(world));
  // In the job's own environment: it needs no credentials, and need not wait for them.
  const base = { environment: runner.environment, folder: workspace, cancelled: runner.cancelled };
  const found = once(async () => findDocker({ find: connectCommands(runner.environment).find, ...base }));

  const buildx = async (): Promise<FoundBuilder> => {
    const docker = await found();
    if (docker === undefined) return missing("there is no docker on PATH");
    if (docker.buildx === undefined) return missing("docker has no buildx plugin");
    let builder =
      world.builderName === undefined
        ? docker.buildx.builder
        : await inspectBuilder({ ...base, path: docker.path }, world.builderName);
    if ("fault" in builder && !("name" in builder))
      return missing(`buildx has no builder that can be used: ${builder.fault}`);
    if (!("name" in builder)) return missing("buildx describes no builder");
    if (builder.fault !== undefined) return missing(`the builder ${builder.name} cannot be used: ${builder.fault}`);
    if (builder.driver === "docker" && !docker.engine.reachable)
      return missing(`no docker engine answers: ${docker.engine.because}`);
    if (!builder.booted && builder.driver !== "docker") {
      const known = builder;
      // BuildKit's own image may stand in a registry of ours.
      const { environment, ensureCredentials } = await config();
      await ensureCredentials();
      const start = { ...base, environment, path: docker.path };
      builder = await runner.log.group(`Start of the builder ${known.name}`, async () =>
        bootBuilder(known, { ...start, onLine: (_, line) => runner.log.info(line) }),
      );
    }
    return { kind: "there", builder: makeBuildx(docker, builder, await config(), world) };
  };

  const plain = async (): Promise<FoundBuilder> => {
    const docker = await found();
    if (docker === undefined) return missing("there is no docker on PATH");
    if (!docker.engine.reachable) return missing(`no docker engine answers: ${docker.engine.because}`);
    return { kind: "there", builder: makePlain(docker, await config(), world) };
  };

  return {
    look: () => void found().catch(() => {}),
    buildx,
    docker: plain,
    environment: async () => (await config()).environment,
    remove: async () => {
      if (!config.begun()) return;
      const left = await (await config()).remove();
      if (left !== undefined) runner.log.warning(`Left in place: ${left}.`);
    },
  };
}

function missing(because: string): FoundBuilder {
  return { kind: "missing", because };
}

async function open(world: DockerWorld): Promise<DockerConfig> {
  const { runner, hosts, findCredential, onFolder } = world;
  return openDockerConfig({
    environment: runner.environment,
    homeFolder: homedir(),
    tempFolder: runner.tempFolder,
    platform: process.platform,
    node: process.execPath,
    hosts: await hosts(),
    findCredential,
    onFault: (_, error) => {
      world.credentialFault = error;
    },
    onFolder,
    warn: (sentence) => runner.log.warning(sentence),
  });
}
