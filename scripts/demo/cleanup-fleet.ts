import { createHash } from "node:crypto";
import type { Azure } from "../../test/azure/azure.ts";

/** What tonight's cleanup should make of a group. */
export type Fate = "gone" | "blocked" | "extended" | "stays";

interface Member {
  readonly environment: string;
  readonly fate: Fate;
  /** Tags, with hours from now in place of dates. */
  readonly tags: (at: (hours: number) => string) => Readonly<Record<string, string>>;
  readonly managedBy?: string;
  readonly lock?: { readonly name: string; readonly notes: string };
  /** Its whole name, for groups that Mayfly did not name. */
  readonly name?: string;
}

const expires = (hours: number, owner: string): Member["tags"] => {
  return (at) => ({ "auto-destroy": "true", "expires-at": at(hours), owner });
};
const shared = (): Readonly<Record<string, string>> => ({ owner: "platform" });

/** A subscription as a team's is after a few weeks: most of it plain, some of it odd. */
const MEMBERS: readonly Member[] = [
  { environment: "pr-101", fate: "gone", tags: expires(-212, "mona") },
  { environment: "pr-104", fate: "gone", tags: expires(-141, "hubot") },
  { environment: "pr-107", fate: "blocked", tags: expires(-98, "mona") },
  { environment: "pr-109", fate: "gone", tags: expires(-64, "octocat") },
  { environment: "pr-112", fate: "gone", tags: expires(-27, "hubot") },
  { environment: "pr-115", fate: "extended", tags: expires(-9, "octocat") },
  { environment: "pr-116", fate: "gone", tags: expires(-3, "mona") },
  {
    environment: "pr-110",
    fate: "stays",
    tags: expires(-50, "octocat"),
    lock: { name: "demo-on-friday", notes: "ask octocat" },
  },
  { environment: "pr-121", fate: "stays", tags: expires(5.1, "mona") },
  { environment: "pr-123", fate: "stays", tags: expires(31, "hubot") },
  { environment: "pr-098", fate: "stays", tags: () => ({ "auto-destroy": "true", "expires-at": "12.11.2026 18:00" }) },
  { environment: "pr-105", fate: "stays", tags: (at) => ({ "auto-destroy": "true", expires_at: at(-120) }) },
  { environment: "pr-118", fate: "stays", tags: (at) => ({ "auto-destroy": "yes", "expires-at": at(-6) }) },
  { environment: "stage", fate: "stays", tags: () => ({ "auto-destroy": "false", owner: "platform" }) },
  { environment: "foundation", fate: "stays", tags: shared },
  { environment: "cluster", fate: "stays", tags: shared },
  {
    environment: "cluster-nodes",
    fate: "stays",
    tags: expires(-30, "platform"),
    managedBy: "shop-cluster/providers/Microsoft.ContainerService/managedClusters/shop",
  },
  { environment: "", name: "billing-pr-7", fate: "stays", tags: expires(-80, "another team") },
  { environment: "", name: "NetworkWatcherRG", fate: "stays", tags: () => ({}) },
];

/** The names that the nightly cleanup may touch begin with this. */
export const NAME_PREFIX = "shop-";

/** Names by what should become of them. */
export type Fleet = Readonly<Record<Fate, readonly string[]>>;

/** What the group of an environment is called: prefix, environment, hash of the repository's id. */
export function nameGroup(environment: string, repositoryId: string): string {
  return `${NAME_PREFIX}${environment}-${createHash("sha256").update(repositoryId).digest("hex").slice(0, 6)}`;
}

/** Fills the subscription. */
export function addCleanupFleet(azure: Azure, subscriptionId: string, repositoryId: string): Fleet {
  const now = azure.clock.now();
  const at = (hours: number): string => renderInstant(new Date(now.getTime() + hours * 3_600_000));
  const fleet: Record<Fate, string[]> = { gone: [], blocked: [], extended: [], stays: [] };
  for (const { environment, fate, tags, managedBy, lock, name = nameGroup(environment, repositoryId) } of MEMBERS) {
    const manager = managedBy && `/subscriptions/${subscriptionId}/resourceGroups/${managedBy}`;
    const group = azure.arm.addResourceGroup({
      subscriptionId,
      name,
      location: "westeurope",
      tags: tags(at),
      ...(manager === undefined ? {} : { managedBy: manager }),
    });
    if (lock !== undefined) azure.arm.addLock(group.id, { ...lock, level: "CanNotDelete" });
    if (fate === "blocked") blockBySubnet(azure, group.id, subscriptionId);
    fleet[fate].push(name);
  }
  return fleet;
}

/** What ARM answers when a virtual machine of another group has its network card in one of this group's subnets. */
function blockBySubnet(azure: Azure, groupId: string, subscriptionId: string): void {
  const network = azure.arm.add(`${groupId}/providers/Microsoft.Network/virtualNetworks/shop`, {
    location: "westeurope",
  });
  const card = `/subscriptions/${subscriptionId}/resourceGroups/billing-pr-7/providers/Microsoft.Network/networkInterfaces/runner-nic/ipConfigurations/ipconfig1`;
  const message = `Subnet jobs is in use by ${card} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`;
  const by = [{ target: network.id, code: "InUseSubnetCannotBeDeleted", message }];
  azure.arm.planDeletion(groupId, { kind: "blocked", by });
}

/** RFC 3339 in UTC, to the second. */
export function renderInstant(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
