import { type Attempt, type RetryPolicy, retry } from "../kit/retry.ts";
import { parseRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import { isPassingFault } from "../oidc/connection-fault.ts";
import { isBusyStatus } from "../oidc/refusal.ts";
import { shellQuote } from "../paste/quote.ts";
import type { GroupFacts } from "../ttl/facts.ts";
import type { Arm } from "./arm.ts";
import { ArmRefusal, explainRefusal } from "./arm-refusal.ts";
import { toGroupFacts } from "./resource-groups.ts";

/** The resource groups of an environment, found by their tags. Methods throw a `UserError` when ARM refuses. */
export interface EnvironmentGroups {
  /**
   * Groups of a subscription whose tag has this value (names without case, the value exactly). ARM leaves out groups
   * that the identity may not see, without a word.
   */
  listByTag(subscriptionId: string, name: string, value: string): Promise<readonly GroupFacts[]>;
  /** Sets these tags of a group and leaves its others alone. */
  mergeTags(groupId: string, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** A merge that is sent twice comes to the same; an apply that fails for want of it does not. */
const MERGE_RETRY: RetryPolicy = { tries: 5, firstWaitMs: 1_000, longestWaitMs: 60_000 };

/** The adapter over `@azure/arm-resources`. */
export function connectEnvironmentGroups(arm: Arm): EnvironmentGroups {
  return {
    listByTag: async (subscriptionId, name, value) => {
      const found: GroupFacts[] = [];
      try {
        const { resourceGroups } = await arm.client(subscriptionId);
        // One tag, and nothing else: ARM combines a filter by tag with no other filter.
        for await (const group of resourceGroups.list({
          filter: `tagName eq ${quote(name)} and tagValue eq ${quote(value)}`,
        })) {
          const facts = toGroupFacts(group, subscriptionId);
          // Whatever ARM's filter folds: what follows may be a deletion.
          if (hasTag(facts, name, value)) found.push(facts);
        }
      } catch (error) {
        throw explainRefusal(
          `Cannot list the resource groups of subscription ${subscriptionId} by the tag ${name}`,
          error,
        );
      }
      return found;
    },
    mergeTags: async (groupId, tags) => {
      const [, subscriptionId = ""] = /^\/subscriptions\/([^/]+)\/resourceGroups\/[^/]+$/i.exec(groupId) ?? [];
      if (subscriptionId === "") throw new Error(`${groupId} is no resource group's id`);
      const merge = async (): Promise<Attempt<void>> => {
        try {
          const { tagsOperations } = await arm.client(subscriptionId);
          const body = { operation: "Merge", properties: { tags: { ...tags } } };
          // The SDK puts its own slash before the scope.
          await tagsOperations.updateAtScope(groupId.slice(1), body).pollUntilDone();
          return { kind: "done", value: undefined };
        } catch (error) {
          const wait = error instanceof ArmRefusal ? error.retryAfter : undefined;
          const waitMs = parseRetryAfter(wait, arm.time.now());
          if (mayPass(error)) return { kind: "again", because: error, waitMs };
          throw error;
        }
      };
      await retry(merge, { ...arm.time, cancelled: arm.cancelled }, MERGE_RETRY).catch((error: unknown) => {
        throw explainMerge(groupId, Object.keys(tags), error);
      });
    },
  };
}

function mayPass(error: unknown): boolean {
  return error instanceof ArmRefusal ? isBusyStatus(error.status) : isPassingFault(error);
}

function explainMerge(groupId: string, names: readonly string[], error: unknown): UserError {
  const clause = `Cannot set the tags ${names.join(", ")} of ${groupId}`;
  const denied = error instanceof ArmRefusal && error.status === 403 && !error.fault.code.startsWith("DenyAssignment");
  if (!denied) return explainRefusal(clause, error);
  const line = `az role assignment create --assignee <client-id> --role "Tag Contributor" --scope ${shellQuote(groupId)}`;
  const text = `${clause}: the identity lacks the action Microsoft.Resources/tags/write.\nTo do: give it a role that has it, on the group or above:\n  ${line}`;
  return new UserError("arm-denied", text, { cause: error });
}

function hasTag({ tags }: GroupFacts, name: string, value: string): boolean {
  return Object.entries(tags).some(([tag, text]) => tag.toLowerCase() === name.toLowerCase() && text === value);
}

/** A text in one of ARM's filters. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
