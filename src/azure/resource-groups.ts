import type { ResourceGroup } from "@azure/arm-resources";
import { readRetryAfter } from "../kit/retry-after.ts";
import type { ArmFault } from "../ttl/blockers.ts";
import type { GroupFacts } from "../ttl/facts.ts";
import type { Arm } from "./arm.ts";
import { faultOf, requestIdOf } from "./arm-policies.ts";
import { ArmRefusal, explainRefusal } from "./arm-refusal.ts";

const API_VERSION = "2025-04-01";

/** What ARM said to a DELETE of a group. */
export type DeleteAnswer =
  /** 202: it has begun. This is not yet success. */
  | { readonly kind: "accepted"; readonly operation: string | undefined }
  | { readonly kind: "absent" }
  /** ARM did not look at it (throttled, or the token had ended): worth another look at the group, and another try. */
  | { readonly kind: "again"; readonly because: string }
  | { readonly kind: "refused"; readonly status: number; readonly fault: ArmFault; readonly requestId: string }
  /** No answer came: only another look at the group can tell whether ARM heard it. */
  | { readonly kind: "unanswered"; readonly because: string };

/** How a delete that ARM accepted stands, by its operation. */
export type OperationAnswer =
  | { readonly kind: "pending"; readonly retryAfterMs: number | undefined }
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly fault: ArmFault; readonly requestId: string }
  | { readonly kind: "unknown"; readonly because: string };

/** The resource groups of a cloud. Methods that look throw a `UserError` when they cannot see. */
export interface ResourceGroups {
  list(subscriptionId: string): AsyncIterable<GroupFacts>;
  /** Undefined only when ARM says in so many words that the group is not there. */
  find(subscriptionId: string, name: string): Promise<GroupFacts | undefined>;
  /** Waits for a place in ARM's budget of deletes, so that the DELETE itself goes at once. */
  reserveDelete(subscriptionId: string): Promise<void>;
  /** Sends one DELETE, once. */
  delete(subscriptionId: string, name: string, forceDeletionTypes: readonly string[]): Promise<DeleteAnswer>;
  findOperation(url: string): Promise<OperationAnswer>;
}

/** The adapter over `@azure/arm-resources`. */
export function connectResourceGroups(arm: Arm): ResourceGroups {
  return {
    list: async function* (subscriptionId) {
      try {
        const { resourceGroups } = await arm.client(subscriptionId);
        for await (const group of resourceGroups.list()) {
          yield toGroupFacts(group, subscriptionId);
        }
      } catch (error) {
        throw explainRefusal(`Cannot list the resource groups of subscription ${subscriptionId}`, error);
      }
    },
    find: async (subscriptionId, name) => {
      try {
        const { resourceGroups } = await arm.client(subscriptionId);
        return toGroupFacts(await resourceGroups.get(name), subscriptionId);
      } catch (error) {
        // Any other 404 (the subscription's, a proxy's page) tells nothing about the group.
        if (error instanceof ArmRefusal && error.status === 404 && error.fault.code === "ResourceGroupNotFound") {
          return undefined;
        }
        throw explainRefusal(`Cannot read resource group ${name}`, error);
      }
    },
    reserveDelete: (subscriptionId) => arm.reserve(subscriptionId, "delete"),
    delete: (subscriptionId, name, forceDeletionTypes) => sendDelete(arm, subscriptionId, name, forceDeletionTypes),
    findOperation: (url) => findOperation(arm, url),
  };
}

/**
 * The SDK's own delete is a poller that polls at once, drops the body of a failed poll, and throws on 404; what is in
 * that body is the only place where ARM names what stands in the way. So the request is ours, on the SDK's pipeline.
 */
async function sendDelete(
  arm: Arm,
  subscriptionId: string,
  name: string,
  forceDeletionTypes: readonly string[],
): Promise<DeleteAnswer> {
  const force =
    forceDeletionTypes.length === 0 ? "" : `&forceDeletionTypes=${encodeURIComponent(forceDeletionTypes.join(","))}`;
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/resourcegroups/${encodeURIComponent(name)}`;
  try {
    const response = await arm.send("DELETE", `${path}?api-version=${API_VERSION}${force}`);
    const { status } = response;
    if (status === 202 || status === 200) {
      return { kind: "accepted", operation: response.headers.get("location") };
    }
    const fault = faultOf(response);
    if (status === 204 || (status === 404 && fault.code === "ResourceGroupNotFound")) return { kind: "absent" };
    // How long to wait, the governor knows: it holds the next delete back.
    if (status === 429) return { kind: "again", because: "ARM throttled the delete" };
    if (status === 401) return { kind: "again", because: "ARM wants a newer token" };
    // A server that failed may have begun all the same.
    if (status >= 500 || status === 408) return { kind: "unanswered", because: `ARM answered ${status} ${fault.code}` };
    return { kind: "refused", status, fault, requestId: requestIdOf(response) };
  } catch (error) {
    return { kind: "unanswered", because: error instanceof Error ? error.message : String(error) };
  }
}

async function findOperation(arm: Arm, url: string): Promise<OperationAnswer> {
  try {
    const response = await arm.send("GET", url);
    const { status } = response;
    if (status === 202) return { kind: "pending", retryAfterMs: readRetryAfter(response.headers, new Date()) };
    if (status === 200 || status === 204) return { kind: "succeeded" };
    const fault = faultOf(response);
    // Only ARM's verdict on the delete counts; that we were throttled or refused says nothing about it.
    const verdict = status === 409 || fault.code.startsWith("ResourceGroupDeletion");
    if (verdict) return { kind: "failed", fault, requestId: requestIdOf(response) };
    return { kind: "unknown", because: `ARM answered ${status} ${fault.code}` };
  } catch (error) {
    return { kind: "unknown", because: error instanceof Error ? error.message : String(error) };
  }
}

/** A group in the words of the SDK as our own. */
export function toGroupFacts(group: ResourceGroup, subscriptionId: string): GroupFacts {
  return {
    id: group.id ?? "",
    subscriptionId,
    name: group.name ?? "",
    location: group.location,
    tags: group.tags ?? {},
    managedBy: group.managedBy || undefined,
    provisioningState: group.properties?.provisioningState ?? "",
  };
}
