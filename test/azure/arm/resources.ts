import { asObject, emptyResponse, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import { isKnown } from "./collections.ts";
import { isDeleting } from "./deletions.ts";
import { ArmFailure, groupBeingDeleted, groupNotFound, resourceNotFound } from "./failure.ts";
import { LOCK, requireUnlocked } from "./locks.ts";
import { begin, operationHeaders, takePlan } from "./operations.ts";
import { parseCollection, parseResourceId, type ResourceId, within } from "./resource-id.ts";
import { assignmentFacts } from "./role-assignments.ts";
import { builtInDefinition, ROLE_DEFINITION } from "./role-definitions.ts";
import { show } from "./show.ts";
import type { ResourceDocument } from "./store.ts";
import type { ArmCall, ArmRoute, ArmWorld } from "./world.ts";

const VERBS: Readonly<Record<string, string>> = {
  GET: "read",
  HEAD: "read",
  PUT: "write",
  PATCH: "write",
  DELETE: "delete",
};

/** Any resource with `/providers/` in its id: kept as it is PUT, with what its type adds. */
export const resourceRoute: ArmRoute = (call) => {
  const { path, method, world, caller } = call;
  if (method === "POST") return post(call);
  const asked = parseResourceId(path);
  const verb = VERBS[method];
  if (asked === undefined || verb === undefined || !isKnown(world, asked.type)) return undefined;
  const id = canonical(world, asked);
  const document = world.store.find(id.key) ?? builtIn(id);
  const facts = assignmentFacts(call.body, document?.body);
  world.authorization.require(caller, [`${asked.type}/${verb}`], asked.id, facts);
  if (method === "PUT" || (method === "PATCH" && document !== undefined)) return write(call, id, document);
  if (document === undefined) {
    if (method === "DELETE") return emptyResponse(204);
    throw notFound(world, id);
  }
  if (method === "DELETE") return remove(call, document);
  return method === "HEAD" ? emptyResponse(204) : jsonResponse(200, show(world, document));
};

function canonical({ behaviours }: ArmWorld, id: ResourceId): ResourceId {
  const own = behaviours.get(id.type.toLowerCase())?.canonical?.(id);
  return (own === undefined ? undefined : parseResourceId(own)) ?? id;
}

function builtIn({ type, name, scope }: ResourceId): ResourceDocument | undefined {
  if (type.toLowerCase() !== ROLE_DEFINITION.toLowerCase()) return undefined;
  return builtInDefinition(name, /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? "");
}

function notFound({ store }: ArmWorld, id: ResourceId): ArmFailure {
  const group = groupOf(id);
  if (group !== undefined && store.find(group) === undefined) return groupNotFound(id.resourceGroup ?? "");
  return resourceNotFound(id.type, id.name, id.resourceGroup);
}

function groupOf({ id }: ResourceId): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0];
}

function requirePlace(call: ArmCall, id: ResourceId): void {
  const { store } = call.world;
  const group = groupOf(id);
  if (group !== undefined) {
    const document = store.find(group);
    if (document === undefined) throw groupNotFound(id.resourceGroup ?? "");
    // A ReadOnly lock does not keep anybody from putting another lock beside it.
    if (isDeleting(document)) throw groupBeingDeleted(document.name);
  }
  if (id.parent !== undefined && store.find(id.parent) === undefined) {
    throw new ArmFailure(
      404,
      "ParentResourceNotFound",
      `Failed to perform 'write' on resource(s) of type '${id.type}', because the parent resource '${id.parent}' could not be found.`,
    );
  }
}

function write(call: ArmCall, id: ResourceId, before: ResourceDocument | undefined): WireResponse {
  const { world, body = {}, method } = call;
  requirePlace(call, id);
  const behaviour = world.behaviours.get(id.type.toLowerCase());
  if (id.type.toLowerCase() !== LOCK.toLowerCase()) requireUnlocked(world, id.id, "write");
  if (before !== undefined) requireFree(world, before);
  const { id: _id, name: _name, type: _type, ...given } = method === "PATCH" ? merged(before?.body ?? {}, body) : body;
  const prepared = behaviour?.prepare?.({ id, body: given, previous: before?.body, world }) ?? given;
  const plan = takePlan(world, id.id, "write");
  const seconds = plan?.seconds ?? behaviour?.seconds ?? world.settings.writeSeconds;
  const status = before === undefined ? (behaviour?.createStatus ?? 201) : (behaviour?.updateStatus ?? 200);
  if (seconds === 0 && plan === undefined) {
    const document = world.store.put(id.id, prepared);
    behaviour?.stored?.(document, world);
    return jsonResponse(status, show(world, document));
  }
  const state = before === undefined ? "Creating" : "Updating";
  const document = world.store.put(id.id, withState(prepared, state));
  const error = plan?.error ?? behaviour?.failure?.(document);
  const ended = () => {
    if (world.store.find(id.key) !== document) return;
    document.body = withState(document.body, error === undefined ? "Succeeded" : "Failed");
    behaviour?.stored?.(document, world);
  };
  const operation = begin(world, id.key, "write", { seconds, error, ended });
  const accepted = method === "PUT" ? (behaviour?.acceptStatus ?? status) : 200;
  return jsonResponse(accepted, show(world, document), operationHeaders(call, id, operation));
}

function remove(call: ArmCall, document: ResourceDocument): WireResponse {
  const { world } = call;
  if (document.type.toLowerCase() !== LOCK.toLowerCase()) requireUnlocked(world, document.id, "delete");
  const behaviour = world.behaviours.get(document.type.toLowerCase());
  requireFree(world, document);
  behaviour?.removable?.(document, world);
  const plan = takePlan(world, document.id, "delete");
  const seconds = plan?.seconds ?? behaviour?.deleteSeconds ?? behaviour?.seconds ?? world.settings.writeSeconds;
  if (seconds === 0 && plan === undefined) {
    const shown = show(world, document);
    removeWhole(world, document);
    // What hangs on a scope answers with what was removed.
    const isAssignment = /^microsoft\.authorization\/role/i.test(document.type);
    return isAssignment ? jsonResponse(200, shown) : emptyResponse(behaviour?.deleteStatus ?? 200);
  }
  const before = document.body;
  document.body = withState(before, "Deleting");
  const ended = () => {
    if (plan?.error === undefined) removeWhole(world, document);
    else document.body = withState(before, "Failed");
  };
  const operation = begin(world, document.key, "delete", { seconds, error: plan?.error, ended });
  return emptyResponse(202, operationHeaders(call, document, operation));
}

/** Takes a document and what is below it out of the store. */
export function removeWhole(world: ArmWorld, document: ResourceDocument): void {
  for (const each of [...world.store.below(document.key), document].filter(({ key }) => within(document.key, key))) {
    world.store.remove(each.key);
    world.behaviours.get(each.type.toLowerCase())?.removed?.(each, world);
  }
}

function requireFree({ busy, behaviours }: ArmWorld, document: ResourceDocument): void {
  const other = busy.get(document.key);
  const refusal =
    other === undefined ? undefined : behaviours.get(document.type.toLowerCase())?.busy?.(document, other);
  if (refusal !== undefined) throw refusal;
}

function post(call: ArmCall): WireResponse | Promise<WireResponse> | undefined {
  const collection = parseCollection(call.path);
  const at = call.path.lastIndexOf("/");
  const document = call.world.store.find(call.path.slice(0, at));
  const name = call.path.slice(at + 1);
  if (collection === undefined || document === undefined) return undefined;
  const action = call.world.behaviours.get(document.type.toLowerCase())?.actions?.[name.toLowerCase()];
  if (action === undefined) return undefined;
  call.world.authorization.require(call.caller, [`${document.type}/${name}/action`], document.id);
  return action(document, call);
}

function merged(before: Json, patch: Json): Json {
  const properties = { ...propertiesOf(before), ...propertiesOf(patch) };
  const all = { ...before, ...patch };
  return asObject(all["properties"]) === undefined ? all : { ...all, properties };
}

function withState(body: Json, provisioningState: string): Json {
  return { ...body, properties: { ...propertiesOf(body), provisioningState } };
}
