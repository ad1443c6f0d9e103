import type { IncomingMessage } from "node:http";
import { once } from "../../kit/once.ts";
import { readBody } from "../../kit/read-body.ts";
import { parseRetryAfter } from "../../kit/retry-after.ts";
import { describeConnectionFault } from "../../oidc/connection-fault.ts";
import { type Answer, type Reading, readAnswer } from "../../oidc/relay/read-answer.ts";

/** GitHub's own token service, as the job's environment names it. */
export interface TokenService {
  readonly url: string;
  readonly token: string;
}

/** No token is as long as this. */
const LONGEST_BODY_BYTES = 1_048_576;

/** GitHub's tokens, as it gives them. */
export interface GithubTokens {
  /** Asks once. What goes wrong is a reading, nothing is thrown. */
  ask(audience: string | undefined, timeoutMs: number): Promise<Reading>;
  /** Loads what a question needs: TLS takes longer than all else of a start. */
  prepare(): Promise<unknown>;
}

/** Asks GitHub for ID tokens, through the job's proxy where there is one; a connection for each: they are minutes apart. */
export function connectGithubTokens(
  service: TokenService,
  environment: Readonly<Record<string, string | undefined>>,
): GithubTokens {
  const { protocol } = new URL(service.url);
  const load = once(async () => {
    const { request, Agent } = protocol === "https:" ? await import("node:https") : await import("node:http");
    return { request, agent: new Agent({ proxyEnv: { ...environment } }) };
  });

  const askOnce = async (audience: string | undefined, timeoutMs: number): Promise<Answer> => {
    const { request, agent } = await load();
    return new Promise((resolve) => {
      const fail = (error: Error): void => resolve({ fault: nameFault(error, timeoutMs) });
      const url = new URL(service.url);
      if (audience !== undefined) url.searchParams.set("audience", audience);
      const headers = { accept: "application/json", authorization: `Bearer ${service.token}`, "user-agent": "mayfly" };
      const asked = request(
        url,
        { agent, headers, signal: AbortSignal.timeout(Math.ceil(timeoutMs)) },
        (response: IncomingMessage) => {
          readBody(response, LONGEST_BODY_BYTES).then(
            (body) =>
              resolve({
                status: response.statusCode ?? 0,
                date: response.headers.date,
                retryAfterMs: parseRetryAfter(response.headers["retry-after"], new Date()),
                body,
              }),
            fail,
          );
        },
      );
      asked.on("error", fail);
      asked.end();
    });
  };
  return {
    ask: async (audience, timeoutMs) => readAnswer(await askOnce(audience, timeoutMs), new Date()),
    prepare: load,
  };
}

/** Its words name hosts, never headers. */
function nameFault(error: Error, timeoutMs: number): string {
  if (error.name === "AbortError") return `no answer within ${Math.round(timeoutMs / 100) / 10} s`;
  return describeConnectionFault(error);
}
