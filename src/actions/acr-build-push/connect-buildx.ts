import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { BuildxBuilder } from "../../docker/buildx-builder.ts";
import type { DockerConfig } from "../../docker/config-folder.ts";
import type { Docker } from "../../docker/find-docker.ts";
import { readMetadataFile } from "../../docker/metadata-file.ts";
import { runBuildx } from "../../docker/run-docker.ts";
import { listBuildxArguments } from "../../image/buildx-arguments.ts";
import type { Builder } from "./builder.ts";
import type { DockerWorld } from "./connect-docker.ts";
import { relativeTo, runLogged } from "./connect-docker-log.ts";
import { describeUnfit } from "./fit-builder.ts";
import { takeValue } from "./take-value.ts";

/** buildx: pushes by digest, so that no tag is needed, wherever its builder can. */
export function makeBuildx(docker: Docker, builder: BuildxBuilder, config: DockerConfig, world: DockerWorld): Builder {
  const byDigest = builder.pushByDigest && builder.nodes.length < 2;
  return {
    kind: "buildx",
    description: `buildx ${docker.buildx?.version ?? ""}, builder ${builder.name} (${builder.driver ?? "unknown driver"})`,
    needsCarrier: !byDigest,
    listUnsupported: (request) => describeUnfit(builder, request),
    build: async (request, target) => {
      const folder = await mkdtemp(join(config.folder, "build-"));
      const metadataFile = join(folder, "metadata.json");
      const delivery = byDigest ? "digest" : "carrier-tag";
      const parameters = takeValue(
        listBuildxArguments(request, target, { builder: world.builderName ?? builder.name, metadataFile, delivery }),
      );
      await config.ensureCredentials();
      const log = await runLogged(world, request, (onLine) =>
        runBuildx({
          docker,
          environment: config.environment,
          folder: world.workspace,
          cancelled: world.runner.cancelled,
          sourceDateEpoch: request.sourceDateEpoch,
          parameters,
          onLine,
        }),
      );
      const { digest, warnings, metadata } = await readMetadataFile(
        metadataFile,
        relativeTo(world.workspace, request.file),
      );
      if (target !== undefined && digest === undefined)
        throw new Error("buildx pushed and wrote no containerimage.digest");
      return { digest: target === undefined ? undefined : digest, steps: log.steps, warnings, metadata };
    },
  };
}
