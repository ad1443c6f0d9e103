import type { AccessToken, GetTokenOptions } from "@azure/core-auth";
import type { HttpClient, PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Attempt } from "../kit/retry.ts";
import { parseRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import type { LoginCode } from "../oidc/login-codes.ts";
import { explainAnswer, isBusyStatus, type LoginAttempt, parseEntraAnswer, type Refusal } from "../oidc/refusal.ts";
import type { Cloud } from "./cloud.ts";
import { EntraError } from "./entra-error.ts";
import { withoutForms } from "./without-forms.ts";

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

/** What was seen on the wire: the SDK keeps neither status nor headers, and of the body only a text. */
interface Wire {
  response?: PipelineResponse;
  fault?: unknown;
}

/** Loads the SDK: who knows that a token will be wanted soon begins with it while something else is waited for. */
export function loadIdentity() {
  withoutForms();
  return import("@azure/identity");
}

/**
 * One exchange of an ID token for an access token by the SDK, without any retry of its own: a later try needs a newer
 * ID token. `again` only for what passes by itself.
 *
 * The SDK asks for the assertion twice for each token, so it is handed a finished one.
 */
export async function exchange(options: Exchange): Promise<Attempt<Exchanged>> {
  const { ClientAssertionCredential } = await loadIdentity();
  const wire: Wire = {};
  const { cloud, attempt, getOptions } = options;
  const credential = new ClientAssertionCredential(attempt.tenantId, attempt.clientId, async () => options.idToken, {
    authorityHost: cloud.authorityHost,
    // A custom authority is trusted because a person named it; Microsoft's list of hosts does not know it.
    disableInstanceDiscovery: cloud.name === "custom",
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: watch(wire), position: "perRetry" }],
    ...(options.httpClient === undefined ? {} : { httpClient: options.httpClient }),
  });
  try {
    // The tenant is the identity's, whatever tenant a challenge names.
    const { tenantId: _, ...wanted } = getOptions;
    const token = atClockOf(options, await credential.getToken(options.scope, wanted));
    return { kind: "done", value: { token, requestId: wire.response?.headers.get("x-ms-request-id") } };
  } catch (error) {
    return explain(error, wire, options);
  }
}

/** The SDK takes an answer that names no lifetime for a token that ends at once. */
const SHORTEST_LIFE_MS = 5_000;

/** The token with its times by the caller's clock. @throws Error where it has no time to live */
function atClockOf({ now }: Exchange, token: AccessToken): AccessToken {
  const aheadMs = now().getTime() - Date.now();
  const { expiresOnTimestamp, refreshAfterTimestamp } = token;
  if (!(expiresOnTimestamp - Date.now() > SHORTEST_LIFE_MS)) throw new Error("a token without a time to live");
  return {
    ...token,
    expiresOnTimestamp: expiresOnTimestamp + aheadMs,
    ...(refreshAfterTimestamp === undefined ? {} : { refreshAfterTimestamp: refreshAfterTimestamp + aheadMs }),
  };
}

/** The SDK waits for Entra without an end. */
const LONGEST_ANSWER_MS = 30_000;

function watch(wire: Wire): PipelinePolicy {
  return {
    name: "mayfly-watch-entra",
    sendRequest: async (request, next) => {
      delete wire.response;
      delete wire.fault;
      try {
        // A custom authority's discovery names the token endpoint: the ID token goes nowhere without TLS.
        if (!request.url.startsWith("https:")) throw new Error(`${request.url} is not https`);
        request.timeout = LONGEST_ANSWER_MS;
        wire.response = await next(request);
        return wire.response;
      } catch (error) {
        wire.fault = error;
        throw error;
      }
    },
  };
}

/** A finished refusal is thrown; what may pass is handed back for another try. */
function explain(error: unknown, wire: Wire, options: Exchange): Attempt<never> {
  const { response } = wire;
  const host = options.cloud.authorityHost;
  if (wire.fault !== undefined) {
    const unreachable = sayUnreachable(host, describeConnectionFault(wire.fault), error);
    if (isPassingFault(wire.fault)) return { kind: "again", because: unreachable };
    throw unreachable;
  }
  if (response === undefined) throw error;
  if (response.status < 400) {
    throw sayUnreachable(host, "HTTP 200 without a token, as a proxy or firewall in between gives", error);
  }
  const answer = parseEntraAnswer(response.status, response.bodyAsText ?? "", (name) => response.headers.get(name));
  const receivedAt = options.now();
  if (answer.error === undefined && answer.aadsts === undefined && !isBusyStatus(answer.status)) {
    const said = `HTTP ${answer.status} that is not Entra's, as a proxy or firewall in between gives`;
    throw sayUnreachable(host, said, error);
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
