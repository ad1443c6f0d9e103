import { type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { ArmFailure } from "./failure.ts";
import { present, type ResourceDocument } from "./store.ts";
import type { ArmCall } from "./world.ts";

/**
 * One page of a list, in alphabetical order of ids, with a next link that goes on behind the last id shown:
 * what vanishes between two pages moves nothing.
 */
export function page(call: ArmCall, documents: readonly ResourceDocument[], shown = present): WireResponse {
  const { query, world } = call;
  const size = pageSize(call);
  const from = query["$skiptoken"] === undefined ? undefined : Buffer.from(query["$skiptoken"], "base64url").toString();
  const left = documents.filter(({ key }) => from === undefined || key > from).sort((a, b) => (a.key < b.key ? -1 : 1));
  if (world.settings.emptyFirstPage && from === undefined && left.length > 0) {
    return jsonResponse(200, { value: [], nextLink: nextLink(call, "") });
  }
  const items = left.slice(0, size);
  const last = items.at(-1);
  const value = items.map((document, index) => spelled(shown(document), index, call));
  if (last === undefined || left.length <= size) return jsonResponse(200, { value });
  return jsonResponse(200, { value, nextLink: nextLink(call, last.key) });
}

function pageSize({ query, world }: ArmCall): number {
  const top = query["$top"];
  if (top === undefined) return world.settings.pageSize;
  if (!/^[1-9]\d*$/.test(top)) {
    throw new ArmFailure(
      400,
      "InvalidTopInQueryString",
      `The value '${top}' of '$top' in the query string is not valid.`,
    );
  }
  return Math.min(Number(top), 1000);
}

/** ARM writes the whole query again, names escaped, with its own place in the list. */
function nextLink({ url, cloud, query, world }: ArmCall, last: string): string {
  const { nextLinkApiVersion } = world.settings;
  const parameters = Object.entries({ ...query, "api-version": nextLinkApiVersion ?? query["api-version"] ?? "" })
    .filter(([name]) => name !== "$skiptoken")
    .concat([["$skiptoken", Buffer.from(last).toString("base64url")]]);
  const text = parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return `https://${cloud.resourceManager}${url.pathname}?${text}`;
}

function spelled(item: Json, index: number, { world }: ArmCall): Json {
  if (!world.settings.mixedCaseIds || index % 2 === 0) return item;
  return { ...item, id: `${item["id"]}`.replace("/resourceGroups/", "/resourcegroups/") };
}
