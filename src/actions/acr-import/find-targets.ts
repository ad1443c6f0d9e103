import type { RegistryFacts, World } from "./world.ts";

/** A registry that images should go to, or why it cannot be reached. */
export type FoundTarget =
  | { readonly kind: "found"; readonly label: string; readonly facts: RegistryFacts }
  | { readonly kind: "lost"; readonly label: string; readonly error: unknown };

/** Looks up every target, each once. One that is not there does not stop the others. */
export async function findTargets(
  names: readonly string[],
  world: Pick<World, "requireRegistry">,
): Promise<readonly FoundTarget[]> {
  const distinct = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
  const found = await Promise.all(distinct.map((name) => findOne(name, world)));
  // A name and a resource id may mean the same registry.
  const byId = new Map<string, FoundTarget>();
  for (const one of found) {
    const key = one.kind === "found" ? one.facts.id.toLowerCase() : one.label;
    if (!byId.has(key)) byId.set(key, one);
  }
  return [...byId.values()];
}

async function findOne(label: string, world: Pick<World, "requireRegistry">): Promise<FoundTarget> {
  try {
    const facts = await world.requireRegistry(label);
    return { kind: "found", label: facts.loginServer, facts };
  } catch (error) {
    return { kind: "lost", label, error };
  }
}
