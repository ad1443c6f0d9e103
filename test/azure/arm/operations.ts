import { randomUUID } from "node:crypto";
import { emptyResponse, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import type { ResourceId } from "./resource-id.ts";
import type { ArmCall, ArmRoute, ArmWorld } from "./world.ts";

/** A long-running PUT, PATCH, DELETE or action of a resource other than a group. It ends by the clock. */
export interface ResourceOperation {
  readonly id: string;
  readonly startedAt: number;
  readonly endsAt: number;
  /** The `error` of an operation that fails. */
  readonly error?: Json;
  /** `Retry-After` of its polls; the setting of all where left out. */
  readonly retryAfterSeconds?: number;
  /** What a poll of its result is answered with once it has ended; 200 without a body where left out. */
  readonly result?: () => Promise<WireResponse>;
}

/** How coming operations of some resources go. */
export interface OperationPlan {
  /** Fits the ids of the resources. */
  readonly of: RegExp;
  readonly verb: "write" | "delete";
  /** How many; one where left out. */
  readonly times?: number;
  /** How long; Infinity for one that never ends. */
  readonly seconds?: number;
  /** Fails it: `code`, `message`, maybe `details`. What was to be deleted stays. */
  readonly error?: Json;
}

/** What is being done to a resource, by its key. */
export interface Busy {
  readonly verb: "write" | "delete";
  readonly startedAt: number;
  readonly endsAt: number;
}

/** The plan for this operation, used up; undefined where nobody has one. */
export function takePlan({ plans }: ArmWorld, id: string, verb: Busy["verb"]): OperationPlan | undefined {
  const due = plans.find((entry) => entry.left > 0 && entry.plan.verb === verb && entry.plan.of.test(id));
  if (due !== undefined) due.left -= 1;
  return due?.plan;
}

/** Starts an operation on a resource; `ended` is called at its end, whether or not anybody polls. */
export function begin(
  world: ArmWorld,
  key: string,
  verb: Busy["verb"],
  { seconds, error, ended }: { readonly seconds: number; readonly error: Json | undefined; readonly ended: () => void },
): ResourceOperation {
  const startedAt = world.clock.time();
  const endsAt = startedAt + seconds * 1000;
  const operation = { id: randomUUID(), startedAt, endsAt, ...(error === undefined ? {} : { error }) };
  const busy = { verb, startedAt, endsAt };
  world.operations.set(operation.id, operation);
  world.busy.set(key, busy);
  world.timeline.at(endsAt, () => {
    if (world.busy.get(key) === busy) world.busy.delete(key);
    ended();
  });
  return operation;
}

/** The links that the answer to a long-running request carries. */
export function operationHeaders(
  { cloud, query, world }: ArmCall,
  id: Pick<ResourceId, "type" | "subscriptionId">,
  operation: Pick<ResourceOperation, "id">,
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

/** What a long-running request of a resource points to. */
export const operationRoute: ArmRoute = async ({ path, method, world, cloud, query }) => {
  const [, kind = "", id = ""] =
    /\/providers\/[^/]+\/locations\/[^/]+\/(operations|operationresults)\/([^/]+)$/i.exec(path) ?? [];
  const operation = world.operations.get(id);
  if (method !== "GET" || operation === undefined) return undefined;
  const { endsAt, startedAt, error } = operation;
  await hold(world, endsAt);
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

/** A GET of what is being deleted waits for the end of that, where the setting `holdSeconds` says so. */
export async function holdWhileDeleting({ method, path, world }: ArmCall): Promise<void> {
  const busy = method === "GET" ? world.busy.get(path.toLowerCase()) : undefined;
  if (busy?.verb === "delete") await hold(world, busy.endsAt);
}

/** Between two looks at a clock that a test may move. */
const LOOK_MILLISECONDS = 50;

/**
 * Holds an answer until a time of the clock, at most for the setting `holdSeconds`. Clients that poll without a delay of
 * their own would ask hundreds of times a second otherwise. Holds nothing while the clock is frozen.
 */
export async function hold({ clock, settings, timeline }: ArmWorld, until: number): Promise<void> {
  const latest = Math.min(until, clock.time() + settings.holdSeconds * 1000);
  while (!clock.frozen && clock.time() < latest) {
    const left = Math.min(LOOK_MILLISECONDS, latest - clock.time());
    // A held answer keeps no process alive: who asked may be gone.
    await new Promise((done) => setTimeout(done, left).unref());
  }
  timeline.settle();
}
