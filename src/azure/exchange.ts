import type { AccessToken, GetTokenOptions } from "@azure/core-auth";
import type { HttpClient, PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { ClientAssertionCredential } from "@azure/identity";
import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import type { LoginCode } from "../oidc/login-codes.ts";
import { explainAnswer, isBusyStatus, type LoginAttempt, parseEntraAnswer, type Refusal } from "../oidc/refusal.ts";
import type { Cloud } from "./cloud.ts";
import { EntraError } from "./entra-error.ts";
import { type Attempt, parseRetryAfter } from "./retry.ts";

export interface Exchange {
  readonly identity: { readonly ClientAssertionCredential: typeof ClientAssertionCredential };
  readonly cloud: Cloud;
  readonly idToken: string;
  readonly attempt: LoginAttempt;
  readonly scopes: string | readonly string[];
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

/**
 * One exchange of an ID token for an access token, without any retry of the SDK's own: a later try needs a newer ID
 * token. `again` only for what passes by itself.
 *
 * The SDK asks for the assertion twice for each token, so it is handed a finished one.
 */
export async function exchange(options: Exchange): Promise<Attempt<Exchanged>> {
  const wire: Wire = {};
  const { cloud, attempt } = options;
  const credential = new options.identity.ClientAssertionCredential(
    attempt.tenantId,
    attempt.clientId,
    async () => options.idToken,
    {
      authorityHost: cloud.authorityHost,
      // A custom authority is trusted because a person named it; Microsoft's list of hosts does not know it.
      disableInstanceDiscovery: cloud.name === "custom",
      retryOptions: { maxRetries: 0 },
      additionalPolicies: [{ policy: watch(wire), position: "perRetry" }],
      ...(options.httpClient === undefined ? {} : { httpClient: options.httpClient }),
    },
  );
  try {
    const scopes = typeof options.scopes === "string" ? options.scopes : [...options.scopes];
    const token = await credential.getToken(scopes, options.getOptions);
    return { kind: "done", value: { token, requestId: wire.response?.headers.get("x-ms-request-id") } };
  } catch (error) {
    return explain(error, wire, options);
  }
}

function watch(wire: Wire): PipelinePolicy {
  return {
    name: "mayfly-watch-entra",
    sendRequest: async (request, next) => {
      delete wire.response;
      delete wire.fault;
      try {
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
  if (wire.fault !== undefined) {
    const unreachable = sayUnreachable(options.cloud.authorityHost, describeConnectionFault(wire.fault), error);
    if (isPassingFault(wire.fault)) return { kind: "again", because: unreachable };
    throw unreachable;
  }
  // Nothing was sent, or Entra was content: the fault is not on the wire.
  if (response === undefined || response.status < 400) throw error;

  const answer = parseEntraAnswer(response.status, response.bodyAsText ?? "", (name) => response.headers.get(name));
  const receivedAt = options.now();
  if (answer.error === undefined && answer.aadsts === undefined && !isBusyStatus(answer.status)) {
    const said = `HTTP ${answer.status} that is not Entra's, as a proxy or firewall in between gives`;
    throw sayUnreachable(options.cloud.authorityHost, said, error);
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
  return new UserError("entra-unreachable" satisfies LoginCode, `Cannot reach Entra at ${host}: ${because}.\n${todo}`, {
    cause,
  });
}
