import type { Clock } from "../clock.ts";
import { bearerToken, bodyText, jsonResponse, type WireRequest, type WireResponse } from "../wire.ts";
import { basicOf, type Gate } from "./acr-gate.ts";
import type { OciBackend } from "./backend.ts";
import { RegistryFailure } from "./failure.ts";
import { createRegistryState, type RegistryState } from "./registry.ts";
import { createRegistryService, type RegistryService } from "./registry-service.ts";
import { type Access, covers, parseScopes, renderScope } from "./scopes.ts";
import { proveToken, signToken } from "./tokens.ts";

export interface ForeignRegistryOptions {
  /** As images name it, and as an import calls it: `docker.io`, `ghcr.io`, `mcr.microsoft.com`. */
  readonly host: string;
  /** Where its API is, when that is another host: `registry-1.docker.io`. */
  readonly api?: string;
  /** Where its tokens are made; `https://<api>/token` where left out. */
  readonly realm?: string;
  readonly service?: string;
  /** What anybody may do: pull where left out. */
  readonly anonymous?: readonly string[];
  readonly accounts?: readonly ForeignAccount[];
  readonly backend?: OciBackend;
  /** Whether it wants no token at all, as mcr.microsoft.com. */
  readonly open?: boolean;
}

export interface ForeignAccount {
  readonly username: string;
  readonly password: string;
  /** In every repository. */
  readonly actions: readonly string[];
}

/** A registry that is not Azure's, with users and passwords of its own. */
export interface ForeignRegistry extends RegistryState {
  /** What an import calls it; `host` is where its API is. */
  readonly imported: string;
  readonly api: string;
  /** Where its tokens are made. */
  readonly realm: URL;
  readonly service: RegistryService;
  mayPull(credentials: { readonly username: string | undefined; readonly password: string } | undefined): boolean;
  answerToken(request: WireRequest, url: URL): WireResponse;
}

const TOKEN_SECONDS = 300;
const NOBODY = "nobody";

export function createForeignRegistry(options: ForeignRegistryOptions, clock: Clock): ForeignRegistry {
  const { host, api = host, accounts = [], anonymous = ["pull"], open = false } = options;
  const realm = new URL(options.realm ?? `https://${api}/token`);
  const audience = options.service ?? api;
  const state = createRegistryState({
    host: api,
    clock,
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    settings: { redirectBlobs: false },
  });
  const actionsOf = (username: string | undefined, password: string) =>
    accounts.find((each) => each.username === username && each.password === password)?.actions;
  const now = () => clock.time() / 1000;
  const gate: Gate = {
    require: (request, needed) => {
      if (open && needed.every(({ actions }) => actions.every((action) => anonymous.includes(action)))) return;
      const token = bearerToken(request);
      const claims = token === undefined ? undefined : proveToken(token, audience, now());
      if (claims === undefined) throw challenge(realm, audience, needed);
      if (!covers(claims.access, needed)) throw challenge(realm, audience, needed, "insufficient_scope");
    },
  };
  return {
    ...state,
    imported: host,
    api,
    realm,
    service: createRegistryService(state, gate),
    mayPull: (credentials) => {
      const actions = credentials === undefined ? anonymous : actionsOf(credentials.username, credentials.password);
      return actions?.includes("pull") === true;
    },
    answerToken: (request, url) => {
      const form = request.method === "POST" ? new URLSearchParams(bodyText(request)) : url.searchParams;
      const basic = basicOf(request) ?? passwordOf(form);
      const actions = basic === undefined ? anonymous : actionsOf(basic.username, basic.password);
      if (actions === undefined) {
        return jsonResponse(401, { errors: [{ code: "UNAUTHORIZED", message: "incorrect username or password" }] });
      }
      const access = parseScopes(form.getAll("scope")).flatMap((wanted) => {
        const granted = wanted.actions.filter((action) => actions.includes(action));
        return granted.length === 0 ? [] : [{ ...wanted, actions: granted }];
      });
      const claims = { sub: basic?.username ?? NOBODY, access, grant_type: "access_token" };
      const token = signToken(audience, claims, { now: now(), seconds: TOKEN_SECONDS });
      return jsonResponse(200, {
        token,
        access_token: token,
        expires_in: TOKEN_SECONDS,
        issued_at: clock.now().toISOString(),
      });
    },
  };
}

function passwordOf(form: URLSearchParams): { username: string; password: string } | undefined {
  const [username, password] = [form.get("username"), form.get("password")];
  return username === null || password === null ? undefined : { username, password };
}

function challenge(realm: URL, service: string, needed: readonly Access[], error?: string): RegistryFailure {
  const scope = needed.map(renderScope).join(" ");
  const parts = [
    `realm="${realm}"`,
    `service="${service}"`,
    ...(scope === "" ? [] : [`scope="${scope}"`]),
    ...(error === undefined ? [] : [`error="${error}"`]),
  ];
  const headers = { "www-authenticate": `Bearer ${parts.join(",")}` };
  return new RegistryFailure(401, "UNAUTHORIZED", "authentication required", { headers });
}
