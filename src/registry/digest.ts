import { createHash, type Hash } from "node:crypto";

/** The digest of bytes, in the algorithm of `like` (sha256 without one). */
export function digestOf(bytes: Buffer, like = "sha256:"): string {
  const algorithm = algorithmOf(like);
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** A running hash for a digest, and what it says in the end. */
export function startDigest(like: string): { readonly hash: Hash; finish(): string } {
  const algorithm = algorithmOf(like);
  const hash = createHash(algorithm);
  return { hash, finish: () => `${algorithm}:${hash.digest("hex")}` };
}

function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(":"));
}
