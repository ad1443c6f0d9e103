import { propertiesOf } from "../arm/authorization.ts";
import type { TypeBehaviour } from "../arm/behaviour.ts";
import { ArmFailure, resourceNotFound } from "../arm/failure.ts";
import { equalTo } from "../arm/filter.ts";
import { page } from "../arm/paging.ts";
import { parseCollection } from "../arm/resource-id.ts";
import type { ArmRoute } from "../arm/world.ts";
import type { Blobs } from "../blobs/blobs.ts";
import { emptyResponse, jsonResponse } from "../wire.ts";
import type { Tasks } from "./tasks.ts";

const RUNS = "Microsoft.ContainerRegistry/registries/runs";

/** `runs/{id}` of a registry: read, archived, cancelled, and its log. Nobody can PUT one. */
export function runBehaviour(tasks: Tasks, blobs: Blobs): TypeBehaviour {
  return {
    type: RUNS,
    seconds: 0,
    prepare: ({ id, body, previous }) => {
      if (previous === undefined) throw resourceNotFound(id.type, id.name, id.resourceGroup);
      const { isArchiveEnabled } = propertiesOf(body);
      return { ...previous, properties: { ...propertiesOf(previous), isArchiveEnabled: isArchiveEnabled === true } };
    },
    removed: ({ name }) => tasks.find(name)?.stop("Canceled"),
    actions: {
      cancel: ({ name }) => {
        tasks.find(name)?.stop("Canceled");
        return emptyResponse(200);
      },
      listlogsasurl: (document) => {
        const run = tasks.find(document.name);
        if (run === undefined) throw resourceNotFound(document.type, document.name, document.resourceGroup);
        const seconds = tasks.settings.logLinkSeconds;
        return jsonResponse(200, { logLink: blobs.sign(run.plan.log.address, { permissions: "r", seconds }) });
      },
    },
  };
}

/** The list of a registry's runs; the filter compares one property. */
export const runRoute: ArmRoute = (call) => {
  const collection = parseCollection(call.path);
  if (call.method !== "GET" || collection?.parent === undefined) return undefined;
  if (collection.type.toLowerCase() !== RUNS.toLowerCase()) return undefined;
  const { world, caller, query } = call;
  world.authorization.require(caller, [`${RUNS}/read`], collection.parent);
  const registry = world.store.find(collection.parent);
  if (registry === undefined) {
    const [, group] = /\/resourcegroups\/([^/]+)/i.exec(collection.parent) ?? [];
    throw resourceNotFound("Microsoft.ContainerRegistry/registries", collection.parent.split("/").at(-1) ?? "", group);
  }
  const fits = runFilter(query["$filter"]);
  return page(
    call,
    world.store.list(RUNS, collection.parent).filter(({ body }) => fits(propertiesOf(body))),
  );
};

function runFilter(filter: string | undefined): (properties: Readonly<Record<string, unknown>>) => boolean {
  if (filter === undefined || filter === "") return () => true;
  const [, field = ""] = /^(\w+) eq /i.exec(filter.trim()) ?? [];
  const wanted = equalTo(filter, field);
  if (wanted === undefined || !["runid", "status", "runtype"].includes(field.toLowerCase())) {
    throw new ArmFailure(
      400,
      "InvalidFilterInQueryString",
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  }
  return (properties) => {
    const value = Object.entries(properties).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1];
    return `${value}`.toLowerCase() === wanted.toLowerCase();
  };
}
