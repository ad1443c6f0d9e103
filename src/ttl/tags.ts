/** The tags that the reaper obeys. Azure compares tag names without case and keeps the casing they were written with. */
export const MARK = "auto-destroy";
export const EXPIRY = "expires-at";

export type Tag =
  | { readonly kind: "absent"; readonly nearMisses: readonly string[] }
  | { readonly kind: "found"; readonly name: string; readonly value: string }
  | { readonly kind: "twice"; readonly names: readonly string[] };

/** What people wrote when they meant one of our tags, once case and punctuation are gone. */
const MEANT: Readonly<Record<string, ReadonlySet<string>>> = {
  [MARK]: new Set(["autodestroy", "autodelete", "autodestruct", "autodestroyed", "autodetroy", "autodestory"]),
  [EXPIRY]: new Set(["expiresat", "expireat", "expires", "expiry", "expiresatutc", "expiration", "expirationdate"]),
};

/**
 * Finds a tag by name without case. Two tags that differ only in case are a doubt (`twice`), even when their values
 * agree: who edits one leaves the other.
 */
export function findTag(tags: Readonly<Record<string, string>>, wanted: string): Tag {
  const names = Object.keys(tags).filter((name) => name.trim().toLowerCase() === wanted);
  const [name, second] = names;
  if (second !== undefined) return { kind: "twice", names };
  if (name !== undefined) return { kind: "found", name, value: tags[name] ?? "" };
  return { kind: "absent", nearMisses: Object.keys(tags).filter((other) => MEANT[wanted]?.has(bare(other))) };
}

/** Those of some texts by name that are a wanted tag, in any casing, or were meant to be one. */
export function tagsLike(texts: Readonly<Record<string, string>>, wanted: string): Readonly<Record<string, string>> {
  const like = (name: string): boolean =>
    name.trim().toLowerCase() === wanted || MEANT[wanted]?.has(bare(name)) === true;
  return Object.fromEntries(Object.entries(texts).filter(([name]) => like(name)));
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
