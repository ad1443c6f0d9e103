import type { OutputChange, PlanFacts, ResourceChange } from "./plan-facts.ts";

/** Whether a tag, a variable or an output of this name holds the expiry. Azure compares names of tags without case. */
export function isExpiryName(name: string): boolean {
  return /^expires[-_]at$/i.test(name);
}

/** Whether an attribute is the expiry of a tag. */
export function isExpiryPath(path: string): boolean {
  return EXPIRY_PATH.test(path);
}

const EXPIRY_PATH = /^(?:tags|tags_all)\["expires-at"\]$/i;

/**
 * Whether a change does nothing but move the expiry of a tag. It does not count: for configurations without
 * `ignore_changes` each run would change something, and nothing that was approved would stay valid.
 */
export function isExpiryOnly(change: ResourceChange): boolean {
  const { kind, previousAddress, importing, attributes } = change;
  if (kind !== "update" || previousAddress !== undefined || importing !== undefined) return false;
  return (
    attributes.length > 0 &&
    // A tag that comes or goes is another thing than one that moves.
    attributes.every(({ path, before, after }) => isExpiryPath(path) && before !== undefined && after !== undefined)
  );
}

/** The same of an output that tells the expiry. */
export function isExpiryOutput({ name, kind }: OutputChange): boolean {
  return kind === "update" && isExpiryName(name);
}

/** Whether an apply would change anything that counts: resources, moves, imports, outputs; not the expiry alone. */
export function hasChanges(facts: PlanFacts): boolean {
  return (
    facts.changes.some((change) => change.kind !== "read" && !isExpiryOnly(change)) ||
    facts.outputs.some((output) => !isExpiryOutput(output))
  );
}
