import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { createDockerConfig } from "./docker-config.ts";
import { startLeashed } from "./leash.ts";
import { needRoot, needTools } from "./need-tools.ts";
import { socketPath } from "./socket-path.ts";

export interface BuildkitdOptions {
  /** The daemon's folder is made in this one. */
  readonly scratch: string;
  /** `env` of the emulator's proxy: pulls and pushes of the daemon go there, and it is trusted. */
  readonly proxyEnv?: Readonly<Record<string, string>>;
  /** Of a disk of its own, in memory, which a build can fill; the machine's where left out. */
  readonly diskMegabytes?: number;
}

/** A buildkitd as the remote driver of buildx wants it: no docker engine is needed. */
export interface Buildkitd extends AsyncDisposable {
  /** `unix://<path>`, for `buildctl --addr` and `docker buildx create --driver remote`. */
  readonly address: string;
  /**
   * With this, `docker buildx build` builds here: DOCKER_CONFIG with buildx as a plugin and no logins, and a builder of
   * the remote driver, which is chosen by BUILDX_BUILDER and kept in BUILDX_CONFIG, so that another DOCKER_CONFIG will do.
   */
  readonly env: Readonly<Record<string, string>>;
  log(): string;
}

const BUILDER = "mayfly";

/**
 * Starts a private buildkitd with runc. RUN shares this machine's network, so it reaches servers on loopback.
 * Registries on 127.0.0.1 are spoken to in plain HTTP.
 */
export async function startBuildkitd(options: BuildkitdOptions): Promise<Buildkitd> {
  const { scratch, proxyEnv = {}, diskMegabytes } = options;
  needRoot("A private buildkitd");
  const { buildkitd, buildctl, runc } = needTools("buildkit", "runc");
  const { docker } = needTools("docker.io");
  const PATH = [...new Set([runc, docker].map(dirname)), "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
  const leashed = await startLeashed({
    name: "buildkitd",
    scratch,
    program: diskMegabytes === undefined ? buildkitd : "sh",
    parameters: async (folder) => {
      await writeFile(join(folder, "buildkitd.toml"), configure(folder));
      await mkdir(join(folder, "data"));
      return [
        ...(diskMegabytes === undefined
          ? []
          : ["-c", ON_DISK, "sh", `${diskMegabytes}`, join(folder, "data"), buildkitd]),
        ...["--config", join(folder, "buildkitd.toml"), "--root", join(folder, "data")],
        ...["--addr", `unix://${socketPath(folder)}`],
        ...["--oci-worker=true", "--containerd-worker=false", "--oci-worker-net=host"],
      ];
    },
    env: { PATH, OTEL_TRACES_EXPORTER: "none", ...proxyEnv },
    isolated: true,
  });
  const address = `unix://${socketPath(leashed.folder)}`;
  const run = promisify(execFile);
  await leashed.until(() =>
    run(buildctl, ["--addr", address, "debug", "workers"], { env: { PATH } }).then(
      () => true,
      () => undefined,
    ),
  );
  const env = {
    DOCKER_CONFIG: await createDockerConfig(leashed.folder),
    BUILDX_CONFIG: join(leashed.folder, "buildx"),
    BUILDX_BUILDER: BUILDER,
  };
  await mkdir(env.BUILDX_CONFIG);
  const { BUILDX_BUILDER: _, ...without } = env;
  await run(docker, ["buildx", "create", "--name", BUILDER, "--driver", "remote", address], {
    env: { PATH, ...without },
  });
  return { address, env, log: leashed.log, [Symbol.asyncDispose]: leashed[Symbol.asyncDispose] };
}

/** The mount is in the daemon's own namespace, and ends with it. */
const ON_DISK = 'mount -t tmpfs -o size="$1m" tmpfs "$2" && shift 2 && exec "$@"';

function configure(folder: string): string {
  return `[worker.oci]
  defaultCgroupParent = "/${basename(folder)}"
`;
}
