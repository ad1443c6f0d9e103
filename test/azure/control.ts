import { GITHUB_ORDERS } from "../github/orders.ts";
import { REGISTRY_ORDERS } from "./acr/orders.ts";
import { CLUSTER_ORDERS } from "./aks/orders.ts";
import type { DeletionPlan } from "./arm/deletions.ts";
import type { OperationPlan } from "./arm/operations.ts";
import type { RoleActions } from "./arm/roles.ts";
import type { Azure } from "./azure.ts";
import type { Effect, FaultMatch } from "./faults.ts";
import type { JobOptions } from "./github/issuer.ts";
import {
  asText,
  bodyJson,
  emptyResponse,
  type Json,
  jsonResponse,
  type WireRequest,
  type WireResponse,
} from "./wire.ts";

/** The name under which another process reaches the emulator itself, through the proxy. */
export const CONTROL_HOST = "emulator.mayfly.test";

type Command = (azure: Azure, body: Json, id: string) => unknown;

/** What another process may ask, as `METHOD /path`; bodies and answers are JSON. Undefined answers are 204. */
const COMMANDS: Readonly<Record<string, Command>> = {
  "GET /traffic": ({ traffic }) => ({ requests: traffic.requests, dropped: traffic.dropped }),
  "DELETE /traffic": ({ traffic }) => traffic.clear(),
  "GET /state": (azure) => {
    azure.arm.settle();
    const { store, deletions } = azure.arm;
    return {
      now: azure.clock.now(),
      resources: store.below("/").map(({ id, type, body }) => ({ id, type, ...body })),
      deletions,
    };
  },
  "GET /clock": ({ clock }) => ({ now: clock.now(), frozen: clock.frozen }),
  "POST /clock": ({ clock }, { advanceSeconds, set, frozen, tickMilliseconds }) => {
    if (frozen === true) clock.freeze();
    if (frozen === false) clock.resume();
    if (typeof set === "string") clock.set(new Date(set));
    if (typeof advanceSeconds === "number") clock.advance(advanceSeconds * 1000);
    if (typeof tickMilliseconds === "number") clock.tick(tickMilliseconds);
    return { now: clock.now(), frozen: clock.frozen };
  },
  "POST /faults": ({ faults }, body) => faults.add(readFault(body), body["effect"] as Effect),
  "DELETE /faults": ({ faults }) => faults.clear(),
  "GET /settings": ({ arm }) => arm.settings,
  "PATCH /settings": ({ arm }, body) => Object.assign(arm.settings, body),
  "GET /tasks": ({ tasks }) => tasks.settings,
  "PATCH /tasks": ({ tasks }, body) => Object.assign(tasks.settings, body),
  "POST /jobs": ({ github }, body) => github.registerJob(body as unknown as JobOptions),
  "DELETE /jobs": ({ github }, _, id) => github.complete({ id }),
  "POST /deletions": ({ arm }, { group, ...plan }) => arm.planDeletion(`${group}`, plan as unknown as DeletionPlan),
  "POST /operations": ({ arm }, { of, ...plan }) =>
    arm.planOperation({ of: new RegExp(`${of}`, "i"), ...plan } as OperationPlan),
  "POST /tags": ({ arm }, { group, tags }) => arm.tag(`${group}`, tags as Record<string, string>),
  "POST /roles": ({ arm }, { principal, role, scope, condition }) =>
    arm.assignRole(`${principal}`, role as string | RoleActions, `${scope}`, asText(condition)),
  ...REGISTRY_ORDERS,
  ...CLUSTER_ORDERS,
  ...GITHUB_ORDERS,
};

/** Answers the control host. Its requests are not recorded. */
export function createControl(azure: Azure): (request: WireRequest) => Promise<WireResponse> {
  return async (request) => {
    const [, first = "", id = ""] = new URL(request.url).pathname.split("/");
    const command = COMMANDS[`${request.method} /${first}`];
    if (command === undefined) return jsonResponse(404, { error: "no such command", commands: Object.keys(COMMANDS) });
    try {
      const answer = await command(azure, bodyJson(request) ?? {}, id);
      return answer === undefined ? emptyResponse(204) : jsonResponse(200, answer);
    } catch (failure) {
      return jsonResponse(400, { error: failure instanceof Error ? failure.message : `${failure}` });
    }
  };
}

/** A fault as JSON: its patterns are texts. Effects that are functions can only be added in the process itself. */
function readFault({ name, when, times, after, effect }: Json) {
  const kind = asText((effect as Json | undefined)?.["kind"]);
  if (!["respond", "throttle", "reset", "cut", "slow"].includes(kind ?? ""))
    throw new Error(`The effect "${kind}" cannot be added from outside`);
  const { method, host, path, query } = (when ?? {}) as Record<string, string | undefined>;
  const match: FaultMatch = {
    ...(method === undefined ? {} : { method }),
    ...(host === undefined ? {} : { host }),
    ...(path === undefined ? {} : { path: new RegExp(path) }),
    ...(query === undefined ? {} : { query: new RegExp(query) }),
  };
  return {
    name: asText(name) ?? "unnamed",
    when: match,
    ...(typeof times === "number" ? { times } : {}),
    ...(typeof after === "number" ? { after } : {}),
  };
}
