import type { IncomingMessage } from "node:http";
import { Agent, request as ask } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ConnectionReset, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import type { BlobAddress } from "./blob.ts";

/** A real storage behind an account's name. */
export interface ForwardOptions {
  /** `https://127.0.0.1:<port>`; it must take the account's name from the request's `Host`. */
  readonly url: string;
  /** PEM of what has signed its certificate. */
  readonly ca: string;
  /** The name in its certificate. */
  readonly servername: string;
}

export interface Forwarder {
  forward(account: string, options: ForwardOptions): void;
  has(account: string): boolean;
  /** Passes a request on, with the client's own token; the container is made there when it is first asked for. */
  send(request: StreamedRequest, url: URL, place: BlobAddress): Promise<StreamedResponse>;
  close(): void;
}

/** Said by one side about its own connection, and not meant for the next. */
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection", "te", "trailer"];

export function createForwarder(): Forwarder {
  const agent = new Agent({ keepAlive: true });
  const targets = new Map<string, ForwardOptions>();
  const made = new Map<string, Promise<void>>();

  const send = (account: string, { method, headers, body }: StreamedRequest, url: URL) =>
    new Promise<IncomingMessage>((answered, failed) => {
      const target = targets.get(account);
      if (target === undefined) throw new Error(`Nothing stands behind ${account}`);
      const { hostname, port } = new URL(target.url);
      const passed = without({ ...headers, host: url.hostname });
      const asked = ask(
        {
          ...{ agent, method, hostname, port, path: `${url.pathname}${url.search}`, headers: passed },
          ...{ ca: target.ca, servername: target.servername },
        },
        (answer) => {
          // A client that is killed takes its request with it, also where nobody reads the answer any more.
          answer.on("error", () => undefined);
          answered(answer);
        },
      );
      const broken = () => failed(new ConnectionReset());
      asked.on("error", broken);
      // Without a length Node would announce chunks to a GET, too.
      const hasBody = "content-length" in headers || "transfer-encoding" in headers;
      if (hasBody) pipeline(body, asked).catch(broken);
      else asked.end();
    });

  const makeContainer = async ({ headers }: StreamedRequest, url: URL, { account, container }: BlobAddress) => {
    const { authorization = "", "x-ms-version": version = "2021-12-02" } = headers;
    const address = new URL(`https://${url.hostname}/${container}?restype=container`);
    const own = { authorization, "x-ms-version": version, "content-length": "0" };
    const answer = await send(
      account,
      { method: "PUT", url: address.href, headers: own, body: Readable.from([]) },
      address,
    );
    answer.resume();
    if (![201, 409].includes(answer.statusCode ?? 0)) {
      throw new Error(`The storage behind ${account} made no container: ${answer.statusCode}`);
    }
  };

  return {
    forward: (account, options) => {
      targets.set(account, options);
    },
    has: (account) => targets.has(account),
    send: async (request, url, place) => {
      const key = `${place.account}/${place.container}`;
      if (place.container !== "") {
        const making = made.get(key) ?? makeContainer(request, url, place);
        made.set(key, making);
        await making;
      }
      const answer = await send(place.account, request, url);
      const headers = without(answer.headers as Record<string, string>);
      return { status: answer.statusCode ?? 502, headers, body: answer };
    },
    close: () => agent.destroy(),
  };
}

function without(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
