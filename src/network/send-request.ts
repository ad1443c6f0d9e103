import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { NetworkError } from "./network-error.ts";
import type { Patience } from "./patience.ts";
import { readAnswerBody } from "./read-answer-body.ts";

export interface Sent {
  readonly method: string;
  /** The path, or the whole address where a proxy is asked. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cut?: true;
}

/** One request over a connection, which is used for nothing else and ends with it. */
export async function sendRequest(socket: Duplex, sent: Sent, patience: Patience): Promise<Received> {
  patience.waitingFor = "answer";
  const faults: Error[] = [];
  socket.on("error", (fault) => faults.push(fault));
  try {
    const response = await ask(socket, sent);
    patience.waitingFor = "whole answer";
    const body = await readAnswerBody(response);
    // A body that ends with the connection looks whole to Node also when that was cut, or its time was up.
    for (const fault of faults) throw fault;
    return { status: response.statusCode ?? 0, headers: flatten(response), ...body };
  } finally {
    socket.destroy();
  }
}

function ask(socket: Duplex, { method, path, headers, body }: Sent): Promise<IncomingMessage> {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      method,
      path,
      headers: { ...headers, ...length, connection: "close" },
    });
    asked.on("response", resolve);
    asked.on("error", reject);
    asked.on("upgrade", () => reject(new NetworkError("other", "it changed the protocol, which nobody had asked for")));
    asked.end(body);
  });
}

/** A header that came more than once is one line, as if a proxy had joined it. */
function flatten({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
