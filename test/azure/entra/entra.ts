import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { CLOUDS, type Cloud, cloudOfAuthority } from "../clouds.ts";
import { signingKeyOf } from "../jwt.ts";
import { type Json, jsonResponse, type WireRequest, type WireResponse } from "../wire.ts";
import { createDirectory, type Directory, type Principal } from "./directory.ts";
import { type EntraCode, EntraRefusal, refusalResponse } from "./errors.ts";
import { type EntraSettings, type Exchange, type ExchangeWorld, exchange } from "./exchange.ts";

export interface Entra extends Directory {
  readonly settings: EntraSettings;
  /** The next `times` exchanges of a client end with this code: conditional access, an old umbrella code, a busy server. */
  refuse(clientId: string, code: EntraCode, times?: number): void;
  /** Lets tokens be asked for another resource; Azure's own are there from the first. */
  addResource(uri: string): void;
  /** An access token as the endpoint would issue it now, without an exchange: for tests of what comes after login. */
  accessToken(principal: Principal, audience?: string, seconds?: number): string;
  /** Who signs version 1 tokens of a tenant, those for API servers of AKS among them: `https://sts.windows.net/<tenant>/`. */
  issuer(tenantId: string): string;
  /** The discovery document of that issuer; keys are found where it says, or at an address of the caller's. */
  discovery(tenantId: string, keysUrl?: string): Json;
  /** The keys that its tokens are signed with. */
  readonly jwks: { readonly keys: readonly object[] };
  /** Undefined for a path that Entra does not have. */
  answer(request: WireRequest, url: URL): Promise<WireResponse | undefined>;
}

/** The API servers of AKS. */
const SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630";

const RESOURCES = [
  ...Object.values(CLOUDS).flatMap(({ armAudiences }) => armAudiences),
  "https://graph.microsoft.com",
  "https://vault.azure.net",
  "https://storage.azure.com",
  "https://containerregistry.azure.net",
  SERVER_APPLICATION,
  "499b84ac-1321-427f-aa17-267ca6975798",
];

const DAY = 24 * 3600;

export function createEntra(clock: Clock, fetchJson: ExchangeWorld["fetchJson"]): Entra {
  const directory = createDirectory();
  const settings: EntraSettings = { description: "newer", skewSeconds: 0, timesFirst: false, crossCloud: 900382 };
  const resources = new Set(RESOURCES);
  const orders: { clientId: string; code: EntraCode; times: number }[] = [];
  let issued = 0;

  const ordered = (clientId: string) => {
    const order = orders.find((each) => each.clientId === clientId && each.times > 0);
    if (order !== undefined) order.times -= 1;
    return order?.code;
  };
  const world = { clock, directory, settings, resources, fetchJson, ordered };

  /** 24 h for managed identities; 60 to 90 minutes for applications, a different one for each token. */
  const lifetime = (principal: Principal) => {
    if (principal.tokenSeconds !== undefined) return principal.tokenSeconds;
    return principal.kind === "managedIdentity" ? DAY : 3600 + ((issued++ * 617) % 1800);
  };
  const sign = (
    { tenant, principal, audience }: Omit<Exchange, "tenant"> & { tenant: { id: string; cloud: Cloud } },
    seconds: number,
  ) => {
    const now = Math.floor(clock.time() / 1000);
    const iss = `${tenant.cloud.tokenIssuer}/${tenant.id}/`;
    return signingKeyOf("entra").sign({
      aud: audience,
      iss,
      iat: now - 300,
      nbf: now - 300,
      exp: now + seconds,
      aio: randomBytes(16).toString("base64url"),
      appid: principal.clientId,
      appidacr: "2",
      idp: iss,
      idtyp: "app",
      oid: principal.objectId,
      rh: "1.AAAA",
      sub: principal.objectId,
      tid: tenant.id,
      uti: randomBytes(16).toString("base64url"),
      ver: "1.0",
      // Only this application of Microsoft's asks for them.
      ...(audience === SERVER_APPLICATION && principal.groups.length > 0 ? { groups: principal.groups } : {}),
      ...(principal.resourceId === undefined ? {} : { xms_mirid: principal.resourceId }),
    });
  };

  const issuerOf = (tenantId: string): string => {
    const tenant = directory.tenant(tenantId);
    return `${CLOUDS[tenant?.cloud ?? "public"].tokenIssuer}/${tenant?.id ?? tenantId}/`;
  };

  const answerToken = async (request: WireRequest, url: URL, tenantName: string, cloud: Cloud) => {
    const correlationId =
      url.searchParams.get("client-request-id") ?? request.headers["client-request-id"] ?? randomUUID();
    try {
      const { principal, audience, tenant } = await exchange(request, tenantName, cloud, world);
      const seconds = lifetime(principal);
      return jsonResponse(200, {
        token_type: "Bearer",
        expires_in: seconds - 1,
        ext_expires_in: seconds - 1,
        ...(seconds >= 7200 ? { refresh_in: Math.floor(seconds / 2) } : {}),
        access_token: sign({ tenant: { id: tenant.id, cloud }, principal, audience }, seconds),
      });
    } catch (refused) {
      if (!(refused instanceof EntraRefusal)) throw refused;
      return refusalResponse(refused, clock.now(), correlationId, settings.description);
    }
  };

  return {
    ...directory,
    settings,
    refuse: (clientId, code, times = 1) => {
      orders.push({ clientId, code, times });
    },
    addResource: (uri) => {
      resources.add(uri.replace(/\/$/, "").toLowerCase());
    },
    accessToken: (principal, audience = "https://management.azure.com", seconds = lifetime(principal)) => {
      const cloud = CLOUDS[directory.tenant(principal.tenantId)?.cloud ?? "public"];
      return sign({ tenant: { id: principal.tenantId, cloud }, principal, audience }, seconds);
    },
    issuer: issuerOf,
    discovery: (tenantId, keysUrl) => {
      const tenant = directory.tenant(tenantId);
      const cloud = CLOUDS[tenant?.cloud ?? "public"];
      const { issuer, ...document } = discoveryBody(tenantId, cloud, tenant?.id ?? tenantId);
      return { ...document, issuer: issuerOf(tenantId), ...(keysUrl === undefined ? {} : { jwks_uri: keysUrl }) };
    },
    get jwks() {
      return signingKeyOf("entra").jwks;
    },
    answer: async (request, url) => {
      const cloud = cloudOfAuthority(url.hostname);
      if (cloud === undefined) return undefined;
      const [tenantName = "", ...rest] = url.pathname.slice(1).split("/");
      const path = rest.join("/");
      const headers = entraHeaders();
      if (path === "oauth2/v2.0/token") return withHeaders(await answerToken(request, url, tenantName, cloud), headers);
      if (path === "v2.0/.well-known/openid-configuration" || path === ".well-known/openid-configuration") {
        const first = !path.startsWith("v2.0/");
        return withHeaders(discovery({ tenantName, cloud, directory, clock, settings, first }), headers);
      }
      if (path === "discovery/instance") return withHeaders(instanceDiscovery(), headers);
      if (/^discovery(\/v2\.0)?\/keys$/.test(path)) return jsonResponse(200, signingKeyOf("entra").jwks, headers);
      return undefined;
    },
  };
}

interface DiscoveryQuestion {
  readonly tenantName: string;
  readonly cloud: Cloud;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly settings: EntraSettings;
  /** Of version 1, whose tokens have another issuer. */
  readonly first: boolean;
}

function discovery({ tenantName, cloud, directory, clock, settings, first }: DiscoveryQuestion): WireResponse {
  const tenant = directory.tenant(tenantName);
  const shared = ["common", "organizations", "consumers"].includes(tenantName);
  if (tenant === undefined && !shared) {
    const refused = new EntraRefusal(90002, { tenant: tenantName });
    return refusalResponse(refused, clock.now(), randomUUID(), settings.description);
  }
  const id = tenant?.id ?? "{tenantid}";
  const body = discoveryBody(tenant?.id ?? tenantName, cloud, id);
  return jsonResponse(200, first ? { ...body, issuer: `${cloud.tokenIssuer}/${id}/` } : body);
}

function discoveryBody(tenant: string, cloud: Cloud, id: string): Json {
  const base = `https://${cloud.authority}/${tenant}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `https://${cloud.authority}/${id}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: "EU",
    cloud_instance_name: "microsoftonline.com",
    msgraph_host: "graph.microsoft.com",
  };
}

function instanceDiscovery(): WireResponse {
  return jsonResponse(200, {
    tenant_discovery_endpoint: "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
    "api-version": "1.1",
    metadata: Object.values(CLOUDS).map(({ authority }) => ({
      preferred_network: authority,
      preferred_cache: authority,
      aliases: [authority],
    })),
  });
}

function entraHeaders(): Record<string, string> {
  return {
    "cache-control": "no-store, no-cache",
    pragma: "no-cache",
    expires: "-1",
    "x-ms-request-id": randomUUID(),
    "x-ms-ests-server": "2.1.20000.0 - EMULATOR",
    p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
  };
}

function withHeaders(response: WireResponse, headers: Record<string, string>): WireResponse {
  return { ...response, headers: { ...headers, ...response.headers } };
}
