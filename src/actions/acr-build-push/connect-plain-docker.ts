import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { DockerConfig } from "../../docker/config-folder.ts";
import type { Docker } from "../../docker/find-docker.ts";
import { runDockerBuild, runDockerPush } from "../../docker/run-docker.ts";
import type { BuildRequest, Built } from "../../image/build-request.ts";
import { listDockerArguments, listDockerPushArguments } from "../../image/docker-arguments.ts";
import { listUnsupported } from "../../image/unsupported.ts";
import type { Builder } from "./builder.ts";
import type { DockerWorld } from "./connect-docker.ts";
import { runLogged } from "./connect-docker-log.ts";
import { takeValue } from "./take-value.ts";

/** Plain docker: builds into the engine's store, then pushes under the carrier's tag. */
export function makePlain(docker: Docker, config: DockerConfig, world: DockerWorld): Builder {
  const built = new Set<BuildRequest>();
  return {
    kind: "docker",
    description: `docker build, engine ${docker.engine.reachable ? docker.engine.version : ""}`,
    needsCarrier: true,
    listUnsupported: (request) => listUnsupported("docker", request),
    build: async (request, target): Promise<Built> => {
      await config.ensureCredentials();
      const folder = await mkdtemp(join(config.folder, "build-"));
      const start = {
        docker,
        environment: config.environment,
        folder: world.workspace,
        cancelled: world.runner.cancelled,
        sourceDateEpoch: request.sourceDateEpoch,
      };
      let steps: Built["steps"] = [];
      // A push that failed in passing is repeated alone.
      if (!built.has(request)) {
        const parameters = takeValue(listDockerArguments(request, target, join(folder, "id")));
        ({ steps } = await runLogged(world, request, (onLine) => runDockerBuild({ ...start, parameters, onLine })));
        built.add(request);
      }
      if (target === undefined) return { digest: undefined, steps, warnings: [], metadata: undefined };
      await config.ensureCredentials();
      let digest: string | undefined;
      await runLogged(world, undefined, (onLine) =>
        runDockerPush({
          ...start,
          parameters: listDockerPushArguments(target),
          onLine: (stream, line) => {
            digest ??= /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1];
            onLine(stream, line);
          },
        }),
      );
      if (digest === undefined) throw new Error("docker push succeeded and told no digest");
      return { digest, steps, warnings: [], metadata: undefined };
    },
  };
}
