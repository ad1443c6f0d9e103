import type { BuildRequest } from "./build-request.ts";

const LEVEL = "(?:manifest|index)(?:-descriptor)?(?:\\[[A-Za-z0-9_/-]+\\])?";
const PREFIX = new RegExp(`^(${LEVEL}(?:,${LEVEL})*):`);

/** The levels that a user's annotation names itself, as `manifest[linux/arm64],index:key` does for buildx. */
export function levelsOf(key: string): readonly string[] {
  return PREFIX.exec(key)?.[1]?.split(",") ?? [];
}

/**
 * Whether the build surely ends in an index: several platforms, or an attestation that was asked for. With `provenance`
 * left out the builder may or may not add one, and BuildKit fails on an index annotation where there is no index.
 */
export function hasIndex({ platforms, provenance, sbom }: BuildRequest): boolean {
  const attested = provenance !== undefined && provenance !== "false" && !provenance.includes("inline-only=true");
  return platforms.length > 1 || sbom || attested;
}
