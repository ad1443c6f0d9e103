import type { BuildRequest } from "../../image/build-request.ts";

/** What a builder of buildx says that it can do. */
export interface Abilities {
  readonly name: string;
  readonly driver: string | undefined;
  readonly severalPlatforms: boolean;
  readonly cacheExport: boolean;
  readonly attestations: boolean;
}

/**
 * What of a request a builder of buildx cannot do, all at once, each as a sentence that begins with the input. Platforms
 * that it does not list are none of that: a Dockerfile that compiles across, or only copies, needs no emulation.
 */
export function describeUnfit(builder: Abilities, request: BuildRequest): readonly string[] {
  const named = `the builder ${builder.name} (${builder.driver ?? "unknown driver"})`;
  const mend = "make one with docker/setup-buildx-action before this step";
  return [
    ...(request.platforms.length > 1 && !builder.severalPlatforms
      ? [`platforms: ${named} builds one platform at a time; ${mend}`]
      : []),
    ...(request.cacheTo.some((one) => !/^type=inline\b/.test(one)) && !builder.cacheExport
      ? [`cache-to: ${named} writes no cache elsewhere; ${mend}`]
      : []),
    ...((request.sbom || (request.provenance ?? "false") !== "false") && !builder.attestations
      ? [`${request.sbom ? "sbom" : "provenance"}: ${named} attests nothing; ${mend}`]
      : []),
  ];
}
