import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
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

/**
 * Asks GitHub for an ID token, through the job's proxy where there is one. A connection for each: they are minutes
 * apart. What goes wrong is a reading, nothing is thrown.
 */
export function connectGithubTokens(
  service: TokenService,
  environment: Readonly<Record<string, string | undefined>>,
): (audience: string | undefined, timeoutMs: number) => Promise<Reading> {
  const options = { proxyEnv: { ...environment } };
  const secure = new URL(service.url).protocol === "https:";
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const send = secure ? requestHttps : requestHttp;

  const askOnce = (audience: string | undefined, timeoutMs: number): Promise<Answer> =>
    new Promise((resolve) => {
      const fail = (error: Error): void => resolve({ fault: nameFault(error, timeoutMs) });
      const url = new URL(service.url);
      if (audience !== undefined) url.searchParams.set("audience", audience);
      const headers = { accept: "application/json", authorization: `Bearer ${service.token}`, "user-agent": "mayfly" };
      const asked = send(url, { agent, headers, signal: AbortSignal.timeout(Math.ceil(timeoutMs)) }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > LONGEST_BODY_BYTES) response.destroy(new Error("its answer has no end"));
          else chunks.push(chunk);
        });
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            date: response.headers.date,
            retryAfterMs: parseRetryAfter(response.headers["retry-after"], new Date()),
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      asked.on("error", fail);
      asked.end();
    });
  return async (audience, timeoutMs) => readAnswer(await askOnce(audience, timeoutMs), new Date());
}

/** Its words name hosts, never headers. */
function nameFault(error: Error, timeoutMs: number): string {
  if (error.name === "AbortError") return `no answer within ${Math.round(timeoutMs / 100) / 10} s`;
  return describeConnectionFault(error);
}
