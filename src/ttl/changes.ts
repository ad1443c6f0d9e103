import type { GroupFacts } from "./facts.ts";

/**
 * What differs between a group as it was planned and as it is now, in words. Anything at all means that somebody has
 * touched it since: it is left for the next run to decide afresh.
 *
 * Tag names are compared without case, as Azure does; values exactly.
 */
export function listChanges(planned: GroupFacts, live: GroupFacts): readonly string[] {
  const changes: string[] = [];
  if (planned.id.toLowerCase() !== live.id.toLowerCase()) changes.push(`its id is now ${live.id}`);
  if (planned.location !== live.location) changes.push(`it moved from ${planned.location} to ${live.location}`);
  if ((planned.managedBy ?? "") !== (live.managedBy ?? "")) changes.push("who manages it changed");
  if (planned.provisioningState !== live.provisioningState) {
    changes.push(`its state went from ${planned.provisioningState} to ${live.provisioningState}`);
  }
  const before = foldNames(planned.tags);
  const after = foldNames(live.tags);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === is) continue;
    if (is === undefined) changes.push(`the tag ${name} was removed`);
    else if (was === undefined) changes.push(`the tag ${name} was added`);
    else changes.push(`the tag ${name} went from "${was}" to "${is}"`);
  }
  return changes;
}

/** Names that differ only in case are kept apart, so that a second casing shows as a change. */
function foldNames(tags: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const folded = new Map<string, string>();
  for (const [name, value] of Object.entries(tags)) {
    const key = name.toLowerCase();
    folded.set(folded.has(key) ? name : key, value);
  }
  return folded;
}
