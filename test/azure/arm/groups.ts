import { asObject, asText, emptyResponse, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { isDeleting } from "./deletions.ts";
import { ArmFailure, groupBeingDeleted, groupNotFound } from "./failure.ts";
import { tagFilter } from "./filter.ts";
import { requireUnlocked } from "./locks.ts";
import { page } from "./paging.ts";
import { present, type ResourceDocument } from "./store.ts";
import type { ArmCall, ArmRoute } from "./world.ts";

export const GROUP = "Microsoft.Resources/resourceGroups";
const ACTION = "Microsoft.Resources/subscriptions/resourceGroups";
const PATH = /^(\/subscriptions\/([^/]+))\/resourcegroups(?:\/([^/]+))?$/i;

/** Resource groups: list, GET, HEAD, PUT, PATCH, DELETE. */
export const groupRoute: ArmRoute = (call) => {
  const [, subscription = "", , name] = PATH.exec(call.path) ?? [];
  if (subscription === "") return undefined;
  return name === undefined ? list(call, subscription) : one(call, subscription, name);
};

function list(call: ArmCall, subscription: string): WireResponse | undefined {
  if (call.method !== "GET") return undefined;
  const { store, authorization, settings, ghosts, clock } = call.world;
  const { caller, query } = call;
  const everywhere = authorization.allowed(caller, `${ACTION}/read`, subscription);
  if (!everywhere && !authorization.sees(caller, subscription))
    authorization.require(caller, [`${ACTION}/read`], subscription);
  const wanted = tagFilter(query["$filter"]);
  const lingering = ghosts
    .filter((ghost) => ghost.in === "groups" && ghost.until > clock.time())
    .map(({ document }) => document);
  const groups = settings.emptyLists ? [] : [...store.list(GROUP, subscription), ...lingering];
  return page(
    call,
    groups.filter(
      ({ body, id }) => wanted(body) && (everywhere || authorization.allowed(caller, `${ACTION}/read`, id)),
    ),
  );
}

function one(call: ArmCall, subscription: string, name: string): WireResponse | undefined {
  const { method, world, caller } = call;
  const id = `${subscription}/resourceGroups/${name}`;
  const group = world.store.find(id);
  const verb = { GET: "read", HEAD: "read", PUT: "write", PATCH: "write", DELETE: "delete" }[method];
  if (verb === undefined) return undefined;
  world.authorization.require(caller, [`${ACTION}/${verb}`], group?.id ?? id);
  if (method === "PUT") return put(call, id, name, group);
  if (group === undefined) {
    if (method === "HEAD") return emptyResponse(404);
    throw groupNotFound(name);
  }
  switch (method) {
    case "HEAD":
      return emptyResponse(204);
    case "GET":
      return jsonResponse(200, present(group));
    case "PATCH":
      return patch(call, group);
    default:
      return world.deletions.start(world, group, operationLink(call), call.query["forcedeletiontypes"]);
  }
}

/** Makes a path absolute, with the api-version of the request: the client follows it as it is. */
export function operationLink({ cloud, query }: ArmCall): (path: string) => string {
  return (path) => `https://${cloud.resourceManager}${path}?api-version=${query["api-version"]}`;
}

function put(call: ArmCall, id: string, name: string, before: ResourceDocument | undefined): WireResponse {
  const { body = {}, world } = call;
  if (!/^[-\w._()]{0,89}[-\w_()]$/u.test(name)) {
    throw new ArmFailure(
      400,
      "InvalidResourceGroupName",
      `The provided resource group name '${name}' has these invalid characters or ends with a period.`,
    );
  }
  const location = asText(body["location"]);
  if (location === undefined)
    throw new ArmFailure(400, "LocationRequired", "The location property is required for this definition.");
  if (before !== undefined) {
    requireWritable(call, before);
    const there = asText(before.body["location"]) ?? "";
    if (normalized(there) !== normalized(location)) {
      throw new ArmFailure(
        409,
        "InvalidResourceGroupLocation",
        `Invalid resource group location '${location}'. The Resource group already exists in location '${there}'.`,
      );
    }
  }
  const group = world.store.put(id, groupBody(normalized(location), tagsOf(body), asText(body["managedBy"])));
  return jsonResponse(before === undefined ? 201 : 200, present(group));
}

function patch(call: ArmCall, group: ResourceDocument): WireResponse {
  requireWritable(call, group);
  const { body = {}, world } = call;
  const managedBy = asText(body["managedBy"]) ?? asText(group.body["managedBy"]);
  const tags = body["tags"] === undefined ? asObject(group.body["tags"]) : tagsOf(body);
  const written = world.store.put(group.id, groupBody(asText(group.body["location"]) ?? "", tags, managedBy));
  return jsonResponse(200, present(written));
}

/** @throws ArmFailure where the group is being deleted or locked against writes */
export function requireWritable({ world }: Pick<ArmCall, "world">, group: ResourceDocument): void {
  if (isDeleting(group)) throw groupBeingDeleted(group.name);
  requireUnlocked(world, group.id, "write");
}

export function groupBody(
  location: string,
  tags: Json | undefined,
  managedBy?: string,
  provisioningState = "Succeeded",
): Json {
  return {
    location,
    ...(tags === undefined ? {} : { tags }),
    ...(managedBy === undefined ? {} : { managedBy }),
    properties: { provisioningState },
  };
}

function tagsOf(body: Json): Json | undefined {
  const tags = asObject(body["tags"]);
  if (tags !== undefined) requireTags(tags);
  return tags;
}

/** @throws ArmFailure beyond 50 tags, 512 characters of name, 256 of value */
export function requireTags(tags: Json): void {
  const entries = Object.entries(tags);
  if (entries.length > 50) {
    throw new ArmFailure(400, "InvalidTagCount", `The number of tags '${entries.length}' exceeds the maximum of '50'.`);
  }
  for (const [name, value] of entries) {
    if (name.length > 512)
      throw new ArmFailure(
        400,
        "InvalidTagNameLength",
        `Tag name too large. The tag name '${name}' exceeds '512' characters.`,
      );
    if (`${value}`.length > 256)
      throw new ArmFailure(
        400,
        "InvalidTagValueLength",
        `Tag value too large. The value of tag '${name}' exceeds '256' characters.`,
      );
  }
}

function normalized(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}
