import type { AccessToken, TokenCredential } from "@azure/core-auth";
import type { HttpClient, PipelineRequestOptions, PipelineResponse } from "@azure/core-rest-pipeline";
import { unlessCancelled } from "../kit/cancel.ts";
import { parseJsonObject } from "../kit/json-object.ts";
import { type Attempt, LOGIN_RETRY, type RetryWorld, retry } from "../kit/retry.ts";
import { readRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import { decodePayload } from "../oidc/claims.ts";
import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import { isBusyStatus } from "../oidc/refusal.ts";
import type { RegistryCredentials } from "../registry/credentials.ts";
import { type AcrLoginFacts, explainLogin } from "./acr-login-error.ts";
import { keepingAlive } from "./arm-policies.ts";
import type { Cloud } from "./cloud.ts";

export interface AcrLoginOptions extends RetryWorld {
  readonly cloud: Pick<Cloud, "registryScope" | "registrySuffix" | "name">;
  readonly tenantId: string;
  readonly credential: TokenCredential;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Registers a token with the runner, before anything could print it. */
  mask(secret: string): void;
  /** Said before each wait. */
  debug?(line: string): void;
  /** Only tests give one. */
  readonly httpClient?: HttpClient | undefined;
}

/** What lets docker and us into one registry for some hours; with the null GUID as user it is a password. */
export interface AcrRefreshToken {
  readonly token: string;
  /** By our clock. */
  readonly expiresAt: Date;
  /** The registry decides by conditions on repositories (`AbacRepositoryPermissions`), and ignores AcrPush and AcrPull. */
  readonly abac: boolean;
}

/** The job's identity at the registries of Azure. */
export interface AcrLogin {
  /**
   * The kept refresh token of a registry, or a new one when it is about to end or `fresh` is wanted. Callers at the same
   * time share one exchange.
   *
   * @throws AcrLoginError, EntraError
   * @throws UserError `registry-not-azure` for a host that no token of Azure may go to
   */
  refreshToken(loginServer: string, fresh?: boolean): Promise<AcrRefreshToken>;
  /** The same as the credentials of a registry session. */
  credentials(loginServer: string): RegistryCredentials;
}

/** As Azure's own clients: a push that begins with the token should end with it. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** For a token that does not say how long it lives. */
const UNKNOWN_LIFE_MS = 10 * 60_000;
const LONGEST_ANSWER_MS = 30_000;

/** Exchanges the job's identity for refresh tokens of registries. Nothing is asked yet. */
export function connectAcrLogin(options: AcrLoginOptions): AcrLogin {
  const kept = new Map<string, AcrRefreshToken>();
  const underWay = new Map<string, Promise<AcrRefreshToken>>();
  const connected = { ...options, send: createSend(options) };

  const refreshToken = (loginServer: string, fresh = false): Promise<AcrRefreshToken> => {
    const host = loginServer.toLowerCase();
    const cached = kept.get(host);
    if (cached !== undefined && !fresh && isFresh(cached, options.now())) return Promise.resolve(cached);
    const running = underWay.get(host);
    if (running !== undefined) return running;
    const started = unlessCancelled(exchange(connected, host), options.cancelled)
      .then((token) => {
        kept.set(host, token);
        return token;
      })
      .finally(() => underWay.delete(host));
    underWay.set(host, started);
    return started;
  };

  return {
    refreshToken,
    credentials: (loginServer) => ({
      kind: "refresh-token",
      refreshToken: async (fresh) => (await refreshToken(loginServer, fresh)).token,
    }),
  };
}

function isFresh({ expiresAt }: AcrRefreshToken, now: Date): boolean {
  return now.getTime() < expiresAt.getTime() - RENEW_BEFORE_MS;
}

interface Connected extends AcrLoginOptions {
  readonly send: Send;
}

async function exchange(options: Connected, loginServer: string): Promise<AcrRefreshToken> {
  requireAzure(loginServer, options.cloud);
  return retry(
    async (count) => {
      // Asked for in each try: the one that is kept may have ended while we waited.
      const entra = await options.credential.getToken(options.cloud.registryScope);
      if (entra === null) throw new Error("the credential gave no token");
      const outcome = await tryOnce(options, loginServer, entra);
      if (outcome.kind === "again") options.debug?.(`try ${count} of the login to ${loginServer}: ${outcome.because}`);
      return outcome;
    },
    options,
    LOGIN_RETRY,
  );
}

/** A token for all registries goes to no other host, whoever named it. */
function requireAzure(loginServer: string, { registrySuffix, name }: AcrLoginOptions["cloud"]): void {
  const host = URL.parse(`https://${loginServer}`)?.host;
  if (host === loginServer && (registrySuffix === undefined || loginServer.endsWith(registrySuffix))) return;
  const wanted = registrySuffix === undefined ? "a host name" : `a name that ends in ${registrySuffix}`;
  throw new UserError(
    "registry-not-azure",
    `${JSON.stringify(loginServer)} is no login server of an Azure registry (cloud: ${name}): expected ${wanted}. az acr show --name <registry> --query loginServer tells it.`,
  );
}

async function tryOnce(options: Connected, loginServer: string, entra: AccessToken): Promise<Attempt<AcrRefreshToken>> {
  let response: PipelineResponse;
  try {
    response = await post(options, loginServer, entra.token);
  } catch (error) {
    const silent = { status: undefined, code: undefined, ip: undefined, correlationId: undefined };
    const fault = explainLogin({ loginServer, ...silent, said: describeConnectionFault(error) }, error);
    if (isPassingFault(error)) return { kind: "again", because: fault };
    throw fault;
  }
  const body = parseJsonObject(response.bodyAsText ?? "");
  const token = body["refresh_token"];
  if (response.status === 200 && typeof token === "string" && token !== "") {
    options.mask(token);
    return { kind: "done", value: readToken(token, entra, options.now()) };
  }
  const fault = explainLogin(readFacts(loginServer, response, body));
  if (!isBusyStatus(response.status)) throw fault;
  return { kind: "again", because: fault, waitMs: readRetryAfter(response.headers, options.now()) };
}

type Send = (request: PipelineRequestOptions) => Promise<PipelineResponse>;

/** The SDK's pipeline without its retries; loaded with the first request. */
function createSend({ environment, httpClient }: AcrLoginOptions): Send {
  const keepAlive = keepingAlive(environment);
  return async (request) => {
    const { createDefaultHttpClient, createPipelineFromOptions, createPipelineRequest } = await import(
      "@azure/core-rest-pipeline"
    );
    const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
    pipeline.addPolicy(keepAlive);
    return pipeline.sendRequest(httpClient ?? createDefaultHttpClient(), createPipelineRequest(request));
  };
}

async function post(options: Connected, loginServer: string, accessToken: string): Promise<PipelineResponse> {
  const { createHttpHeaders } = await import("@azure/core-rest-pipeline");
  const form = new URLSearchParams({
    grant_type: "access_token",
    service: loginServer,
    tenant: options.tenantId,
    access_token: accessToken,
  });
  return options.send({
    url: `https://${loginServer}/oauth2/exchange`,
    method: "POST",
    headers: createHttpHeaders({ "content-type": "application/x-www-form-urlencoded" }),
    body: form.toString(),
    timeout: LONGEST_ANSWER_MS,
    ...(options.cancelled === undefined ? {} : { abortSignal: options.cancelled }),
  });
}

function readToken(token: string, entra: AccessToken, now: Date): AcrRefreshToken {
  const claims = decodePayload(token) ?? {};
  const { exp, iat, nbf } = claims;
  const from = typeof iat === "number" ? iat : nbf;
  const lifeMs = typeof exp === "number" && typeof from === "number" ? (exp - from) * 1000 : UNKNOWN_LIFE_MS;
  // It is made from the Entra token, and may end with it.
  const end = Math.min(now.getTime() + lifeMs, entra.expiresOnTimestamp);
  return { token, expiresAt: new Date(end), abac: claims["aad_identity"] !== undefined };
}

function readFacts(
  loginServer: string,
  response: PipelineResponse,
  body: Readonly<Record<string, unknown>>,
): AcrLoginFacts {
  const errors: unknown = body["errors"];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const { code, message } = (typeof first === "object" && first !== null ? first : {}) as Readonly<
    Record<string, unknown>
  >;
  const said =
    typeof message === "string" ? message : "an answer that is no registry's, as a proxy or firewall in between gives";
  return {
    loginServer,
    status: response.status,
    code: typeof code === "string" ? code : undefined,
    said: said.replace(/\.$/, ""),
    ip: /\bIP '([0-9a-f.:]+)'/i.exec(said)?.[1],
    correlationId:
      /\bCorrelation ?Id: ?([\w-]{8,})/i.exec(said)?.[1] ?? response.headers.get("x-ms-correlation-request-id"),
  };
}
