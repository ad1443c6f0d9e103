import type { AccessToken, GetTokenOptions } from "@azure/core-auth";
import type { HttpClient, Pipeline, PipelineResponse } from "@azure/core-rest-pipeline";
import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import type { LoginCode } from "../oidc/login-codes.ts";
import { explainAnswer, isBusyStatus, type LoginAttempt, parseEntraAnswer, type Refusal } from "../oidc/refusal.ts";
import type { Cloud } from "./cloud.ts";
import { EntraError } from "./entra-error.ts";
import { type Attempt, parseRetryAfter } from "./retry.ts";

export interface Exchange {
  readonly cloud: Cloud;
  readonly idToken: string;
  readonly attempt: LoginAttempt;
  readonly scope: string;
  readonly getOptions: GetTokenOptions;
  readonly httpClient?: HttpClient | undefined;
  now(): Date;
}

export interface Exchanged {
  readonly token: AccessToken;
  /** Entra's id of the request. */
  readonly requestId: string | undefined;
}

/** The SDK's transport (proxy, TLS, timeouts), without the rest of it. */
export const loadTransport = () => import("@azure/core-rest-pipeline");

/**
 * One exchange of an ID token for an access token; `again` only for what passes by itself.
 *
 * It is one POST of six fields, so it is made here: `@azure/identity` takes longer to load (70 ms) than Entra to answer,
 * hides Entra's status, headers and body, and retries with an assertion that may have expired.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 */
export async function exchange(options: Exchange): Promise<Attempt<Exchanged>> {
  const { createDefaultHttpClient, createHttpHeaders, createPipelineFromOptions, createPipelineRequest } =
    await loadTransport();
  // No retries of the transport's own: a later try needs a newer ID token.
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const abortSignal = options.getOptions.abortSignal;
  try {
    const response = await pipeline.sendRequest(
      httpClient,
      createPipelineRequest({
        url: await findTokenEndpoint(options, pipeline, httpClient),
        method: "POST",
        headers: createHttpHeaders({ accept: "application/json", "content-type": "application/x-www-form-urlencoded" }),
        body: renderForm(options),
        timeout: 30_000,
        ...(abortSignal === undefined ? {} : { abortSignal }),
      }),
    );
    return response.status === 200 ? readToken(response, options) : readRefusal(response, options);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "RestError") throw error;
    const unreachable = sayUnreachable(options.cloud.authorityHost, describeConnectionFault(error), error);
    if (isPassingFault(error)) return { kind: "again", because: unreachable };
    throw unreachable;
  }
}

/** Known clouds have one form of address; a custom authority says where its endpoint is. */
async function findTokenEndpoint(options: Exchange, pipeline: Pipeline, httpClient: HttpClient): Promise<string> {
  const { cloud, attempt } = options;
  const tenant = `${cloud.authorityHost}/${encodeURIComponent(attempt.tenantId)}`;
  if (cloud.name !== "custom") return `${tenant}/oauth2/v2.0/token`;
  const { createPipelineRequest } = await loadTransport();
  const url = `${tenant}/v2.0/.well-known/openid-configuration`;
  const response = await pipeline.sendRequest(httpClient, createPipelineRequest({ url, timeout: 30_000 }));
  const endpoint = response.status === 200 ? parseJson(response.bodyAsText)["token_endpoint"] : undefined;
  // The ID token goes only where a person said, or where that place sends it by https.
  if (typeof endpoint === "string" && URL.parse(endpoint)?.protocol === "https:") return endpoint;
  throw sayUnreachable(cloud.authorityHost, `${url} names no token endpoint (HTTP ${response.status})`, undefined);
}

function renderForm({ attempt, idToken, scope, getOptions }: Exchange): string {
  const form = new URLSearchParams({
    client_id: attempt.clientId,
    scope,
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: idToken,
  });
  if (getOptions.claims !== undefined) form.set("claims", getOptions.claims);
  return form.toString();
}

function readToken(response: PipelineResponse, options: Exchange): Attempt<Exchanged> {
  const body = parseJson(response.bodyAsText);
  const token = body["access_token"];
  const seconds = Number(body["expires_in"]);
  if (typeof token !== "string" || token === "" || !(seconds > 0)) {
    const said = "HTTP 200 without a token, as a proxy or firewall in between gives";
    throw sayUnreachable(options.cloud.authorityHost, said, undefined);
  }
  const now = options.now().getTime();
  const refresh = Number(body["refresh_in"]);
  return {
    kind: "done",
    value: {
      token: {
        token,
        tokenType: "Bearer",
        expiresOnTimestamp: now + seconds * 1000,
        ...(refresh > 0 ? { refreshAfterTimestamp: now + refresh * 1000 } : {}),
      },
      requestId: response.headers.get("x-ms-request-id"),
    },
  };
}

/** A finished refusal is thrown; what may pass is handed back for another try. */
function readRefusal(response: PipelineResponse, options: Exchange): Attempt<never> {
  const answer = parseEntraAnswer(response.status, response.bodyAsText ?? "", (name) => response.headers.get(name));
  const receivedAt = options.now();
  if (answer.error === undefined && answer.aadsts === undefined && !isBusyStatus(answer.status)) {
    const said = `HTTP ${answer.status} that is not Entra's, as a proxy or firewall in between gives`;
    throw sayUnreachable(options.cloud.authorityHost, said, undefined);
  }
  const refusal: Refusal = { attempt: options.attempt, answer, meaning: explainAnswer(answer), receivedAt };
  const refused = new EntraError(refusal);
  if (refusal.meaning.transient || isBusyStatus(answer.status)) {
    return { kind: "again", because: refused, waitMs: parseRetryAfter(answer.retryAfter, receivedAt) };
  }
  throw refused;
}

function sayUnreachable(host: string, because: string, cause: unknown): UserError {
  const todo = `To do: let the runner reach ${host} (HTTPS_PROXY, NO_PROXY, firewall, NODE_EXTRA_CA_CERTS).`;
  const code = "entra-unreachable" satisfies LoginCode;
  return new UserError(code, `Cannot reach Entra at ${host}: ${because}.\n${todo}`, { cause });
}

function parseJson(text: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
