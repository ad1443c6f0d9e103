import { shellQuote } from "../../paste/quote.ts";
import type { Blocker } from "../../ttl/blockers.ts";
import { type NamespaceNames, parseNamespaceId } from "../../ttl/namespace-group.ts";
import { EXPIRY, tagsLike } from "../../ttl/tags.ts";
import type { PlanEntry } from "./plan.ts";

/** The command that mends the tags of an odd group. A merge, so that tags nobody mentions stay. */
export function renderTagLine(entry: PlanEntry): string {
  const { mend = {}, remove = {} } = entry.fate.kind === "keep" ? entry.fate : {};
  const namespace = parseNamespaceId(entry.id);
  if (namespace !== undefined) return renderNamespaceLine(entry.fate, namespace);
  const update = (operation: "Delete" | "Merge", pairs: readonly (readonly [string, string])[]): string => {
    const words = pairs.map(([name, value]) => shellQuote(`${name}=${value}`)).join(" ");
    return `az tag update --resource-id ${shellQuote(entry.id)} --operation ${operation} --tags ${words}`;
  };
  // One by one: az and ARM may take two casings in one command for the same tag.
  const removals = Object.entries(remove).map((pair) => update("Delete", [pair]));
  return [...removals, update("Merge", Object.entries(mend))].join(" && ");
}

/** The same for a namespace: its mark is a label, its end an annotation. `az aks get-credentials` names the context so. */
function renderNamespaceLine(fate: PlanEntry["fate"], { cluster, name }: NamespaceNames): string {
  const { mend = {}, remove = {}, misplaced = [] } = fate.kind === "keep" ? fate : {};
  const change = (verb: "label" | "annotate", word: string): string =>
    `kubectl ${verb} namespace ${shellQuote(name)} ${shellQuote(word)} --overwrite --context ${shellQuote(cluster)}`;
  const isMark = (tag: string): boolean => Object.keys(tagsLike({ [tag]: "" }, EXPIRY)).length === 0;
  const verbOf = (tag: string): "label" | "annotate" => (isMark(tag) ? "label" : "annotate");
  return [
    ...Object.keys(remove).map((tag) => change(verbOf(tag), `${tag}-`)),
    ...misplaced.map((tag) => change(isMark(tag) ? "annotate" : "label", `${tag}-`)),
    ...Object.entries(mend).map(([tag, value]) => change(verbOf(tag), `${tag}=${value}`)),
  ].join(" && ");
}

/**
 * What shows the objects whose finalizers hold a namespace; undefined where its words name none.
 *
 * @param because as Kubernetes says it: `Some resources are remaining: widgets.example.com has 2 resource instances`
 */
export function renderHoldLine(id: string, because: string): string | undefined {
  const namespace = parseNamespaceId(id);
  const kinds = [...because.matchAll(/([a-z0-9.-]*[a-z0-9])\.? has \d+ resource instances/g)].map(([, kind]) => kind);
  if (namespace === undefined || kinds.length === 0) return undefined;
  const columns = "custom-columns=KIND:.kind,NAME:.metadata.name,FINALIZERS:.metadata.finalizers";
  return `kubectl get ${shellQuote(kinds.join(","))} --namespace ${shellQuote(namespace.name)} --context ${shellQuote(namespace.cluster)} --output ${columns}`;
}

/** What removes a blocker, by its code. `{id}` is the resource, already quoted for a shell. */
const MENDS: Readonly<Record<string, string>> = {
  ScopeLocked: "az lock list --resource {id}  # then: az lock delete --ids <lock id>",
  DenyAssignmentAuthorizationFailed:
    "az rest --method get --url {id}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01",
  AuthorizationFailed: "az role assignment create --assignee <client-id> --role <role that may delete> --scope {id}",
  InUseSubnetCannotBeDeleted: "az network vnet subnet show --ids {id} --query ipConfigurations",
  PublicIPAddressCannotBeDeleted: "az network public-ip show --ids {id} --query ipConfiguration.id",
  NicInUse: "az network nic show --ids {id} --query virtualMachine.id",
  InUseNetworkSecurityGroupCannotBeDeleted:
    "az network nsg show --ids {id} --query '{subnets:subnets,nics:networkInterfaces}'",
  VaultContainsItems: "az backup item list --vault-name <name> --resource-group <group>  # protected items first",
};

/** ARM names the network where its provider speaks of a subnet: what sits in each of them is listed. */
const NETWORK_MEND = "az network vnet show --ids {id} --query 'subnets[].ipConfigurations[].id' --output tsv";
const FALLBACK = "az resource delete --ids {id}";

/** The command that mends a blocker; undefined where ARM names no resource to apply it to. */
export function renderBlockerLine(blocker: Blocker): string | undefined {
  if (blocker.resource === undefined) return undefined;
  const id = shellQuote(blocker.resource);
  const isGroup = /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i.test(blocker.resource);
  const isNetwork = /\/virtualNetworks\/[^/]+$/i.test(blocker.resource);
  const mend = isNetwork && blocker.code === "InUseSubnetCannotBeDeleted" ? NETWORK_MEND : MENDS[blocker.code];
  if (mend !== undefined && blocker.code === "ScopeLocked") return renderLockLine(blocker.resource);
  if (mend === undefined && isGroup) return undefined;
  return (mend ?? FALLBACK).replaceAll("{id}", () => id);
}

/** `az lock list --resource` wants more than an id for things inside a group, so the group's locks are listed. */
function renderLockLine(scope: string): string {
  const group = /\/resourceGroups\/([^/]+)/i.exec(scope)?.[1];
  const where = group === undefined ? "" : ` --resource-group ${shellQuote(group)}`;
  return `az lock list${where} --query '[].id' --output tsv  # then: az lock delete --ids <lock id>`;
}
