import { proveCaller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { CLOUDS } from "../clouds.ts";
import { asObject, asText, bodyText, jsonResponse, type WireRequest, type WireResponse } from "../wire.ts";
import { AZURE_ITSELF, basicOf, type GatedRegistry, identify, identityOf } from "./acr-gate.ts";
import { authenticationRequired, RegistryFailure } from "./failure.ts";
import { requireReachable } from "./firewall.ts";
import { grantedActions, hasAnyRight, type Identity, isAbac } from "./grants.ts";
import { type Access, parseScopes } from "./scopes.ts";
import { proveToken, signToken } from "./tokens.ts";

const REGISTRY_AUDIENCE = "https://containerregistry.azure.net";

/** Answers `/oauth2/…` of one registry; undefined for other paths. */
export async function answerTokens(
  registry: GatedRegistry,
  request: WireRequest,
  url: URL,
): Promise<WireResponse | undefined> {
  if (url.pathname !== "/oauth2/exchange" && url.pathname !== "/oauth2/token") return undefined;
  requireReachable(registry.resource, registry.settings.clientAddress);
  if (url.pathname === "/oauth2/token") return token(registry, request, url);
  if (request.method !== "POST") return { status: 404, headers: {}, body: "404 page not found\n" };
  return exchange(registry, request);
}

/** A refresh token for an Entra token of somebody who may do something here. */
async function exchange(registry: GatedRegistry, request: WireRequest): Promise<WireResponse> {
  const form = new URLSearchParams(bodyText(request));
  const grants = ["access_token", "access_token_refresh_token"];
  if (!grants.includes(form.get("grant_type") ?? "")) throw badRequest("grant_type", grants.join(" or "));
  if (form.get("service") !== registry.host) throw badRequest("service", registry.host);
  const caller = await proveCaller(form.get("access_token") ?? "");
  const now = registry.clock.time() / 1000;
  if (caller === undefined || now >= caller.expires) throw authenticationRequired();
  if (!audiences(registry).includes(caller.audience.replace(/\/$/, ""))) throw authenticationRequired();
  const tenant = form.get("tenant");
  if (tenant !== null && tenant !== "" && tenant !== caller.tenantId) throw authenticationRequired();
  const { settings } = registry;
  if (settings.exchangeNeedsRights && !hasAnyRight(registry, caller)) throw authenticationRequired();
  const seconds = settings.refreshBoundByEntra
    ? Math.min(settings.refreshTokenSeconds, caller.expires - now)
    : settings.refreshTokenSeconds;
  return jsonResponse(200, { refresh_token: refreshToken(registry, caller.objectId, caller.tenantId, seconds) });
}

/** A refresh token without an exchange: for tests of what comes after it, and for runs of ACR Tasks. */
export function refreshToken(
  registry: GatedRegistry,
  subject: string = AZURE_ITSELF,
  tenantId = "",
  seconds = registry.settings.refreshTokenSeconds,
): string {
  const everything = { type: "repository", name: "*", actions: ["pull", "push", "delete"] };
  const words: Readonly<Record<string, string>> = { pull: "read", push: "write", delete: "delete" };
  const actions = grantedActions(registry, identityOf(subject), everything).map((action) => words[action] ?? action);
  return signToken(
    registry.host,
    {
      sub: subject,
      grant_type: "refresh_token",
      tenant: tenantId,
      permissions: { actions, notActions: [] },
      roles: [],
      ...(isAbac(registry) ? { aad_identity: subject } : {}),
    },
    { now: registry.clock.time() / 1000, seconds, backdatedSeconds: 0 },
  );
}

interface Asked {
  readonly identity: Identity;
  readonly subject: string;
  readonly scopes: readonly Access[];
  /** Given back to who asked for one that lasts. */
  readonly refreshToken?: string;
}

function token(registry: GatedRegistry, request: WireRequest, url: URL): WireResponse {
  const asked = request.method === "POST" ? byForm(registry, request) : byQuery(registry, request, url);
  const { settings, clock, host } = registry;
  const granted = asked.scopes.map((wanted) => ({
    ...wanted,
    actions: grantedActions(registry, asked.identity, wanted),
  }));
  const narrow = granted.some(({ actions }, index) => actions.length < (asked.scopes[index]?.actions.length ?? 0));
  const wildcard = granted.some(({ actions }) => actions.includes("*"));
  if (settings.narrowToken === "refuse" && narrow && !wildcard) throw authenticationRequired();
  const access = granted.filter(({ actions }) => settings.emptyAccess || actions.length > 0);
  const claims = { sub: asked.subject, access, roles: [], grant_type: "access_token" };
  const { accessTokenSeconds: seconds, backdatedSeconds } = settings;
  const accessToken = signToken(host, claims, { now: clock.time() / 1000, seconds, backdatedSeconds });
  const refresh = asked.refreshToken === undefined ? {} : { refresh_token: asked.refreshToken };
  return jsonResponse(200, { access_token: accessToken, ...refresh });
}

/** What SDKs and a docker that is logged in send. */
function byForm(registry: GatedRegistry, request: WireRequest): Asked {
  const form = new URLSearchParams(bodyText(request));
  if (form.get("service") !== registry.host) throw badRequest("service", registry.host);
  const scopes = parseScopes(form.getAll("scope"));
  const grant = form.get("grant_type");
  const refresh = form.get("refresh_token") ?? "";
  switch (grant) {
    case "refresh_token": {
      const claims = proveToken(refresh, registry.host, registry.clock.time() / 1000);
      if (claims?.kind !== "refresh_token") throw authenticationRequired();
      return { identity: identityOf(claims.subject), subject: claims.subject, scopes };
    }
    case "password": {
      const [username, password] = ["username", "password"].map((key) => form.get(key) ?? "");
      if ((username ?? "") === "" && (password ?? "") === "" && refresh === "") return anonymous(registry, scopes);
      return byPassword(registry, username ?? "", password ?? "", scopes, false);
    }
    default:
      throw badRequest("grant_type", "refresh_token or password");
  }
}

/** What `docker login` sends, and whoever pulls without a login. */
function byQuery(registry: GatedRegistry, request: WireRequest, url: URL): Asked {
  const service = url.searchParams.get("service");
  if (service !== registry.host) throw badRequest("service", registry.host);
  const scopes = parseScopes(url.searchParams.getAll("scope"));
  const basic = basicOf(request);
  if (basic === undefined) return anonymous(registry, scopes);
  const lasting = url.searchParams.get("offline_token") === "true";
  return byPassword(registry, basic.username, basic.password, scopes, lasting);
}

function byPassword(
  registry: GatedRegistry,
  username: string,
  password: string,
  scopes: readonly Access[],
  lasting: boolean,
): Asked {
  const identity = identify(registry, username, password);
  if (identity === undefined) {
    // A token that is over is told as such; any other user would have to be known to Entra.
    if (/^0{8}-/.test(username)) throw authenticationRequired();
    throw new RegistryFailure(401, "UNAUTHORIZED", "Application not registered with AAD.");
  }
  const claims = proveToken(password, registry.host, registry.clock.time() / 1000);
  const keep = lasting && claims?.kind === "refresh_token" ? { refreshToken: password } : {};
  return { identity, subject: claims?.subject ?? username, scopes, ...keep };
}

function anonymous(registry: GatedRegistry, scopes: readonly Access[]): Asked {
  if (propertiesOf(registry.resource.body)["anonymousPullEnabled"] !== true) throw authenticationRequired();
  return { identity: { kind: "anonymous" }, subject: "anonymous", scopes };
}

/** ARM's audiences count where the registry has not been told otherwise. */
function audiences({ resource }: GatedRegistry): readonly string[] {
  const policies = asObject(propertiesOf(resource.body)["policies"]);
  const status = asText(asObject(policies?.["azureADAuthenticationAsArmPolicy"])?.["status"]);
  return status === "disabled" ? [REGISTRY_AUDIENCE] : [REGISTRY_AUDIENCE, ...CLOUDS.public.armAudiences];
}

function badRequest(field: string, expected: string): RegistryFailure {
  return new RegistryFailure(400, "BAD_REQUEST", `${field} must be ${expected}`);
}
