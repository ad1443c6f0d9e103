import { randomUUID } from "node:crypto";
import { asObject, asText, type Json } from "../wire.ts";
import type { Caller } from "./authentication.ts";
import { type ConditionFacts, parseCondition } from "./conditions.ts";
import { ArmFailure } from "./failure.ts";
import { within } from "./resource-id.ts";
import { BUILT_IN_ROLES, type RoleActions } from "./roles.ts";
import type { Store } from "./store.ts";

export interface Authorization {
  /**
   * Conditions of assignments count where roles are given and taken away: `facts` are what they look at.
   * @throws ArmFailure 403 AuthorizationFailed or DenyAssignmentAuthorizationFailed
   */
  require(caller: Caller, actions: readonly string[], scope: string, facts?: Omit<ConditionFacts, "action">): void;
  allowed(
    caller: Pick<Caller, "objectId">,
    action: string,
    scope: string,
    facts?: Omit<ConditionFacts, "action">,
  ): boolean;
  /** Whether the data of a resource may be touched so; `request` is what conditions of assignments look at. */
  allowedData(
    caller: Pick<Caller, "objectId">,
    dataAction: string,
    scope: string,
    request?: ConditionFacts["request"],
  ): boolean;
  /** The same whatever the conditions say: for some resource or other below the scope it may be so. */
  mayHaveData(caller: Pick<Caller, "objectId">, dataAction: string, scope: string): boolean;
  /** Whether the caller has any assignment at, above or below a scope: then ARM shows it in lists. */
  sees(caller: Caller, scope: string): boolean;
  assign(principalId: string, role: string | RoleActions, scope: string, condition?: string): string;
}

interface Assignment {
  readonly scope: string;
  readonly role: RoleActions;
  /** Data actions are held against it, and the giving of roles; a condition that cannot be read grants none. */
  readonly condition?: string;
}

const ASSIGNMENT = "Microsoft.Authorization/roleAssignments";
const DEFINITION = "Microsoft.Authorization/roleDefinitions";
const DENIAL = "Microsoft.Authorization/denyAssignments";

/** Actions that conditions count for: whoever may give roles may be held to some of them. */
const CONDITIONAL = /^Microsoft\.Authorization\/roleAssignments\/(write|delete)$/i;

export function createAuthorization(
  store: Store,
  /** Object ids of the groups that a principal is in: their roles count for it. */
  groupsOf: (objectId: string) => readonly string[] = () => [],
): Authorization {
  let derivedAt = -1;
  let assignments = new Map<string, Assignment[]>();
  let denials: readonly { readonly scope: string; readonly id: string; readonly name: string; readonly body: Json }[] =
    [];

  /** Both are read on each request but seldom change, so they are derived again only after a change of the store. */
  const derive = () => {
    if (derivedAt === store.version) return;
    derivedAt = store.version;
    assignments = new Map();
    for (const { body } of store.list(ASSIGNMENT, "/")) {
      const { principalId, scope, roleDefinitionId, condition } = propertiesOf(body);
      const conditional = typeof condition === "string" && condition !== "" ? { condition } : {};
      const role = roleOf(store, `${roleDefinitionId}`);
      const key = `${principalId}`.toLowerCase();
      const own = assignments.get(key) ?? [];
      if (role !== undefined) own.push({ scope: `${scope}`.toLowerCase(), role, ...conditional });
      assignments.set(key, own);
    }
    denials = store
      .list(DENIAL, "/")
      .map(({ scope, id, name, body }) => ({ scope: scope.toLowerCase(), id, name, body }));
  };
  const of = (caller: Pick<Caller, "objectId">) => {
    derive();
    const ids = [caller.objectId, ...groupsOf(caller.objectId)];
    return ids.flatMap((id) => assignments.get(id.toLowerCase()) ?? []);
  };
  const granting = (caller: Pick<Caller, "objectId">, action: string, scope: string) => {
    const key = scope.toLowerCase();
    return of(caller).filter((assignment) => within(assignment.scope, key) && grants(assignment.role, action));
  };
  const allowed: Authorization["allowed"] = (caller, action, scope, facts = { request: {} }) =>
    granting(caller, action, scope).some(
      ({ condition }) => condition === undefined || !CONDITIONAL.test(action) || holds(condition, { action, ...facts }),
    );
  const withData = (caller: Pick<Caller, "objectId">, action: string, scope: string) => {
    const key = scope.toLowerCase();
    return of(caller).filter(
      ({ scope: at, role: { dataActions = [], notDataActions = [] } }) =>
        within(at, key) && grants({ actions: dataActions, notActions: notDataActions }, action),
    );
  };

  return {
    allowed,
    allowedData: (caller, action, scope, request = {}) =>
      withData(caller, action, scope).some(
        ({ condition }) => condition === undefined || holds(condition, { action, request }),
      ),
    mayHaveData: (caller, action, scope) => withData(caller, action, scope).length > 0,
    sees: (caller, scope) => {
      const key = scope.toLowerCase();
      return of(caller).some((assignment) => within(key, assignment.scope) || within(assignment.scope, key));
    },
    require: (caller, actions, scope, facts) => {
      const [action = ""] = actions;
      if (!actions.some((each) => allowed(caller, each, scope, facts))) {
        const unfulfilled = granting(caller, action, scope).length > 0;
        throw notAuthorized(caller, action, scope, unfulfilled);
      }
      const denied = denials.find(
        ({ scope: at, body }) => within(at, scope.toLowerCase()) && denies(body, caller, action),
      );
      if (denied !== undefined) throw denialFailure(caller, action, scope, denied);
    },
    assign: (principalId, role, scope, condition) => {
      const roleDefinitionId = typeof role === "string" ? builtInId(role, scope) : addDefinition(store, role, scope);
      const root = scope === "/" ? "" : scope;
      const id = `${root}/providers/${ASSIGNMENT}/${randomUUID()}`;
      const conditional = condition === undefined ? {} : { condition, conditionVersion: "2.0" };
      const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal", scope, ...conditional };
      store.put(id, { properties });
      return id;
    },
  };
}

function builtInId(name: string, scope: string): string {
  const known = BUILT_IN_ROLES.find((role) => role.name.toLowerCase() === name.toLowerCase() || role.id === name);
  if (known === undefined) throw new Error(`No built-in role "${name}": give its actions`);
  return `${subscriptionOf(scope)}/providers/${DEFINITION}/${known.id}`;
}

function addDefinition(store: Store, role: RoleActions, scope: string): string {
  const id = `${subscriptionOf(scope)}/providers/${DEFINITION}/${randomUUID()}`;
  const { actions, notActions = [], dataActions = [], notDataActions = [], name = "custom" } = role;
  const permissions = [{ actions, notActions, dataActions, notDataActions }];
  store.put(id, { properties: { roleName: name, type: "CustomRole", permissions, assignableScopes: [scope] } });
  return id;
}

function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? "";
}

function roleOf(store: Store, definitionId: string): RoleActions | undefined {
  const guid = definitionId.split("/").at(-1)?.toLowerCase();
  const builtIn = BUILT_IN_ROLES.find(({ id }) => id === guid);
  if (builtIn !== undefined) return builtIn;
  const custom =
    store.find(definitionId) ?? store.list(DEFINITION, "/").find(({ name }) => name.toLowerCase() === guid);
  const [permission] = (propertiesOf(custom?.body)["permissions"] as readonly Json[] | undefined) ?? [];
  if (permission === undefined) return undefined;
  const kinds = ["actions", "notActions", "dataActions", "notDataActions"] as const;
  const [actions = [], notActions = [], dataActions = [], notDataActions = []] = kinds.map((kind) =>
    texts(permission[kind]),
  );
  return { actions, notActions, dataActions, notDataActions };
}

const conditions = new Map<string, ReturnType<typeof parseCondition>>();

function holds(condition: string, facts: ConditionFacts): boolean {
  try {
    const parsed = conditions.get(condition) ?? parseCondition(condition);
    conditions.set(condition, parsed);
    return parsed(facts);
  } catch {
    return false;
  }
}

/** `notActions` take away from the same role only: another role may still grant. */
function grants({ actions, notActions = [] }: RoleActions, action: string): boolean {
  return actions.some((pattern) => fits(pattern, action)) && !notActions.some((pattern) => fits(pattern, action));
}

const patterns = new Map<string, RegExp>();

function fits(pattern: string, action: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i");
  patterns.set(pattern, known);
  return known.test(action);
}

function denies(body: Json, { objectId }: Caller, action: string): boolean {
  const { permissions, excludePrincipals } = propertiesOf(body);
  const excluded = ((excludePrincipals ?? []) as readonly Json[]).some(({ id }) => id === objectId);
  const denied = ((permissions ?? []) as readonly Json[]).some((permission) =>
    grants({ actions: texts(permission["actions"]), notActions: texts(permission["notActions"]) }, action),
  );
  return denied && !excluded;
}

function notAuthorized(
  { clientId, objectId }: Caller,
  action: string,
  scope: string,
  unfulfilled: boolean,
): ArmFailure {
  const lacks = unfulfilled
    ? "has an authorization with ABAC condition that is not fulfilled"
    : "does not have authorization";
  return new ArmFailure(
    403,
    "AuthorizationFailed",
    `The client '${clientId}' with object id '${objectId}' ${lacks} to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function denialFailure(
  { clientId, objectId }: Caller,
  action: string,
  scope: string,
  denied: { scope: string; id: string; name: string; body: Json },
): ArmFailure {
  const name = asText(propertiesOf(denied.body)["denyAssignmentName"]) ?? denied.name;
  return new ArmFailure(
    403,
    "DenyAssignmentAuthorizationFailed",
    `The client '${clientId}' with object id '${objectId}' has permission to perform action '${action}' on scope '${scope}'; however, the access is denied because of the deny assignment with name '${name}' and Id '${denied.name}' at scope '${denied.scope}'.`,
  );
}

export function propertiesOf(body: Json | undefined): Json {
  return asObject(body?.["properties"]) ?? {};
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
