import type { AttributeChange, ResourceChange } from "./plan-facts.ts";
import { isRunTagPath } from "./run-tags.ts";

/**
 * Whether what terraform found changed is something that somebody changed. The end of life is moved around terraform on
 * purpose, and providers of the older kind read back an empty list where nothing was given.
 */
export function isDrift({ kind, attributes }: ResourceChange): boolean {
  if (kind === "no-op") return false;
  return kind !== "update" || attributes.length === 0 || !attributes.every(isQuiet);
}

function isQuiet({ path, before, after }: AttributeChange): boolean {
  return isRunTagPath(path) || (isNothing(before) && isNothing(after));
}

const NOTHING: ReadonlySet<string | undefined> = new Set([undefined, "null", "[]", "{}", '""']);

function isNothing(text: string | undefined): boolean {
  return NOTHING.has(text);
}
