import type { UserError } from "../../kit/user-error.ts";
import type { ItemRecord } from "./outcome.ts";
import type { RepositoryPlan } from "./plan.ts";
import type { RegistryFacts } from "./world.ts";

export type Fuse = { readonly kind: "holds" } | { readonly kind: "tripped"; readonly because: string };

/** A run: what it saw, what it meant to do, and what became of it. */
export interface Story {
  readonly environment: string;
  readonly registry: RegistryFacts;
  readonly dryRun: boolean;
  readonly plans: readonly RepositoryPlan[];
  readonly fuse: Fuse;
  readonly records: readonly ItemRecord[];
  /** Why the run did not finish what it began, in words; empty when it did. */
  readonly cutShort: string;
  readonly failure: UserError | undefined;
}

/** How many tags and manifests the plans want gone. */
export function countPlanned(plans: readonly RepositoryPlan[]): number {
  return plans.reduce((sum, { tags, manifests }) => sum + tags.length + manifests.length, 0);
}

/** Stops a run that would remove more than anybody expects. */
export function decideFuse(plans: readonly RepositoryPlan[], maxDeletions: number): Fuse {
  const count = countPlanned(plans);
  if (count <= maxDeletions) return { kind: "holds" };
  return { kind: "tripped", because: `${count} tags and manifests would go, and max-deletions is ${maxDeletions}` };
}
