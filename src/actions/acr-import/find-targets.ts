import { UserError } from "../../kit/user-error.ts";
import type { RegistryFacts, World } from "./world.ts";

/** A registry that images should go to, or why it cannot be reached. */
export type FoundTarget =
  | { readonly kind: "found"; readonly label: string; readonly facts: RegistryFacts }
  | { readonly kind: "lost"; readonly label: string; readonly error: unknown };

/** Looks up every target, each once. One that is not there does not stop the others. */
export async function findTargets(
  names: readonly string[],
  world: Pick<World, "findRegistry">,
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

async function findOne(label: string, world: Pick<World, "findRegistry">): Promise<FoundTarget> {
  try {
    const facts = await world.findRegistry(label);
    if (facts !== undefined) return { kind: "found", label: facts.loginServer, facts };
    const error = new UserError(
      "registry-not-found",
      `There is no registry "${label}" in this subscription, or the identity may not see it. Check the name; a registry of another subscription is named by its resource id: az acr show --name ${label.split(".")[0]} --query id`,
    );
    return { kind: "lost", label, error };
  } catch (error) {
    return { kind: "lost", label, error };
  }
}
