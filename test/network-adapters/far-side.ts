import { createServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import type { HttpAnswer, HttpRequest, Network, NetworkFault } from "../../src/actions/smoke/world.ts";
import { connectNetwork, type NetworkOptions } from "../../src/network/connect-network.ts";
import type { Pair } from "./certificates.ts";

/** A server of a test, which ends with it. */
export interface FarSide extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has taken. */
  connections(): number;
}

export const serveHttp = (answer: RequestListener): Promise<FarSide> =>
  // A request that breaks the rules is what some tests want to see answered.
  listen(createServer({ insecureHTTPParser: true }, answer));

export const serveHttps = (pair: Pair, answer: RequestListener): Promise<FarSide> =>
  listen(createHttpsServer(pair, answer));

/** Says whatever a test wants, byte by byte. */
export const serveBytes = (talk: (socket: Socket) => void): Promise<FarSide> => listen(createTcpServer(talk));

async function listen(server: Server): Promise<FarSide> {
  const sockets = new Set<Socket>();
  let taken = 0;
  server.on("connection", (socket: Socket) => {
    taken += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The adapter as the action connects it, without the proxy of the machine that runs the test. */
export function connect(options: Partial<NetworkOptions> = {}): Network {
  return connectNetwork({
    environment: {},
    monotonic: () => performance.now(),
    cancelled: new AbortController().signal,
    ...options,
  });
}

export const LIMITS = { timeoutMs: 5_000, until: new AbortController().signal } as const;

export function ask(url: string, more: Partial<HttpRequest> = {}, network = connect()): Promise<HttpAnswer> {
  return network.http({ url, method: "GET", headers: {}, body: undefined, followRedirects: false, ...LIMITS, ...more });
}

/** What was wrong. Fails where nothing was, and where it was nothing that a smoke test can tell. */
export async function faultOf(work: Promise<unknown>, network = connect()): Promise<NetworkFault> {
  const thrown = await work.then(
    (value) => {
      throw new Error(`there is no fault: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
  const fault = network.readFault(thrown);
  if (fault === undefined) throw thrown;
  return { kind: fault.kind, message: fault.message };
}

/** A port that was just given back. */
export async function findClosedPort(): Promise<number> {
  await using far = await serveBytes(() => {});
  return far.port;
}
