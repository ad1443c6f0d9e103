import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { unlessCancelled } from "../kit/cancel.ts";
import { type RetryWorld, retry } from "../kit/retry.ts";
import { parseIdToken } from "../oidc/claims.ts";
import type { LoginAttempt } from "../oidc/refusal.ts";
import type { Cloud } from "./cloud.ts";
import { exchange, loadIdentity } from "./exchange.ts";
import { type KeptIdToken, keepIdToken } from "./kept-id-token.ts";

export interface CredentialOptions extends RetryWorld {
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly clientId: string;
  /** A fresh GitHub ID token for an audience. One does for all scopes that are asked for within three minutes. */
  idToken(audience: string): Promise<string>;
  /** Registers a token with the runner, before anything could print it. */
  mask(secret: string): void;
  /** Said before each wait. */
  debug?(line: string): void;
  /** Told of each exchange that went well: Entra's id of the request. */
  onExchange?(requestId: string | undefined): void;
  /** Only tests give one. */
  readonly httpClient?: HttpClient | undefined;
}

/** The cached token is given up this long before it ends: a request that it starts with must still end well. */
const REFRESH_BEFORE_MS = 5 * 60_000;

/**
 * The job's federated identity as a credential for every Azure client. It keeps working for as long as the job does:
 * GitHub's ID tokens live for 300 seconds only, and each try after the first presents a new one.
 *
 * Access tokens are kept until five minutes before their end; callers at the same time share one exchange. The SDK is
 * loaded when the first token is asked for, while GitHub makes the ID token.
 *
 * `getToken` throws `EntraError` (with the refusal as it stood on the wire) or `UserError`
 * `entra-unreachable`; whatever `idToken` throws comes through as it is.
 */
export function connectCredential(options: CredentialOptions): TokenCredential {
  const kept = new Map<string, AccessToken>();
  const underWay = new Map<string, Promise<AccessToken>>();
  const idToken = keepIdToken(() => options.idToken(options.cloud.audience), options.now);

  return {
    getToken: (scopes, getOptions = {}) => {
      const scope = typeof scopes === "string" ? scopes : scopes.join(" ");
      const cached = kept.get(scope);
      // Claims come with a challenge: the service wants another token than the one that it was shown.
      const challenged = getOptions.claims !== undefined;
      if (cached !== undefined && !challenged && isFresh(cached, options.now())) return Promise.resolve(cached);
      const key = `${scope} ${getOptions.claims ?? ""}`;
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const started = unlessCancelled(exchangeWithRetry(options, idToken, scope, getOptions), options.cancelled)
        .then((token) => {
          kept.set(scope, token);
          return token;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, started);
      return started;
    },
  };
}

function isFresh(token: AccessToken, now: Date): boolean {
  const until = Math.min(
    token.refreshAfterTimestamp ?? Number.POSITIVE_INFINITY,
    token.expiresOnTimestamp - REFRESH_BEFORE_MS,
  );
  return now.getTime() < until;
}

async function exchangeWithRetry(
  options: CredentialOptions,
  kept: KeptIdToken,
  scope: string,
  getOptions: GetTokenOptions,
): Promise<AccessToken> {
  const { token, requestId } = await retry(async (count) => {
    // Both at once: the module takes as long to load as GitHub to answer.
    const [idToken] = await Promise.all([kept.get(), loadIdentity()]);
    options.mask(idToken);
    const attempt: LoginAttempt = {
      tenantId: options.tenantId,
      clientId: options.clientId,
      cloud: options.cloud.name,
      usualAudience: options.cloud.usualAudience,
      claims: parseIdToken(idToken),
    };
    // Whatever Entra did not like of it: the next one is another.
    const outcome = await exchange({ ...options, idToken, attempt, scope, getOptions }).catch((error: unknown) => {
      kept.forget();
      throw error;
    });
    if (outcome.kind === "again") {
      kept.forget();
      options.debug?.(`try ${count} of the token exchange: ${String(outcome.because)}`);
    } else options.mask(outcome.value.token.token);
    return outcome;
  }, options);
  options.onExchange?.(requestId);
  return token;
}
