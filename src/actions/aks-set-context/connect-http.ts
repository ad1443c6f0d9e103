import type { IncomingHttpHeaders } from "node:http";
import { readBody } from "../../kit/read-body.ts";

export interface HttpRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

/** No token is as long as this. */
const LONGEST_BODY_BYTES = 1_048_576;

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * One request, through the proxy that the environment names, where there is one. It rejects only where no answer came;
 * the error has a `code` then.
 *
 * Node's own fetch would take 20 ms more to load, and TLS is loaded only when there is somebody to ask.
 */
export async function askOnce(
  request: HttpRequest,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<HttpAnswer> {
  const { method, headers, body, timeoutMs } = request;
  const url = new URL(request.url);
  const { Agent, request: send } = url.protocol === "http:" ? await import("node:http") : await import("node:https");
  // Nobody's proxy leads to this machine itself, where the relay of the terraform action answers.
  const agent = new Agent(LOOPBACK.test(url.hostname) ? {} : { proxyEnv: { ...environment } });
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      const slow = Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: "ETIMEDOUT" });
      reject(signal.aborted ? slow : error);
    };
    const length = body === undefined ? {} : { "content-length": `${Buffer.byteLength(body)}` };
    const sent = send(url, { method, agent, signal, headers: { ...headers, ...length } }, (response) => {
      readBody(response, LONGEST_BODY_BYTES).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            header: (name) => firstOf(response.headers, name),
            body: text,
          }),
        fail,
      );
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

function firstOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
