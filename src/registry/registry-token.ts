import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { parseJsonObject } from "../kit/json-object.ts";
import { decodePayload } from "../oidc/claims.ts";
import { type AskOptions, ask, type Question } from "./ask.ts";
import type { RegistryCredentials } from "./credentials.ts";
import { RegistryFault } from "./registry-fault.ts";

/** Where a registry's tokens are made (https://distribution.github.io/distribution/spec/auth/token/). */
export interface TokenService {
  readonly realm: URL;
  readonly service: string | undefined;
}

export interface RegistryToken {
  readonly header: string;
  /** What it was asked for. */
  readonly scopes: readonly string[];
  /** What it grants, as scopes; undefined where the token does not say. */
  readonly granted: readonly string[] | undefined;
  /** Milliseconds since 1970 after which no request begins with it. */
  readonly until: number;
}

export interface TokenOptions extends AskOptions {
  readonly credentials: RegistryCredentials;
  readonly service: TokenService;
  readonly scopes: readonly string[];
  /** Whether the refresh token is to be a new one. */
  readonly fresh: boolean;
  mask(secret: string): void;
}

/** What the protocol says of a token that names no lifetime. */
const USUAL_LIFE_S = 60;
/** A request that begins with a token must still be heard with it. */
const MARGIN_MS = 60_000;

/** A token for these scopes, masked. @throws RegistryFault where the service refuses, `no-token` where it gives none */
export async function fetchToken(options: TokenOptions): Promise<RegistryToken> {
  const { credentials } = options;
  if (credentials.kind !== "refresh-token") return readToken(await askByGet(options, credentials), options);
  const first = await askByPost(options, await credentials.refreshToken(options.fresh), !options.fresh);
  if (first.status !== 401) return readToken(first, options);
  // A refresh token that was kept may have been revoked since.
  return readToken(await askByPost(options, await credentials.refreshToken(true), false), options);
}

function askByPost(options: TokenOptions, refreshToken: string, mayBeRefused: boolean): Promise<PipelineResponse> {
  const { service, scopes } = options;
  const form = new URLSearchParams({ grant_type: "refresh_token", client_id: "mayfly" });
  if (service.service !== undefined) form.set("service", service.service);
  for (const scope of scopes) form.append("scope", scope);
  form.set("refresh_token", refreshToken);
  return askService(options, {
    method: "POST",
    url: service.realm,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
    accept: mayBeRefused ? [401] : [],
  });
}

function askByGet(
  options: TokenOptions,
  credentials: Exclude<RegistryCredentials, { readonly kind: "refresh-token" }>,
): Promise<PipelineResponse> {
  const { service, scopes } = options;
  const url = new URL(service.realm);
  if (service.service !== undefined) url.searchParams.set("service", service.service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  return askService(options, { method: "GET", url, authorization: basicHeader(credentials) });
}

async function askService(options: TokenOptions, question: Question): Promise<PipelineResponse> {
  return ask(options, { ...question, wanted: options.scopes });
}

/** `Authorization` of a user with a password; undefined for nobody. */
export function basicHeader(credentials: RegistryCredentials): string | undefined {
  if (credentials.kind !== "password") return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}

function readToken(response: PipelineResponse, options: TokenOptions): RegistryToken {
  const body = parseJsonObject(response.bodyAsText ?? "");
  const token = [body["access_token"], body["token"]].find((value) => typeof value === "string" && value !== "");
  if (typeof token !== "string") {
    throw new RegistryFault({
      request: `GET ${options.service.realm.pathname}`,
      host: options.service.realm.host,
      status: response.status,
      code: "no-token",
      said: "an answer without a token, as a proxy or firewall in between gives",
      passing: false,
    });
  }
  options.mask(token);
  const claims = decodePayload(token) ?? {};
  const lifeMs = lifeOf(body["expires_in"], claims) * 1000;
  return {
    header: `Bearer ${token}`,
    scopes: options.scopes,
    granted: readGrants(claims["access"]),
    // By our clock, whatever the token's own times say: the two may differ.
    until: options.now().getTime() + lifeMs - Math.min(MARGIN_MS, lifeMs / 4),
  };
}

function lifeOf(expiresIn: unknown, claims: Readonly<Record<string, unknown>>): number {
  const { exp, iat, nbf } = claims;
  const from = typeof iat === "number" ? iat : nbf;
  const lives = [expiresIn, typeof exp === "number" && typeof from === "number" ? exp - from : undefined];
  return lives.find((life): life is number => typeof life === "number" && life > 0) ?? USUAL_LIFE_S;
}

/** `access` of a registry's JWT: `[{"type":"repository","name":"team/app","actions":["pull"]}]`. */
function readGrants(access: unknown): readonly string[] | undefined {
  if (!Array.isArray(access)) return undefined;
  return access.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { type, name, actions } = entry as Readonly<Record<string, unknown>>;
    return Array.isArray(actions) ? [`${type}:${name}:${actions.join(",")}`] : [];
  });
}
