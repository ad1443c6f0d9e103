import { asText, type Json, jsonResponse } from "../wire.ts";
import { unauthorized } from "./authentication.ts";
import { ArmFailure } from "./failure.ts";
import { page } from "./paging.ts";
import type { ResourceDocument, Store } from "./store.ts";
import type { ArmRoute } from "./world.ts";

export const SUBSCRIPTION = "Microsoft.Resources/subscriptions";

/** `GET /subscriptions`, `/subscriptions/{id}`, `/tenants`, the providers and locations of a subscription. */
export const subscriptionRoute: ArmRoute = (call) => {
  const { path, method, world, caller } = call;
  if (method !== "GET") return undefined;
  const { store, authorization, directory } = world;
  if (path.toLowerCase() === "/tenants") {
    const tenant = directory.tenant(caller.tenantId);
    const value = {
      id: `/tenants/${caller.tenantId}`,
      tenantId: caller.tenantId,
      displayName: tenant?.name,
      countryCode: "DE",
      tenantType: "AAD",
    };
    return jsonResponse(200, { value: [value] });
  }
  if (path.toLowerCase() === "/subscriptions") {
    const own = store.list(SUBSCRIPTION, "/").filter(({ body }) => sameText(body["tenantId"], caller.tenantId));
    return page(
      call,
      own.filter(({ id }) => authorization.sees(caller, id)),
      shown,
    );
  }
  const [, id = "", what] = /^\/subscriptions\/([^/]+)(?:\/(locations|providers(?:\/[^/]+)?))?$/i.exec(path) ?? [];
  const subscription = store.find(`/subscriptions/${id}`);
  if (id === "" || subscription === undefined) return undefined;
  if (!authorization.sees(caller, subscription.id))
    authorization.require(caller, [`${SUBSCRIPTION}/read`], subscription.id);
  if (what === undefined) return jsonResponse(200, shown(subscription));
  if (/^locations$/i.test(what))
    return jsonResponse(200, {
      value: LOCATIONS.map((name) => ({ id: `${subscription.id}/locations/${name}`, name, displayName: name })),
    });
  const [, namespace] = what.split("/");
  const types = [...world.behaviours.values()].map(({ type }) => type);
  if (namespace === undefined)
    return jsonResponse(200, { value: [...new Set(types.map(namespaceOf))].map((each) => provider(each, types)) });
  return jsonResponse(200, provider(namespace, types));
};

/** az takes the newest that a provider lists for a type; the emulator answers to any. */
const API_VERSIONS = ["2025-04-01"];
const LOCATIONS = ["eastus", "westeurope", "northeurope", "germanywestcentral"];

/** @throws ArmFailure where a path names a subscription that is not there, or that the token's tenant does not own */
export function requireSubscription(store: Store, path: string, tenantId: string): string | undefined {
  const id = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  if (id === undefined) return undefined;
  const subscription = store.find(`/subscriptions/${id}`);
  if (subscription === undefined) {
    throw new ArmFailure(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);
  }
  const owner = asText(subscription.body["tenantId"]) ?? "";
  if (!sameText(owner, tenantId)) {
    const message = `The access token is from the wrong issuer 'https://sts.windows.net/${tenantId}/'. It must match the tenant 'https://sts.windows.net/${owner}/' associated with this subscription.`;
    throw unauthorized("InvalidAuthenticationTokenTenant", message, owner);
  }
  return subscription.name;
}

function shown({ id, name, body }: ResourceDocument): Json {
  return { id, authorizationSource: "RoleBased", managedByTenants: [], subscriptionId: name, ...body };
}

function provider(namespace: string, types: readonly string[]): Json {
  const own = types.filter((type) => namespaceOf(type).toLowerCase() === namespace.toLowerCase());
  const resourceTypes = own.map((type) => ({
    resourceType: type.slice(namespace.length + 1),
    locations: LOCATIONS,
    apiVersions: API_VERSIONS,
  }));
  return { namespace, registrationState: "Registered", registrationPolicy: "RegistrationRequired", resourceTypes };
}

function namespaceOf(type: string): string {
  return type.split("/")[0] ?? "";
}

function sameText(a: unknown, b: string): boolean {
  return `${a}`.toLowerCase() === b.toLowerCase();
}
