import { compactVerify, createLocalJWKSet, decodeJwt, errors, type JWTPayload } from "jose";
import type { Clock } from "../clock.ts";
import type { Cloud } from "../clouds.ts";
import { asObject, bodyText, type Json, type WireRequest } from "../wire.ts";
import type { Directory, Principal, Tenant } from "./directory.ts";
import { assertionTime, type EntraCode, EntraRefusal } from "./errors.ts";
import { matchCredential } from "./federated-credentials.ts";

export interface EntraSettings {
  /** Older descriptions break lines before the ids. */
  description: "newer" | "older";
  /** Seconds of clock skew that Entra forgives in an assertion: none that anybody has shown. */
  skewSeconds: number;
  /** Whether times are looked at before the credentials are matched. */
  timesFirst: boolean;
  /** What a tenant of another cloud is told. */
  crossCloud: 900382 | 900432 | 90038 | 90002;
}

export interface Exchange {
  readonly tenant: Tenant;
  readonly principal: Principal;
  /** The requested resource, without `/.default`, with the slash that az leaves before it. */
  readonly audience: string;
}

export interface ExchangeWorld {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly settings: EntraSettings;
  readonly resources: ReadonlySet<string>;
  /** What an issuer serves, fetched as Entra would; undefined where nothing answers. */
  fetchJson(url: string): Promise<Json | undefined>;
  /** A refusal that a test has ordered for this client. */
  ordered(clientId: string): EntraCode | undefined;
}

/**
 * Judges a client-credentials request for a tenant of a cloud.
 * @throws EntraRefusal with the code that Entra would answer
 */
export async function exchange(
  request: WireRequest,
  tenantName: string,
  cloud: Cloud,
  world: ExchangeWorld,
): Promise<Exchange> {
  const { directory, settings } = world;
  if (request.method !== "POST") throw new EntraRefusal(900561, { method: request.method });
  const tenant = directory.tenant(tenantName);
  if (tenant === undefined) throw new EntraRefusal(90002, { tenant: tenantName });
  if (tenant.cloud !== cloud.name) {
    throw new EntraRefusal(settings.crossCloud, { tenant: tenantName, cloud: tenant.cloud, here: cloud.authority });
  }
  const form = new URLSearchParams(bodyText(request));
  const grant = needed(form, "grant_type");
  if (grant !== "client_credentials") throw new EntraRefusal(70003, { grant });
  const clientId = needed(form, "client_id");
  const scope = needed(form, "scope");
  const scopes = scope.split(" ").filter((part) => !["openid", "profile", "offline_access"].includes(part));
  const [only = ""] = scopes;
  if (scopes.length !== 1) throw new EntraRefusal(70011, { scope });
  if (!only.endsWith("/.default")) throw new EntraRefusal(1002012, { scope });
  const audience = only.slice(0, -"/.default".length);
  const principal = directory.principal(tenant.id, clientId);
  if (principal === undefined) throw new EntraRefusal(700016, { client: clientId, tenant: tenant.name ?? tenant.id });
  const ordered = world.ordered(clientId);
  if (ordered === 7000222) throw new EntraRefusal(ordered, { client: clientId });
  const presented = readAssertion(form, clientId);
  const values = { iss: `${presented.claims.iss}`, aud: audienceOf(presented.claims), sub: `${presented.claims.sub}` };
  if (ordered !== undefined) {
    throw new EntraRefusal(ordered, {
      ...values,
      client: clientId,
      tenant: tenant.id,
      scope,
      resource: audience,
      expected: values.sub,
    });
  }
  await checkAssertion(presented.token, presented.claims, values, principal, world);
  if (!world.resources.has(audience.replace(/\/$/, "").toLowerCase())) {
    throw new EntraRefusal(500011, { resource: audience, tenant: tenant.name ?? tenant.id });
  }
  return { tenant, principal, audience };
}

function readAssertion(form: URLSearchParams, client: string): { token: string; claims: JWTPayload } {
  const token = form.get("client_assertion");
  if (token === null) throw new EntraRefusal(form.has("client_secret") ? 7000215 : 7000218, { client });
  if (form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    throw new EntraRefusal(900144, { parameter: "client_assertion_type" });
  }
  try {
    return { token, claims: decodeJwt(token) };
  } catch {
    throw new EntraRefusal(50027);
  }
}

async function checkAssertion(
  token: string,
  claims: JWTPayload,
  values: { iss: string; aud: string; sub: string },
  principal: Principal,
  world: ExchangeWorld,
): Promise<void> {
  if (/^https:\/\/(sts\.windows\.net|login\.microsoftonline\.com)\//.test(values.iss)) throw new EntraRefusal(700222);
  if (world.settings.timesFirst) checkTimes(claims, world);
  const workflow = claims["job_workflow_ref"];
  matchCredential(principal.federatedCredentials, {
    ...values,
    ...(typeof workflow === "string" ? { job_workflow_ref: workflow } : {}),
  });
  await checkSignature(token, values.iss, world);
  checkTimes(claims, world);
  if (principal.propagationFailures > 0) {
    principal.propagationFailures -= 1;
    throw new EntraRefusal(700213, values);
  }
}

async function checkSignature(token: string, issuer: string, world: ExchangeWorld): Promise<void> {
  const discovery = await world.fetchJson(`${issuer}/.well-known/openid-configuration`);
  const jwks = await world.fetchJson(`${discovery?.["jwks_uri"]}`);
  const keys = jwks?.["keys"];
  if (discovery?.["issuer"] !== issuer || !Array.isArray(keys)) throw new EntraRefusal(501661);
  try {
    await compactVerify(token, createLocalJWKSet({ keys: keys.filter((key) => asObject(key) !== undefined) }), {
      algorithms: ["RS256"],
    });
  } catch (cause) {
    throw cause instanceof errors.JOSEError ? new EntraRefusal(50013) : cause;
  }
}

/** "Valid from" is the time of issue, not `nbf`: Entra's own sentence counts from exp minus five minutes. */
function checkTimes(claims: JWTPayload, { clock, settings }: ExchangeWorld): void {
  const now = Math.floor(clock.time() / 1000);
  const from = claims.iat ?? claims.nbf ?? 0;
  const until = claims.exp ?? 0;
  if (now + settings.skewSeconds >= from && now - settings.skewSeconds < until) return;
  throw new EntraRefusal(700024, { now: assertionTime(now), from: assertionTime(from), until: assertionTime(until) });
}

function audienceOf({ aud }: JWTPayload): string {
  return Array.isArray(aud) ? (aud[0] ?? "") : (aud ?? "");
}

function needed(form: URLSearchParams, parameter: string): string {
  const value = form.get(parameter);
  if (value === null || value === "") throw new EntraRefusal(900144, { parameter });
  return value;
}
