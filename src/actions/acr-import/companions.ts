import type { Source } from "./world.ts";

/** Tags under which older cosign keeps what belongs to a digest (https://github.com/sigstore/cosign/blob/main/specs). */
const COSIGN_ENDINGS = [".sig", ".att", ".sbom"];

/**
 * Signatures, attestations and bills of materials that point at a digest: an import copies the image and leaves them
 * behind. Their digests. What BuildKit puts into the index itself is part of the image, and comes along.
 */
export async function listCompanions(source: Source, name: string, digest: string): Promise<readonly string[]> {
  const tags = COSIGN_ENDINGS.map((ending) => `${digest.replace(":", "-")}${ending}`);
  const [referrers, ...tagged] = await Promise.all([
    source.listReferrers(name, digest),
    ...tags.map((tag) => source.findManifest(name, tag)),
  ]);
  return [...referrers, ...tagged].flatMap((one) => (one === undefined ? [] : [one.digest]));
}
