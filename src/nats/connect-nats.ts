import { once } from "node:events";
import { types } from "node:util";
import type { NatsConnection as Client } from "@nats-io/transport-node";
import type { ConnectNats, Limits, NatsServer } from "../actions/smoke/world.ts";
import { NatsFault } from "../smoke/nats-fault.ts";
import { type Loopback, openLoopback } from "./loopback.ts";
import { openSession } from "./open-session.ts";
import { readFault } from "./read-fault.ts";

const ANSWER_MS = 5_000;
/** Twice without an answer, and the connection counts as ended: one through a forwarded port may end without a word. */
const PING_MS = 5_000;

/**
 * Connects to NATS, by a dial where one leads there. A connection that ends stays so: whoever asks next is told, and
 * connects anew.
 *
 * @throws NatsFault; what the dial has thrown, where that is why
 */
export const connectNats: ConnectNats = async (server, limits) => {
  const [{ headers }, { jetstream, jetstreamManager }] = await loadClient();
  const loopback = server.dial === undefined ? undefined : await openLoopback(server.dial);
  try {
    const client = await connectClient(server, loopback, limits);
    const options = { timeout: ANSWER_MS };
    return openSession({
      client,
      jetstream: jetstream(client, options),
      // Whether there is JetStream is told by the first question to it.
      manager: await jetstreamManager(client, { ...options, checkAPI: false }),
      makeHeaders: () => headers(),
      end: async () => {
        await client.close();
        await loopback?.end();
      },
    });
  } catch (error) {
    await loopback?.end();
    throw error;
  }
};

/** Loaded by the first test that needs it: most need none. */
function loadClient() {
  return Promise.all([import("@nats-io/transport-node"), import("@nats-io/jetstream")]);
}

async function connectClient(server: NatsServer, loopback: Loopback | undefined, limits: Limits): Promise<Client> {
  const { host, port } = loopback ?? server;
  const { user, password: pass, token } = server.login;
  const [{ connect }] = await loadClient();
  const connecting = connect({
    name: "mayfly smoke test",
    servers: `${host.includes(":") ? `[${host}]` : host}:${port}`,
    timeout: Math.max(1, Math.round(limits.timeoutMs)),
    pingInterval: PING_MS,
    reconnect: false,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    // What is forwarded goes through the API server's TLS, and its name is not the certificate's.
    ...(loopback === undefined ? {} : { tls: null }),
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
    ...(token === undefined ? {} : { token }),
  });
  try {
    return await unlessAborted(connecting, limits.until);
  } catch (error) {
    void connecting.then((late) => late.close()).catch(() => {});
    const refusal = loopback?.refusal();
    if (refusal !== undefined) throw refusal;
    throw explainEnd(error, loopback, `connecting to NATS at ${server.host}:${server.port}`);
  }
}

const TLS_WANTED = "the server wants TLS, and its certificate cannot be checked through a forwarded port";

/** Through a forwarded port the client sees only that a connection has ended. */
function explainEnd(error: unknown, loopback: Loopback | undefined, doing: string): NatsFault {
  const fault = readFault(error, doing);
  if (loopback === undefined || fault.code !== "unreachable") return fault;
  // The client takes `tls: null` for a setting of TLS, and trips over it.
  const wanted = types.isNativeError(error) && types.isNativeError(error.cause) && error.cause.name === "TypeError";
  const broken = loopback.broken();
  const why = wanted ? TLS_WANTED : types.isNativeError(broken) ? broken.message : undefined;
  return why === undefined ? fault : new NatsFault(fault.code, `${doing}: ${why}`, { cause: error });
}

async function unlessAborted<T>(work: Promise<T>, until: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const late = (): never => {
    throw new NatsFault("timeout", "NATS has not answered in time");
  };
  if (until.aborted) late();
  const aborted = once(until, "abort", { signal: stop.signal }).then(late);
  aborted.catch(() => {});
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop.abort();
  }
}
