import { EntraError } from "../../azure/entra-error.ts";
import { parseJsonObject } from "../../kit/json-object.ts";
import { LOGIN_RETRY, type RetryPolicy, type RetryWorld, retry } from "../../kit/retry.ts";
import { parseRetryAfter } from "../../kit/retry-after.ts";
import { UserError } from "../../kit/user-error.ts";
import type { PluginSettings } from "../../kubeconfig/plugin-settings.ts";
import { parseIdToken } from "../../oidc/claims.ts";
import { describeConnectionFault, isPassingFault } from "../../oidc/connection-fault.ts";
import { explainAnswer, isBusyStatus, type LoginAttempt, parseEntraAnswer } from "../../oidc/refusal.ts";
import { connectIdToken } from "../github-id-token.ts";
import { askOnce, type HttpAnswer } from "./connect-http.ts";

export interface TokenWorld extends RetryWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cancelled: AbortSignal;
}

export interface ClusterToken {
  readonly token: string;
  /** In milliseconds, by our clock. */
  readonly endsAtMs: number;
}

/** A kubectl waits for it, and a helm in the middle of its work would fail without it. */
const PATIENCE: RetryPolicy = { ...LOGIN_RETRY, tries: 8, longestWaitMs: 10_000 };
const ONE_ANSWER_MS = 20_000;

/**
 * A token for a cluster's API server: a fresh ID token of the job, exchanged at Entra. What passes by itself is tried
 * again, each time with another ID token.
 *
 * @throws UserError with a code of logins, saying what is missing or what Entra refused
 */
export async function fetchClusterToken(settings: PluginSettings, world: TokenWorld): Promise<ClusterToken> {
  const { environment } = world;
  // Nothing is printed here that could hold it: the only output is the token that was asked for.
  const mask = (): void => undefined;
  const idToken = (audience: string): Promise<string> => askGithub(audience, environment);
  const freshIdToken = connectIdToken({ ...world, mask, idToken }, undefined, PATIENCE);
  return retry<ClusterToken>(
    async () => {
      const assertion = await freshIdToken(settings.audience);
      const startedAtMs = world.now().getTime();
      let answer: HttpAnswer;
      try {
        answer = await askEntra(settings, assertion, environment);
      } catch (error) {
        const because = sayUnreachable(settings, describeConnectionFault(error), error);
        if (isPassingFault(error)) return { kind: "again", because };
        throw because;
      }
      const { access_token: token, expires_in: seconds } = parseJsonObject(answer.body);
      if (answer.status === 200 && typeof token === "string" && Number(seconds) > 0) {
        // Counted from before the request, so that it never looks longer than it is.
        return { kind: "done", value: { token, endsAtMs: startedAtMs + Number(seconds) * 1000 } };
      }
      return explain(answer, settings, assertion, world.now());
    },
    world,
    PATIENCE,
  );
}

/** GitHub's answer, or an error in the words of GitHub's toolkit, by which faults of it are explained everywhere. */
async function askGithub(audience: string, environment: TokenWorld["environment"]): Promise<string> {
  const url = new URL(environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "");
  url.searchParams.set("audience", audience);
  const authorization = `Bearer ${environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}`;
  const headers = { accept: "application/json", authorization, "user-agent": "mayfly" };
  const answer = await askOnce({ url: url.href, method: "GET", headers, timeoutMs: ONE_ANSWER_MS }, environment);
  const { value, message } = parseJsonObject(answer.body);
  if (answer.status !== 200) {
    throw new Error(`Failed to get ID Token. \n Error Code : ${answer.status}\n Error Message: ${message ?? ""}`);
  }
  if (typeof value !== "string") throw new Error("Response json body do not have ID Token field");
  return value;
}

function askEntra(
  { authorityHost, tenantId, clientId, scope }: PluginSettings,
  assertion: string,
  environment: TokenWorld["environment"],
): Promise<HttpAnswer> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    scope,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  const headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "mayfly",
  };
  const url = `${authorityHost}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  // The ID token goes nowhere without TLS.
  if (!url.startsWith("https:")) throw new Error(`${authorityHost} is not https`);
  return askOnce({ url, method: "POST", headers, body: `${form}`, timeoutMs: ONE_ANSWER_MS }, environment);
}

/** A finished refusal is thrown; what may pass is handed back for another try. */
function explain(answer: HttpAnswer, settings: PluginSettings, assertion: string, receivedAt: Date) {
  const said = parseEntraAnswer(answer.status, answer.body, answer.header);
  const busy = isBusyStatus(said.status);
  if (said.status < 400 || (said.error === undefined && said.aadsts === undefined && !busy)) {
    throw sayUnreachable(settings, `HTTP ${said.status} that is not Entra's, as a proxy or firewall in between gives`);
  }
  const attempt: LoginAttempt = {
    tenantId: settings.tenantId,
    clientId: settings.clientId,
    cloud: settings.cloud,
    usualAudience: settings.usualAudience || undefined,
    claims: parseIdToken(assertion),
  };
  const refused = new EntraError({ attempt, answer: said, meaning: explainAnswer(said), receivedAt });
  if (!refused.refusal.meaning.transient && !busy) throw refused;
  return { kind: "again", because: refused, waitMs: parseRetryAfter(said.retryAfter, receivedAt) } as const;
}

function sayUnreachable({ authorityHost }: PluginSettings, because: string, cause?: unknown): UserError {
  const todo = `To do: let the runner reach ${authorityHost} (HTTPS_PROXY, NO_PROXY, firewall, NODE_EXTRA_CA_CERTS).`;
  return new UserError("entra-unreachable", `Cannot reach Entra at ${authorityHost}: ${because}.\n${todo}`, { cause });
}
