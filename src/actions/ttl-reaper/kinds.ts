import { isCluster } from "../../ttl/namespace-group.ts";
import type { Plan } from "./plan.ts";

type Swept = Pick<Plan, "subscriptions">;

/** What a run was about, in the plural: `groups`, `namespaces`, or `groups and namespaces`. */
export function nameKinds({ subscriptions }: Swept): string {
  const clusters = subscriptions.filter(({ id }) => isCluster(id)).length;
  if (clusters === 0) return "groups";
  return clusters === subscriptions.length ? "namespaces" : "groups and namespaces";
}

/** A number of them: `1 resource group`, `3 resource groups and namespaces`. */
export function countKinds(count: number, plan: Swept): string {
  const one = count === 1;
  const words: Readonly<Record<string, string>> = {
    groups: one ? "resource group" : "resource groups",
    namespaces: one ? "namespace" : "namespaces",
    "groups and namespaces": one ? "resource group or namespace" : "resource groups and namespaces",
  };
  return `${count} ${words[nameKinds(plan)]}`;
}

/** Where a run looked, in the plural. */
export function namePlaces({ subscriptions }: Swept): string {
  const clusters = subscriptions.filter(({ id }) => isCluster(id)).length;
  if (clusters === 0) return "subscriptions";
  return clusters === subscriptions.length ? "clusters" : "subscriptions and clusters";
}
