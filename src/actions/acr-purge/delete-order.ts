import type { Referrers } from "./plan.ts";

/**
 * The digests in groups that may go side by side: an index before what it is made of, an image before what points at
 * it. `digests` has indexes first already.
 */
export function groupByOrder(
  manifests: readonly { readonly digest: string; readonly references: readonly string[] }[],
  referrers: Referrers,
): readonly (readonly string[])[] {
  const planned = new Set(manifests.map(({ digest }) => digest));
  const before = new Map<string, string[]>();
  const note = (later: string, earlier: string): void => {
    if (planned.has(later) && planned.has(earlier)) before.set(later, [...(before.get(later) ?? []), earlier]);
  };
  for (const { digest, references } of manifests) {
    for (const part of references) note(part, digest);
    for (const referrer of referrers.get(digest) ?? []) note(referrer.digest, digest);
  }
  const levels = new Map<string, number>();
  const levelOf = (digest: string, path: ReadonlySet<string>): number => {
    const known = levels.get(digest);
    if (known !== undefined) return known;
    // Content that points at itself cannot be made; a registry that says so is not followed around.
    if (path.has(digest)) return 0;
    const inner = new Set([...path, digest]);
    const level = Math.max(-1, ...(before.get(digest) ?? []).map((one) => levelOf(one, inner))) + 1;
    levels.set(digest, level);
    return level;
  };
  const groups: string[][] = [];
  for (const { digest } of manifests) {
    const level = levelOf(digest, new Set());
    for (let next = groups.length; next <= level; next += 1) groups.push([]);
    groups[level]?.push(digest);
  }
  return groups;
}
