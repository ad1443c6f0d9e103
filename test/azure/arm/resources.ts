import { randomUUID } from "node:crypto";
import { asObject, emptyResponse, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import { builtInDefinition, isKnown } from "./collections.ts";
import { isDeleting } from "./deletions.ts";
import { ArmFailure, groupBeingDeleted, groupNotFound, resourceNotFound } from "./failure.ts";
import { LOCK, requireUnlocked } from "./locks.ts";
import { parseCollection, parseResourceId, type ResourceId, within } from "./resource-id.ts";
import { present, type ResourceDocument } from "./store.ts";
import type { ArmCall, ArmRoute, ArmWorld, ResourceOperation } from "./world.ts";

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
  const id = parseResourceId(path);
  const verb = VERBS[method];
  if (id === undefined || verb === undefined || !isKnown(world, id.type)) return undefined;
  world.authorization.require(caller, [`${id.type}/${verb}`], id.id);
  const document = world.store.find(id.key) ?? builtIn(id);
  if (method === "PUT" || (method === "PATCH" && document !== undefined)) return write(call, id, document);
  if (document === undefined) {
    if (method === "DELETE") return emptyResponse(204);
    throw notFound(world, id);
  }
  if (method === "DELETE") return remove(call, document);
  return method === "HEAD" ? emptyResponse(204) : jsonResponse(200, present(document));
};

function builtIn({ type, name, scope }: ResourceId): ResourceDocument | undefined {
  if (type.toLowerCase() !== "microsoft.authorization/roledefinitions") return undefined;
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
  const { id: _id, name: _name, type: _type, ...given } = method === "PATCH" ? merged(before?.body ?? {}, body) : body;
  const prepared = behaviour?.prepare?.({ id, body: given, previous: before?.body, world }) ?? given;
  const seconds = behaviour?.seconds ?? world.settings.writeSeconds;
  const created = before === undefined ? (behaviour?.createStatus ?? 201) : 200;
  if (seconds === 0) {
    const document = world.store.put(id.id, prepared);
    behaviour?.stored?.(document, world);
    return jsonResponse(created, present(document));
  }
  const state = before === undefined ? "Creating" : "Updating";
  const document = world.store.put(id.id, withState(prepared, state));
  const error = behaviour?.failure?.(document);
  const operation = begin(world, seconds, error, () => {
    if (world.store.find(id.key) !== document) return;
    document.body = withState(document.body, error === undefined ? "Succeeded" : "Failed");
    behaviour?.stored?.(document, world);
  });
  return jsonResponse(created, present(document), operationHeaders(call, id, operation));
}

function remove(call: ArmCall, document: ResourceDocument): WireResponse {
  const { world } = call;
  if (document.type.toLowerCase() !== LOCK.toLowerCase()) requireUnlocked(world, document.id, "delete");
  const behaviour = world.behaviours.get(document.type.toLowerCase());
  const seconds = behaviour?.seconds ?? world.settings.writeSeconds;
  const gone = () => {
    for (const each of [...world.store.below(document.key), document].filter(({ key }) => within(document.key, key))) {
      world.store.remove(each.key);
      world.behaviours.get(each.type.toLowerCase())?.removed?.(each, world);
    }
  };
  if (seconds === 0) {
    const shown = present(document);
    gone();
    // Assignments answer with what was removed.
    const isAssignment = document.type.toLowerCase() === "microsoft.authorization/roleassignments";
    return isAssignment ? jsonResponse(200, shown) : emptyResponse(behaviour?.deleteStatus ?? 200);
  }
  document.body = withState(document.body, "Deleting");
  const operation = begin(world, seconds, undefined, gone);
  return emptyResponse(202, operationHeaders(call, document, operation));
}

function begin(world: ArmWorld, seconds: number, error: Json | undefined, ended: () => void): ResourceOperation {
  const startedAt = world.clock.time();
  const operation = {
    id: randomUUID(),
    startedAt,
    endsAt: startedAt + seconds * 1000,
    ...(error === undefined ? {} : { error }),
  };
  world.operations.set(operation.id, operation);
  world.timeline.at(operation.endsAt, ended);
  return operation;
}

function operationHeaders(
  { cloud, query, world }: ArmCall,
  id: ResourceId,
  operation: ResourceOperation,
): WireResponse["headers"] {
  const [namespace = ""] = id.type.split("/");
  const base = `https://${cloud.resourceManager}/subscriptions/${id.subscriptionId}/providers/${namespace}/locations/eastus`;
  const link = (what: string) => `${base}/${what}/${operation.id}?api-version=${query["api-version"]}`;
  return {
    "azure-asyncoperation": link("operations"),
    location: link("operationResults"),
    "retry-after": `${world.settings.retryAfterSeconds}`,
  };
}

/** What a long-running PUT or DELETE of a resource points to. */
export const operationRoute: ArmRoute = ({ path, method, world, cloud, query }) => {
  const [, kind = "", id = ""] =
    /\/providers\/[^/]+\/locations\/[^/]+\/(operations|operationresults)\/([^/]+)$/i.exec(path) ?? [];
  const operation = world.operations.get(id);
  if (method !== "GET" || operation === undefined) return undefined;
  const { endsAt, startedAt, error } = operation;
  const running = world.clock.time() < endsAt;
  if (kind.toLowerCase() === "operationresults") {
    const location = `https://${cloud.resourceManager}${path}?api-version=${query["api-version"]}`;
    if (!running) return operation.result?.() ?? emptyResponse(200);
    const wait = operation.retryAfterSeconds ?? world.settings.retryAfterSeconds;
    return emptyResponse(202, { location, "retry-after": `${wait}` });
  }
  const status = running ? "InProgress" : error === undefined ? "Succeeded" : "Failed";
  const startTime = new Date(startedAt).toISOString();
  const ended = running ? {} : { endTime: new Date(endsAt).toISOString(), ...(error === undefined ? {} : { error }) };
  return jsonResponse(200, { id: path, name: id, status, startTime, ...ended });
};

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
