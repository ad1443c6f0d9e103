import type { OutputChange, PlanFacts, ResourceChange } from "./plan-facts.ts";

/** Whether a variable or an output of this name holds the expiry. */
export function isExpiryName(name: string): boolean {
  return /^expires[-_]at$/i.test(name);
}

/**
 * Whether a tag of this name says which run wrote it: the end, the commit and who started it are others each time. Azure
 * compares names of tags without case.
 */
export function isRunTag(name: string): boolean {
  return /^(?:expires-at|mayfly-head-sha|owner)$/i.test(name);
}

/** Whether an attribute is such a tag. */
export function isRunTagPath(path: string): boolean {
  const name = /^(?:tags|tags_all)\["([^"]+)"\]$/i.exec(path)?.[1];
  return name !== undefined && isRunTag(name);
}

/**
 * Whether a change does nothing but move such tags. It does not count: each run would change something, and nothing
 * that was approved would stay valid.
 */
export function isRunTagOnly(change: ResourceChange): boolean {
  const { kind, previousAddress, importing, attributes } = change;
  if (kind !== "update" || previousAddress !== undefined || importing !== undefined) return false;
  return (
    attributes.length > 0 &&
    // A tag that comes or goes is another thing than one that moves.
    attributes.every(({ path, before, after }) => isRunTagPath(path) && before !== undefined && after !== undefined)
  );
}

/** The same of an output that tells the expiry. */
export function isExpiryOutput({ name, kind }: OutputChange): boolean {
  return kind === "update" && isExpiryName(name);
}

/** Whether an apply would change anything that counts: resources, moves, imports, outputs; not what each run writes anew. */
export function hasChanges(facts: PlanFacts): boolean {
  return (
    facts.changes.some((change) => change.kind !== "read" && !isRunTagOnly(change)) ||
    facts.outputs.some((output) => !isExpiryOutput(output))
  );
}
