import { bearerToken, type WireRequest } from "../wire.ts";
import { authenticationRequired } from "./failure.ts";
import { requireReachable } from "./firewall.ts";
import { type Governed, grantedActions, type Identity } from "./grants.ts";
import type { RegistryState } from "./registry.ts";
import { type Access, covers, renderScope } from "./scopes.ts";
import { proveToken } from "./tokens.ts";

/** The user name that stands for "this password is a token". */
export const NULL_USER = "00000000-0000-0000-0000-000000000000";

/** What lets a request to a registry's contents pass. */
export interface Gate {
  /** @throws RegistryFailure 401 with a challenge, 403 */
  require(request: Pick<WireRequest, "headers">, needed: readonly Access[]): void;
}

export type GatedRegistry = RegistryState & Governed & { readonly adminPasswords: readonly string[] };

/** ACR takes its own access tokens, and the same credentials that its token service takes as a user with a password. */
export function createAcrGate(registry: GatedRegistry): Gate {
  return {
    require: (request, needed) => {
      requireReachable(registry.resource, registry.settings.clientAddress);
      const token = bearerToken(request);
      const basic = basicOf(request);
      if (token === undefined && basic === undefined) throw challenge(registry, needed);
      if (token !== undefined) {
        const claims = proveToken(token, registry.host, registry.clock.time() / 1000);
        if (claims?.kind !== "access_token") throw challenge(registry, needed, "invalid_token");
        if (!covers(claims.access, needed)) throw challenge(registry, needed, "insufficient_scope");
        return;
      }
      const identity = basic === undefined ? undefined : identify(registry, basic.username, basic.password);
      if (identity === undefined) throw challenge(registry, needed, "invalid_token");
      for (const each of needed) {
        if (grantedActions(registry, identity, each).length < each.actions.length) {
          throw challenge(registry, needed, "insufficient_scope");
        }
      }
    },
  };
}

/** The identity behind a user with a password; undefined for nobody that is known. */
export function identify(registry: GatedRegistry, username: string, password: string): Identity | undefined {
  if (username === NULL_USER || username === "") {
    const claims = proveToken(password, registry.host, registry.clock.time() / 1000);
    if (claims?.kind === "access_token") return { kind: "bearer", access: claims.access };
    return claims === undefined ? undefined : identityOf(claims.subject);
  }
  const { properties } = registry.resource.body as { readonly properties?: { readonly adminUserEnabled?: unknown } };
  const isAdmin = username === registry.resource.name && registry.adminPasswords.includes(password);
  return isAdmin && properties?.adminUserEnabled === true ? { kind: "admin" } : undefined;
}

/** Whoever a refresh token was given to. */
export function identityOf(subject: string): Identity {
  return subject === AZURE_ITSELF ? { kind: "admin" } : { kind: "entra", objectId: subject };
}

/** The subject of a run of ACR Tasks that may do everything, as in registries of the older mode. */
export const AZURE_ITSELF = "azure-container-registry-tasks";

/** User and password of a Basic header. */
export function basicOf({ headers }: Pick<WireRequest, "headers">): { username: string; password: string } | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(headers["authorization"] ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [, username = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return { username, password };
}

/** One line, without a space after its commas: az splits it there. */
function challenge({ host }: RegistryState, needed: readonly Access[], error?: string) {
  const scope = needed.map(renderScope).join(" ");
  const parts = [
    `realm="https://${host}/oauth2/token"`,
    `service="${host}"`,
    ...(scope === "" ? [] : [`scope="${scope}"`]),
    ...(error === undefined ? [] : [`error="${error}"`]),
  ];
  const detail = needed.flatMap(({ type, name, actions }) =>
    actions.map((action) => ({ Type: type, Name: name, Action: action })),
  );
  const headers = { "www-authenticate": `Bearer ${parts.join(",")}` };
  return authenticationRequired(headers, detail.length === 0 ? undefined : detail);
}
