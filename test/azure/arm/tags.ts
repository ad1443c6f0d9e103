import { asObject, emptyResponse, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { isDeleting } from "./deletions.ts";
import { ArmFailure, groupNotFound, resourceNotFound } from "./failure.ts";
import { requireTags, requireWritable } from "./groups.ts";
import { parseResourceId } from "./resource-id.ts";
import type { ResourceDocument } from "./store.ts";
import type { ArmCall, ArmRoute } from "./world.ts";

const PATH = /^(.*)\/providers\/Microsoft\.Resources\/tags\/default$/i;

/** The Tags API at any scope: GET, PUT, PATCH with Merge, Replace or Delete, DELETE. */
export const tagRoute: ArmRoute = (call) => {
  const scope = PATH.exec(call.path)?.[1];
  if (scope === undefined) return undefined;
  const { world, method, caller } = call;
  const target = parseResourceId(scope);
  if (target === undefined) throw new ArmFailure(400, "InvalidResourceId", `The scope '${scope}' is not valid.`);
  const verb = method === "GET" ? "read" : method === "DELETE" ? "delete" : "write";
  const own =
    target.type === "Microsoft.Resources/resourceGroups"
      ? "Microsoft.Resources/subscriptions/resourceGroups"
      : target.type;
  world.authorization.require(
    caller,
    [`Microsoft.Resources/tags/${verb}`, `${own}/${verb === "read" ? "read" : "write"}`],
    scope,
  );
  const document = world.store.find(scope);
  if (document === undefined) {
    throw target.type === "Microsoft.Resources/resourceGroups"
      ? groupNotFound(target.name)
      : resourceNotFound(target.type, target.name, target.resourceGroup);
  }
  return answer(call, document);
};

function answer(call: ArmCall, document: ResourceDocument): WireResponse | undefined {
  const tags = asObject(document.body["tags"]) ?? {};
  if (call.method === "GET") return shown(document, tags);
  if (isDeleting(document) || document.type === "Microsoft.Resources/resourceGroups") requireWritable(call, document);
  const given = asObject(asObject(call.body?.["properties"])?.["tags"]) ?? {};
  switch (call.method) {
    case "PUT":
      return write(call, document, given);
    case "DELETE":
      write(call, document, {});
      return emptyResponse(200);
    case "PATCH":
      return write(call, document, patched(`${call.body?.["operation"]}`, tags, given));
    default:
      return undefined;
  }
}

function patched(operation: string, tags: Json, given: Json): Json {
  const fold = (name: string) => name.toLowerCase();
  const find = (name: string, within: Json) => Object.keys(within).find((each) => fold(each) === fold(name));
  switch (operation.toLowerCase()) {
    case "merge": {
      const all: Record<string, unknown> = { ...tags };
      // A name that is there already keeps its casing.
      for (const [name, value] of Object.entries(given)) all[find(name, all) ?? name] = value;
      return all;
    }
    case "replace":
      return given;
    case "delete":
      return Object.fromEntries(
        Object.entries(tags).filter(([name, value]) => {
          const named = find(name, given);
          return named === undefined || given[named] !== value;
        }),
      );
    default:
      throw new ArmFailure(
        400,
        "InvalidTagPatchOperation",
        `The tag patch operation '${operation}' is not valid. Valid operations: Replace, Merge, Delete.`,
      );
  }
}

function write({ world }: ArmCall, document: ResourceDocument, tags: Json): WireResponse {
  requireTags(tags);
  const written = world.store.put(document.id, { ...document.body, tags });
  return shown(written, tags);
}

function shown({ id }: ResourceDocument, tags: Json): WireResponse {
  return jsonResponse(200, {
    id: `${id}/providers/Microsoft.Resources/tags/default`,
    name: "default",
    type: "Microsoft.Resources/tags",
    properties: { tags },
  });
}
