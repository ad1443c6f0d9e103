import type { GroupFacts } from "../ttl/facts.ts";
import type { NamespaceFacts } from "../ttl/namespace.ts";

/** What stands of one environment of this repository: resource groups by their tags, namespaces by their labels. */
export interface Environment {
  /** `pr-12`. */
  readonly name: string;
  readonly groups: readonly GroupFacts[];
  readonly namespaces: readonly NamespaceFacts[];
  /** The latest end that any part carries; undefined where none can be read without doubt. */
  readonly expiresAt: Date | undefined;
  /** The commit that was deployed last, as the parts say it; undefined where they say nothing or disagree. */
  readonly headSha: string | undefined;
  /** Whether any part is being deleted. */
  readonly deleting: boolean;
}

/**
 * Tags of a group. On a namespace the first two are labels, as `auto-destroy` is; the others, and `expires-at`, are
 * annotations, since no label may hold their values.
 */
export const ENVIRONMENT = "mayfly-environment";
export const REPOSITORY_ID = "mayfly-repository-id";
export const REPOSITORY = "mayfly-repository";
export const HEAD_SHA = "mayfly-head-sha";
