import type { BuildRequest } from "../../image/build-request.ts";

/** What a builder of buildx says that it can do. */
export interface Abilities {
  readonly name: string;
  readonly driver: string | undefined;
  readonly nodes: readonly { readonly platforms: readonly string[] }[];
  readonly severalPlatforms: boolean;
  readonly cacheExport: boolean;
  readonly attestations: boolean;
}

/** What of a request a builder of buildx cannot do, all at once, each as a sentence that begins with the input. */
export function describeUnfit(builder: Abilities, request: BuildRequest): readonly string[] {
  const named = `the builder ${builder.name} (${builder.driver ?? "unknown driver"})`;
  const mend = "make one with docker/setup-buildx-action before this step";
  const known = builder.nodes.flatMap(({ platforms }) => platforms);
  const strange = request.platforms.filter((platform) => known.length > 0 && !knows(known, platform));
  return [
    ...(request.platforms.length > 1 && !builder.severalPlatforms
      ? [`platforms: ${named} builds one platform at a time; ${mend}`]
      : []),
    ...(strange.length === 0
      ? []
      : [
          `platforms: ${named} does not build ${strange.join(", ")}; let it emulate them with docker/setup-qemu-action before`,
        ]),
    ...(request.cacheTo.some((one) => !/^type=inline\b/.test(one)) && !builder.cacheExport
      ? [`cache-to: ${named} writes no cache elsewhere; ${mend}`]
      : []),
    ...((request.sbom || (request.provenance ?? "false") !== "false") && !builder.attestations
      ? [`${request.sbom ? "sbom" : "provenance"}: ${named} attests nothing; ${mend}`]
      : []),
  ];
}

/** `linux/arm64` is also what a builder calls `linux/arm64/v8`. */
function knows(platforms: readonly string[], wanted: string): boolean {
  const bare = (platform: string): string => platform.replace(/^linux\/arm64\/v8$/, "linux/arm64");
  return platforms.some((platform) => bare(platform) === bare(wanted) || platform.startsWith(`${wanted}/`));
}
