import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import { admit } from "./admission.ts";
import type { Json } from "./field-paths.ts";
import { apiVersionOf } from "./kinds.ts";
import { applyObject, updateOwners } from "./managed-fields.ts";
import { jsonPatch, mergePatch, strategicMergePatch } from "./merge-patch.ts";
import type { Target } from "./request-path.ts";
import { createFilter } from "./selectors.ts";
import { notFound, Refusal } from "./status.ts";
import { nameOf, rfc3339, type Store } from "./store.ts";

/** A request for objects, read. */
export interface ObjectRequest {
  readonly method: string;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: unknown;
}

interface Bench {
  readonly store: Store;
  now(): Date;
  /** Whether a namespace is there. */
  hasNamespace(name: string): boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Reads and writes objects as the API server does. @throws Refusal */
export function answerRequest(bench: Bench, request: ObjectRequest): Answer {
  const { method, target } = request;
  if (method === "GET")
    return { status: 200, body: target.name === undefined ? list(bench, request) : need(bench, target) };
  if (method === "POST") return create(bench, request);
  if (method === "PUT") return { status: 200, body: update(bench, request, request.body as KubeObject) };
  if (method === "PATCH") return patch(bench, request);
  if (method === "DELETE")
    return { status: 200, body: target.name === undefined ? removeAll(bench, request) : remove(bench, request) };
  throw new Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

function list({ store }: Bench, { target, query }: ObjectRequest): unknown {
  const filter = createFilter(query.get("labelSelector") ?? "", query.get("fieldSelector") ?? "");
  const all = store.list(target.kind, target.namespace).filter(filter);
  const limit = Number(query.get("limit") ?? 0) || all.length;
  const { from, version } = readContinue(query.get("continue"), store);
  const items = all.slice(from, from + limit);
  const more = from + limit < all.length;
  const next = more
    ? {
        continue: Buffer.from(JSON.stringify({ from: from + limit, version })).toString("base64"),
        remainingItemCount: all.length - from - limit,
      }
    : {};
  const { kind } = target.kind;
  return {
    kind: `${kind}List`,
    apiVersion: apiVersionOf(target.kind),
    metadata: { resourceVersion: String(version), ...next },
    items,
  };
}

function readContinue(text: string | null, store: Store): { readonly from: number; readonly version: number } {
  if (text === null) return { from: 0, version: store.version() };
  const token = JSON.parse(Buffer.from(text, "base64").toString()) as {
    readonly from: number;
    readonly version: number;
  };
  if (store.since(token.version) !== undefined) return token;
  throw new Refusal(410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
}

function need({ store }: Bench, { kind, namespace, name = "" }: Target): KubeObject {
  const found = store.find(kind, namespace, name);
  if (found === undefined) throw notFound(nameOf(kind), name);
  return found;
}

function create(bench: Bench, request: ObjectRequest): Answer {
  const { target, query } = request;
  const given = request.body as KubeObject;
  const generated = (given.metadata as { readonly generateName?: string }).generateName;
  const name = given.metadata.name ?? `${generated}${Math.random().toString(36).slice(2, 7)}`;
  const placed = place(bench, { ...target, name }, given);
  return {
    status: 201,
    body: write(
      bench,
      request,
      undefined,
      updateOwners(undefined, admit(target.kind, placed), ownerOf(bench, request)),
      query,
    ),
  };
}

/** Its namespace and name are the path's. */
function place({ hasNamespace }: Bench, { kind, namespace, name }: Target, object: KubeObject): KubeObject {
  if (kind.namespaced && !hasNamespace(namespace ?? "")) throw notFound("namespaces", namespace ?? "");
  const metadata = {
    ...object.metadata,
    name: name ?? object.metadata.name,
    ...(kind.namespaced ? { namespace } : {}),
  };
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata } as KubeObject;
}

function ownerOf({ now }: Bench, { query, userAgent, target }: ObjectRequest) {
  const manager = query.get("fieldManager") ?? userAgent.split("/")[0] ?? "unknown";
  return { manager, apiVersion: apiVersionOf(target.kind), at: rfc3339(now()) };
}

function write(
  { store }: Bench,
  { target }: ObjectRequest,
  live: KubeObject | undefined,
  next: KubeObject,
  query: URLSearchParams,
): KubeObject {
  if (query.get("dryRun") !== "All")
    return live === undefined ? store.create(target.kind, next) : store.replace(target.kind, next);
  if (live === undefined && store.find(target.kind, target.namespace, next.metadata.name) !== undefined) {
    throw new Refusal(409, "AlreadyExists", `${nameOf(target.kind)} "${next.metadata.name}" already exists`);
  }
  return live === undefined ? { ...next, metadata: { ...next.metadata, uid: "dry-run", generation: 1 } } : next;
}

function update(bench: Bench, request: ObjectRequest, given: KubeObject): KubeObject {
  const { target, query } = request;
  const live = need(bench, target);
  const wanted = given.metadata.resourceVersion;
  if (wanted !== undefined && wanted !== "" && wanted !== live.metadata.resourceVersion) {
    const text = "the object has been modified; please apply your changes to the latest version and try again";
    throw new Refusal(
      409,
      "Conflict",
      `Operation cannot be fulfilled on ${nameOf(target.kind)} "${target.name}": ${text}`,
    );
  }
  const next = keepOtherHalf(target, live, place(bench, target, given));
  return write(bench, request, live, updateOwners(live, next, ownerOf(bench, request)), query);
}

/** The main resource leaves the status alone, and the status leaves all else alone. */
function keepOtherHalf({ kind, subresource }: Target, live: KubeObject, next: KubeObject): KubeObject {
  if (subresource === "status") return { ...live, status: next["status"] };
  const { managedFields: _, ...metadata } = next.metadata as unknown as Json;
  const own = { ...next, metadata } as unknown as KubeObject;
  if (!kind.subresources.includes("status")) return own;
  const { status: __, ...rest } = own;
  return (live["status"] === undefined ? rest : { ...rest, status: live["status"] }) as KubeObject;
}

function patch(bench: Bench, request: ObjectRequest): Answer {
  const { target, contentType, body, query } = request;
  if (contentType.startsWith("application/apply-patch")) return apply(bench, request);
  const live = need(bench, target);
  const change = contentType.startsWith("application/strategic-merge-patch")
    ? strategicMergePatch
    : contentType.startsWith("application/json-patch")
      ? (at: unknown, operations: unknown) => jsonPatch(at, operations as readonly Json[])
      : mergePatch;
  const next = keepOtherHalf(target, live, place(bench, target, change(live, body) as KubeObject));
  return { status: 200, body: write(bench, request, live, updateOwners(live, next, ownerOf(bench, request)), query) };
}

function apply(bench: Bench, request: ObjectRequest): Answer {
  const { target, query, body } = request;
  if (query.get("fieldManager") === null) {
    throw new Refusal(
      400,
      "BadRequest",
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const live = bench.store.find(target.kind, target.namespace, target.name ?? "");
  const applied = place(bench, target, body as KubeObject);
  const applier = { ...ownerOf(bench, request), force: query.get("force") === "true" };
  const next = applyObject(live, live === undefined ? admit(target.kind, applied) : applied, applier);
  return { status: live === undefined ? 201 : 200, body: write(bench, request, live, next, query) };
}

function remove(bench: Bench, { target, body, query }: ObjectRequest): KubeObject {
  const live = need(bench, target);
  const { preconditions = {}, dryRun } = (body ?? {}) as {
    readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
    readonly dryRun?: unknown;
  };
  const { uid, resourceVersion } = preconditions;
  const refuse = (what: string, wanted: string, there: string | undefined): Refusal =>
    new Refusal(
      409,
      "Conflict",
      `Operation cannot be fulfilled on ${nameOf(target.kind)} "${target.name}": the ${what} in the precondition (${wanted}) does not match the ${what} in record (${there}). The object might have been deleted and then recreated`,
    );
  if (uid !== undefined && uid !== live.metadata.uid) throw refuse("UID", uid, live.metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    throw refuse("ResourceVersion", resourceVersion, live.metadata.resourceVersion);
  }
  if (dryRun !== undefined || query.get("dryRun") === "All") return live;
  return bench.store.remove(target.kind, target.namespace, target.name ?? "");
}

function removeAll(bench: Bench, request: ObjectRequest): unknown {
  const found = list(bench, request) as { readonly items: readonly KubeObject[] };
  for (const { metadata } of found.items) bench.store.remove(request.target.kind, metadata.namespace, metadata.name);
  return found;
}
