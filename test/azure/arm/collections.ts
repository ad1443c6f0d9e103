import { asObject, asText, type Json, type WireResponse } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import { ArmFailure, groupNotFound } from "./failure.ts";
import { equalTo, tagFilter } from "./filter.ts";
import { page } from "./paging.ts";
import { type CollectionId, parseCollection, within } from "./resource-id.ts";
import { listRoleDefinitions } from "./role-definitions.ts";
import { show } from "./show.ts";
import { present, type ResourceDocument } from "./store.ts";
import type { ArmCall, ArmRoute, ArmWorld } from "./world.ts";

/** Lists: of a type at a scope, of a group's or subscription's resources, of a resource's children. */
export const collectionRoute: ArmRoute = (call) => {
  if (call.method !== "GET") return undefined;
  const everything = /^(\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?)\/resources$/i.exec(call.path)?.[1];
  if (everything !== undefined) return listResources(call, everything);
  const collection = parseCollection(call.path);
  if (collection === undefined || !isKnown(call.world, collection.type)) return undefined;
  const [namespace = ""] = collection.type.split("/");
  const scope = collection.scope === "/" ? "" : collection.scope;
  // The children of a resource are for who may read them there, whatever else is in its group.
  const at = collection.parent ?? `${scope}/providers/${namespace}`;
  call.world.authorization.require(call.caller, [`${collection.type}/read`], at);
  requireGroup(call.world, collection.scope);
  return page(call, list(call, collection), (document) => show(call.world, document));
};

/** Whether the emulator has a behaviour for the type, or a test has let it in. */
export function isKnown({ behaviours, unknownTypes }: ArmWorld, type: string): boolean {
  return behaviours.has(type.toLowerCase()) || unknownTypes.some((pattern) => pattern.test(type));
}

function list(call: ArmCall, { type, scope, parent }: CollectionId): readonly ResourceDocument[] {
  const { store } = call.world;
  const filter = call.query["$filter"];
  switch (type.toLowerCase()) {
    case "microsoft.authorization/locks":
      return scoped(store.list(type, "/"), scope, filter, call.world.settings.locksListAbove);
    case "microsoft.authorization/denyassignments":
      return scoped(store.list(type, "/"), scope, filter, true);
    case "microsoft.authorization/roleassignments":
      return scoped(store.list(type, "/"), scope, filter, true, call.world);
    case "microsoft.authorization/roledefinitions":
      return listRoleDefinitions(call.world, scope, filter);
    default:
      return store.list(type, parent ?? scope).filter(({ body }) => tagFilter(filter)(body));
  }
}

/** What hangs on a scope or below it, for assignments also above it; `atScope()` leaves out what is below. */
function scoped(
  documents: readonly ResourceDocument[],
  scope: string,
  filter: string | undefined,
  above: boolean,
  world?: ArmWorld,
): readonly ResourceDocument[] {
  const key = scope.toLowerCase();
  const assignee = /^assignedTo\('([^']*)'\)$/i.exec(filter ?? "")?.[1];
  const principal = equalTo(filter, "principalId") ?? assignee;
  // Of these two filters, only this one looks at a principal's groups.
  const groups = assignee === undefined ? [] : (world?.directory.principalByObject(assignee)?.groups ?? []);
  const principals = principal === undefined ? undefined : [principal, ...groups];
  const atScope = /^atScope\(\)$/i.test(filter?.trim() ?? "");
  if (filter !== undefined && filter !== "" && principal === undefined && !atScope) {
    throw new ArmFailure(
      400,
      "InvalidFilterInQueryString",
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  }
  return documents.filter((document) => {
    const at = document.scope.toLowerCase();
    const placed = at === key || (above && within(at, key)) || (!atScope && within(key, at));
    const { principalId } = propertiesOf(document.body);
    return placed && (principals === undefined || principals.some((each) => sameText(principalId, each)));
  });
}

function listResources(call: ArmCall, scope: string): WireResponse {
  const { world, caller, query } = call;
  const isGroup = /\/resourcegroups\//i.test(scope);
  const action = isGroup
    ? "Microsoft.Resources/subscriptions/resourceGroups/resources/read"
    : "Microsoft.Resources/subscriptions/resources/read";
  const type = equalTo(query["$filter"], "resourceType");
  const readsAll = [action, "*/read"].some((each) => world.authorization.allowed(caller, each, scope));
  // A list of one type shows each what it may see.
  if (!readsAll && (type === undefined || isGroup)) world.authorization.require(caller, [action, "*/read"], scope);
  requireGroup(world, scope);
  const group = equalTo(query["$filter"], "resourceGroup");
  // az names the group in a filter of the subscription's list.
  if (group !== undefined && !isGroup)
    return listResources({ ...call, query: { ...query, $filter: "" } }, `${scope}/resourceGroups/${group}`);
  const filter = query["$filter"];
  const visible = (document: ResourceDocument): boolean =>
    readsAll || world.authorization.allowed(caller, `${document.type}/read`, document.id);
  const fits = type === undefined ? tagFilter(filter) : () => true;
  const stale = world.ghosts.filter((ghost) => ghost.in === "resources" && ghost.until > world.clock.time());
  const documents = [...world.store.below(scope), ...stale.map(({ document }) => document)];
  return page(
    call,
    documents.filter(
      (document) =>
        isTopLevel(document, scope) &&
        fits(document.body) &&
        (type === undefined || sameText(document.type, type)) &&
        visible(document),
    ),
    (document) => withoutProperties(present(document)),
  );
}

/** Locks, assignments and deployments hang on a group but are not listed as its resources; children neither. */
function isTopLevel({ type, parent, key }: ResourceDocument, scope: string): boolean {
  const hidden = /^microsoft\.(authorization|resources)\//i.test(type);
  return !hidden && parent === undefined && within(scope.toLowerCase(), key);
}

/** A resource list shows no properties but the state of provisioning. */
function withoutProperties({ properties, ...shown }: Json): Json {
  const state = asText(asObject(properties)?.["provisioningState"]);
  return state === undefined ? shown : { ...shown, provisioningState: state };
}

function requireGroup({ store }: ArmWorld, scope: string): void {
  const [group, name] = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(scope) ?? [];
  if (group !== undefined && name !== undefined && store.find(group) === undefined) throw groupNotFound(name);
}

function sameText(a: unknown, b: string): boolean {
  return `${a}`.toLowerCase() === b.toLowerCase();
}
