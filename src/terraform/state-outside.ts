import { fieldOf, isList, isObject, type Json, listOf, parseExactJson, textOf } from "./exact-json.ts";

/** What exists nowhere but in the state, or goes with the cluster that it is in. */
const NOWHERE = /^(?:random|null|time|tls|local|template|helm|kubernetes|kubectl|kustomization)_|^terraform_data$/;
/** Grants nobody anything once its principal is gone. */
const HOLLOW = "azurerm_role_assignment";

/** Managed resources of a state that do not go with the resource groups. */
export interface Outside {
  readonly address: string;
  /** Whether it does no harm, and costs nothing, where it is left. */
  readonly hollow: boolean;
}

/**
 * What a state holds besides what is in these resource groups; undefined for what is no state that can be read: then
 * nobody knows what would be forgotten with it.
 *
 * @param groupIds ids of groups that are gone
 */
export function listOutside(text: string, groupIds: readonly string[]): readonly Outside[] | undefined {
  return readResources(text)?.flatMap((resource) => listOutsideOf(resource, groupIds));
}

/** A resource group, as the ids of what a state holds name it. */
export interface NamedGroup {
  readonly id: string;
  readonly subscriptionId: string;
  readonly name: string;
}

const IN_GROUP = /^(\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+))(?:\/|$)/i;

/** The resource groups that a state's resources are in, each once. */
export function listGroupsOf(text: string): readonly NamedGroup[] {
  const groups = new Map<string, NamedGroup>();
  for (const resource of readResources(text) ?? []) {
    for (const instance of listOf(resource, "instances")) {
      const [, id, subscriptionId, name] = IN_GROUP.exec(idOf(instance)) ?? [];
      if (id !== undefined && subscriptionId !== undefined && name !== undefined) {
        groups.set(id.toLowerCase(), { id, subscriptionId, name });
      }
    }
  }
  return [...groups.values()];
}

/** Undefined for what is no state of format 4. An empty text is an empty state. */
function readResources(text: string): readonly Json[] | undefined {
  if (text.trim() === "") return [];
  const state = parse(text);
  const whole = isObject(state) && fieldOf(state, "version") === 4 && isList(fieldOf(state, "resources"));
  return whole ? listOf(state, "resources").filter((resource) => textOf(resource, "mode") !== "data") : undefined;
}

function idOf(instance: Json): string {
  return textOf(fieldOf(instance, "attributes"), "id") ?? "";
}

function listOutsideOf(resource: Json, groupIds: readonly string[]): readonly Outside[] {
  const type = textOf(resource, "type") ?? "";
  if (NOWHERE.test(type)) return [];
  const address = [textOf(resource, "module"), type, textOf(resource, "name")].filter(Boolean).join(".");
  const hollow = type === HOLLOW;
  // In doubt there is something to lose.
  if (!isList(fieldOf(resource, "instances"))) return [{ address, hollow: false }];
  return listOf(resource, "instances")
    .filter((instance) => !isInside(idOf(instance), groupIds))
    .map(() => ({ address, hollow }));
}

function isInside(id: string, groupIds: readonly string[]): boolean {
  const folded = id.toLowerCase();
  return groupIds.some((group) => folded === group.toLowerCase() || folded.startsWith(`${group.toLowerCase()}/`));
}

function parse(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
