import type { NamespaceFacts } from "./namespace.ts";

/**
 * A resource group as ARM tells it, or a namespace in its shape (`asGroup`), so that both end by one set of rules. Tags
 * keep the casing that they were written with.
 */
export interface GroupFacts {
  /** `/subscriptions/<id>/resourceGroups/<name>`; compare without case. */
  readonly id: string;
  /** Of a namespace the resource id of its cluster. */
  readonly subscriptionId: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The resource that owns this group, such as an AKS cluster. */
  readonly managedBy: string | undefined;
  /** `Succeeded`, `Deleting`, or another word of ARM's. */
  readonly provisioningState: string;
  /** What this stands for, where that is a namespace. */
  readonly namespace?: NamespaceFacts;
}

export interface Lock {
  readonly id: string;
  readonly name: string;
  /** `CanNotDelete` or `ReadOnly`: either one stops a delete. */
  readonly level: string;
  /** What is locked: a subscription, a group, or something inside one. */
  readonly scope: string;
}

export interface DenyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
}

/** What stands in the way of a subscription's groups. */
export interface Barriers {
  readonly locks: readonly Lock[];
  readonly denyAssignments: readonly DenyAssignment[];
}

/** Whether ARM is deleting the group. Its words are compared without case. */
export function isDeleting(group: Pick<GroupFacts, "provisioningState"> | undefined): boolean {
  return group?.provisioningState.toLowerCase() === "deleting";
}

/**
 * True when deleting `groupId` would touch `scope`: the same place, one above it, or one inside it. A scope that is not
 * in a subscription (a management group, the tenant) counts as above.
 */
export function touches(groupId: string, scope: string): boolean {
  const group = segments(groupId);
  const other = segments(scope);
  if (other[0] !== "subscriptions") return true;
  const shared = Math.min(group.length, other.length);
  return group.slice(0, shared).every((segment, index) => segment === other[index]);
}

function segments(id: string): readonly string[] {
  return id
    .toLowerCase()
    .split("/")
    .filter((segment) => segment !== "");
}
