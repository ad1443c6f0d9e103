import { isSafe, isSameFamily } from "./api-host.ts";
import { type AskOptions, ask } from "./ask.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { RegistryCredentials } from "./credentials.ts";
import { RegistryFault } from "./registry-fault.ts";
import type { TokenService } from "./registry-token.ts";

/** What a registry wants to be shown. */
export type Mode =
  | { readonly kind: "open" }
  | { readonly kind: "basic" }
  | { readonly kind: "bearer"; readonly service: TokenService };

export interface ModeOptions extends AskOptions {
  readonly api: URL;
  readonly credentials: RegistryCredentials;
}

/** Asks as docker does before its first request. @throws RegistryFault */
export async function findMode(options: ModeOptions): Promise<Mode> {
  // Azure's registries are known to have their token service at home: that saves the question.
  if (options.credentials.kind === "refresh-token") {
    const { api } = options;
    return { kind: "bearer", service: { realm: new URL("/oauth2/token", api), service: api.host } };
  }
  const question = { method: "GET" as const, url: new URL("/v2/", options.api), accept: [401, 404] };
  const response = await ask(options, question);
  if (response.status !== 401) return { kind: "open" };
  const mode = chooseMode(response.headers.get("www-authenticate"), options);
  if (mode === undefined) throw refuse(options, "no-challenge", "it wants a login and does not say where");
  return mode;
}

/** The mode that a `WWW-Authenticate` header asks for. @throws RegistryFault `foreign-realm` */
export function chooseMode(header: string | undefined, options: ModeOptions): Mode | undefined {
  const challenges = parseChallenges(header ?? "");
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer !== undefined) return { kind: "bearer", service: readService(bearer, options) };
  return challenges.some(({ scheme }) => scheme === "basic") ? { kind: "basic" } : undefined;
}

function readService({ parameters }: Challenge, options: ModeOptions): TokenService {
  const { api, credentials } = options;
  const named = parameters["realm"] ?? "";
  const realm = URL.parse(named, api.href);
  if (realm !== null && isSafe(realm, api) && mayBeTold(credentials, realm, api)) {
    return { realm, service: parameters["service"] };
  }
  const said = `it sends us for a token to ${JSON.stringify(named)}; that is no place of its own, so our credentials do not go there`;
  throw refuse(options, "foreign-realm", said);
}

function mayBeTold({ kind }: RegistryCredentials, realm: URL, api: URL): boolean {
  if (kind === "anonymous") return true;
  return kind === "password" ? isSameFamily(realm, api) : realm.host === api.host;
}

function refuse({ host }: ModeOptions, code: string, said: string): RegistryFault {
  return new RegistryFault({ request: "GET /v2/", host, status: 401, code, said, passing: false });
}
