import type { GroupFacts } from "../ttl/facts.ts";

/** The resource groups of an environment, found by their tags. Methods throw a `UserError` when ARM refuses. */
export interface EnvironmentGroups {
  /** Groups of a subscription whose tag has this value (names without case, the value exactly). */
  listByTag(subscriptionId: string, name: string, value: string): Promise<readonly GroupFacts[]>;
  /** Sets these tags of a group and leaves its others alone. */
  mergeTags(groupId: string, tags: Readonly<Record<string, string>>): Promise<void>;
}
