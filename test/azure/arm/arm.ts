import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { type CloudName, cloudOfResourceManager } from "../clouds.ts";
import type { Directory } from "../entra/directory.ts";
import { asObject, bodyJson, type Json, jsonResponse, type WireRequest, type WireResponse } from "../wire.ts";
import { createAuthentication } from "./authentication.ts";
import { createAuthorization } from "./authorization.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import { denyAssignmentBody, knownBehaviours } from "./behaviours.ts";
import { collectionRoute } from "./collections.ts";
import { createDeletions, type Deletion, type DeletionPlan } from "./deletions.ts";
import { ArmFailure, failureResponse } from "./failure.ts";
import { GROUP, groupBody, groupRoute, operationLink } from "./groups.ts";
import { LOCK } from "./locks.ts";
import { metadataResponse } from "./metadata.ts";
import { holdWhileDeleting, type OperationPlan, operationRoute } from "./operations.ts";
import { removeWhole, resourceRoute } from "./resources.ts";
import type { RoleActions } from "./roles.ts";
import { type ArmSettings, defaultSettings } from "./settings.ts";
import { createStore, type ResourceDocument, type Store } from "./store.ts";
import { requireSubscription, subscriptionRoute } from "./subscriptions.ts";
import { tagRoute } from "./tags.ts";
import { createThrottle } from "./throttle.ts";
import { createTimeline } from "./timeline.ts";
import type { ArmCall, ArmRoute, ArmWorld } from "./world.ts";

export interface GroupOptions {
  readonly subscriptionId: string;
  readonly name: string;
  /** `eastus` where left out. */
  readonly location?: string;
  /** Kept as they are, also two names that differ in case only. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly managedBy?: string;
  readonly provisioningState?: string;
}

export interface Arm {
  /** Behaviour that may be changed at any time. */
  readonly settings: ArmSettings;
  readonly store: Store;
  addSubscription(options: {
    id: string;
    tenantId: string;
    name?: string;
    state?: string;
    cloud?: CloudName;
  }): ResourceDocument;
  addResourceGroup(options: GroupOptions): ResourceDocument;
  /** Puts any resource in place without a request, whatever its type. */
  add(id: string, body?: Json): ResourceDocument;
  remove(id: string): void;
  find(id: string): ResourceDocument | undefined;
  groups(subscriptionId: string): readonly ResourceDocument[];
  /** Edits a group's tags as its owner would; undefined removes one. */
  tag(groupId: string, tags: Readonly<Record<string, string | undefined>>): void;
  addLock(scope: string, lock: { name: string; level: "CanNotDelete" | "ReadOnly"; notes?: string }): ResourceDocument;
  addDenyAssignment(
    scope: string,
    options: { name: string; actions?: readonly string[]; excludePrincipals?: readonly string[] },
  ): ResourceDocument;
  /** A built-in role by name, or actions of a custom one; with a condition of version 2.0. Returns the assignment's id. */
  assignRole(principalId: string, role: string | RoleActions, scope: string, condition?: string): string;
  /** How the next deletion of a group goes; without a plan it is gone in the end. */
  planDeletion(groupId: string, plan: DeletionPlan): void;
  readonly deletions: readonly Deletion[];
  /** How coming operations of other resources go; without a plan they succeed after `writeSeconds`. */
  planOperation(plan: OperationPlan): void;
  /** Makes a type known, or changes what it does. */
  define(behaviour: TypeBehaviour): void;
  /** Adds POST actions to a type that is known. @throws Error where it is not */
  extend(type: string, actions: NonNullable<TypeBehaviour["actions"]>): void;
  /** Lets another part answer for paths that are no resources of the store. Later routes go first. */
  addRoute(route: ArmRoute): void;
  /** What the parts of ARM share, for another part that answers for paths of its own. */
  readonly world: ArmWorld;
  /** Lets types in that have no behaviour: they are echoed. */
  allowUnknownTypes(pattern: RegExp): void;
  /** Lets happen what the clock has made due. */
  settle(): void;
  /** A text where the request is refused because the emulator does not know it. */
  answer(
    request: WireRequest,
    url: URL,
  ): Promise<WireResponse | { readonly refused: string; readonly response: WireResponse }>;
}

const ROUTES: readonly ArmRoute[] = [
  subscriptionRoute,
  groupRoute,
  tagRoute,
  operationResults,
  operationRoute,
  collectionRoute,
  resourceRoute,
];

export function createArm(clock: Clock, directory: Directory): Arm {
  const settings = defaultSettings();
  const store = createStore();
  const timeline = createTimeline(clock);
  const authorization = createAuthorization(store, (objectId) => directory.principalByObject(objectId)?.groups ?? []);
  const deletions = createDeletions();
  const throttle = createThrottle(clock, settings);
  const authenticate = createAuthentication(clock);
  const parts = { clock, settings, store, timeline, authorization, directory, deletions };
  const world: ArmWorld = {
    ...parts,
    behaviours: knownBehaviours(),
    unknownTypes: [],
    ghosts: [],
    operations: new Map(),
    busy: new Map(),
    plans: [],
  };

  const routes = [...ROUTES];

  const carryOut = async (request: WireRequest, url: URL) => {
    const cloud = cloudOfResourceManager(url.hostname);
    if (cloud === undefined) return undefined;
    const query = Object.fromEntries([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
    // az leaves out the parent of a resource, not the slash before it: `Microsoft.Network//virtualNetworks`.
    const path = decodeURIComponent(url.pathname)
      .replace(/\/{2,}/g, "/")
      .replace(/(.)\/$/, "$1");
    if (path.toLowerCase() === "/metadata/endpoints") return metadataResponse(cloud, query["api-version"] ?? "");
    const caller = await authenticate(request, cloud);
    requireApiVersion(query["api-version"]);
    const subscriptionId = requireSubscription(store, path, caller.tenantId);
    const { tenantId, objectId: principalId } = caller;
    const quota = throttle.take({ method: request.method, subscriptionId, tenantId, principalId });
    const call: ArmCall = { method: request.method, url, path, query, body: bodyJson(request), caller, cloud, world };
    await holdWhileDeleting(call);
    try {
      const response = await firstAnswer(call, routes);
      return response === undefined ? undefined : { ...response, headers: { ...quota, ...response.headers } };
    } catch (failure) {
      if (!(failure instanceof ArmFailure)) throw failure;
      const response = failureResponse(failure);
      return { ...response, headers: { ...quota, ...response.headers } };
    }
  };

  const edit = (id: string, body: Json) => store.put(id, body);
  return {
    settings,
    store,
    addSubscription: ({ id, tenantId, name = "Sandbox", state = "Enabled" }) =>
      edit(`/subscriptions/${id}`, {
        tenantId,
        displayName: name,
        state,
        subscriptionPolicies: { spendingLimit: "Off" },
      }),
    addResourceGroup: ({ subscriptionId, name, location = "eastus", tags, managedBy, provisioningState }) =>
      edit(
        `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
        groupBody(location, tags, managedBy, provisioningState),
      ),
    add: (id, body = {}) => edit(id, body),
    remove: (id) => {
      const document = store.find(id);
      if (document !== undefined) removeWhole(world, document);
    },
    find: (id) => {
      timeline.settle();
      return store.find(id);
    },
    groups: (subscriptionId) => {
      timeline.settle();
      return store.list(GROUP, `/subscriptions/${subscriptionId}`);
    },
    tag: (groupId, tags) => {
      const group = store.find(groupId);
      if (group === undefined) throw new Error(`No group ${groupId}`);
      const all = { ...asObject(group.body["tags"]), ...tags };
      edit(groupId, {
        ...group.body,
        tags: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      });
    },
    addLock: (scope, { name, ...properties }) => edit(`${scope}/providers/${LOCK}/${name}`, { properties }),
    addDenyAssignment: (scope, { name, actions = ["*/delete", "*/write"], excludePrincipals = [] }) =>
      edit(
        `${scope}/providers/Microsoft.Authorization/denyAssignments/${randomUUID()}`,
        denyAssignmentBody({ name, actions, excludePrincipals, scope }),
      ),
    assignRole: authorization.assign,
    planDeletion: deletions.plan,
    deletions: deletions.all,
    planOperation: (plan) => {
      world.plans.push({ plan, left: plan.times ?? 1 });
    },
    define: (behaviour) => {
      world.behaviours.set(behaviour.type.toLowerCase(), behaviour);
    },
    extend: (type, actions) => {
      const behaviour = world.behaviours.get(type.toLowerCase());
      if (behaviour === undefined) throw new Error(`No type ${type}`);
      const lower = Object.fromEntries(Object.entries(actions).map(([name, action]) => [name.toLowerCase(), action]));
      world.behaviours.set(type.toLowerCase(), { ...behaviour, actions: { ...behaviour.actions, ...lower } });
    },
    addRoute: (route) => {
      routes.unshift(route);
    },
    world,
    allowUnknownTypes: (pattern) => {
      world.unknownTypes.push(pattern);
    },
    settle: timeline.settle,
    answer: async (request, url) => {
      timeline.settle();
      const headers = armHeaders(request, clock);
      try {
        const response = await carryOut(request, url);
        if (response !== undefined) return { ...response, headers: { ...headers, ...response.headers } };
        return refusal(url, request.method, headers);
      } catch (failure) {
        if (!(failure instanceof ArmFailure)) throw failure;
        const response = failureResponse(failure);
        return { ...response, headers: { ...headers, ...response.headers } };
      }
    },
  };
}

async function firstAnswer(call: ArmCall, routes: readonly ArmRoute[]): Promise<WireResponse | undefined> {
  for (const route of routes) {
    const response = await route(call);
    if (response !== undefined) return response;
  }
  return undefined;
}

async function operationResults(call: ArmCall): Promise<WireResponse | undefined> {
  const [, subscription = "", name = ""] =
    /^\/subscriptions\/([^/]+)\/operationresults\/([^/]+)$/i.exec(call.path) ?? [];
  if (call.method !== "GET" || name === "") return undefined;
  const { authorization, settings, deletions } = call.world;
  if (settings.operationReadNeeded) {
    authorization.require(
      call.caller,
      ["Microsoft.Resources/subscriptions/operationresults/read"],
      `/subscriptions/${subscription}`,
    );
  }
  return deletions.poll(call.world, subscription, name, operationLink(call));
}

/** @throws ArmFailure where it is missing or no date */
function requireApiVersion(version: string | undefined): void {
  if (version === undefined) {
    throw new ArmFailure(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!/^20\d\d-\d\d-\d\d(-[a-z]+)?$/.test(version)) {
    throw new ArmFailure(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`);
  }
}

function refusal(
  url: URL,
  method: string,
  headers: WireResponse["headers"],
): { refused: string; response: WireResponse } {
  const message = `The emulator does not know ${method} ${url.pathname}`;
  return {
    refused: message,
    response: jsonResponse(404, { error: { code: "InvalidResourceType", message } }, headers),
  };
}

function armHeaders(request: WireRequest, clock: Clock): Record<string, string> {
  const id = randomUUID();
  const stamp = clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, "");
  return {
    "cache-control": "no-cache",
    pragma: "no-cache",
    expires: "-1",
    "x-ms-request-id": id,
    "x-ms-correlation-request-id": request.headers["x-ms-correlation-request-id"] ?? id,
    "x-ms-routing-request-id": `EASTUS:${stamp}:${id}`,
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
  };
}
