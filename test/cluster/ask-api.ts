import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import type { Layout } from "./layout.ts";

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks the API server, by default as the administrator; with a token, as whoever it says. */
export interface AskApi {
  (path: string, options?: AskOptions): Promise<ApiAnswer>;
  close(): void;
}

export interface AskOptions {
  readonly method?: string;
  readonly body?: object;
  /** Of the body, in place of JSON's. */
  readonly type?: string;
  readonly token?: string;
}

const TIMEOUT_MS = 5_000;

/** Connects to the cluster of a layout, whose certificates must be there. One connection for each who asks. */
export function connectApi({ certificates, server }: Layout): AskApi {
  const read = (name: string) => readFileSync(join(certificates, name));
  const ca = read("ca.crt");
  const administrator = new Agent({
    keepAlive: true,
    ca,
    cert: read("administrator.crt"),
    key: read("administrator.key"),
  });
  const anybody = new Agent({ ca });
  const ask = (path: string, { method = "GET", body, type = "application/json", token }: AskOptions = {}) =>
    new Promise<ApiAnswer>((done, failed) => {
      const headers = {
        ...(body === undefined ? {} : { "content-type": type }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const agent = token === undefined ? administrator : anybody;
      const asked = request(`${server}${path}`, { method, agent, headers, timeout: TIMEOUT_MS }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("error", failed).on("end", () => done({ status: response.statusCode ?? 0, text }));
      });
      asked.on("error", failed).on("timeout", () => asked.destroy(new Error(`${server} does not answer`)));
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return Object.assign(ask, {
    close: () => {
      administrator.destroy();
      anybody.destroy();
    },
  });
}
