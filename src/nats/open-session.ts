import type { AckPolicy, JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection as Client, MsgHdrs } from "@nats-io/transport-node";
import type { NatsConnection, NatsMessage } from "../actions/smoke/world.ts";
import { NatsFault } from "../smoke/nats-fault.ts";
import { hearRefusals, publishPlain, publishStored } from "./publish.ts";
import { readFault } from "./read-fault.ts";
import { findConsumer, findStream, tellStreams } from "./streams.ts";
import { subscribe } from "./subscription.ts";

/** The client and its parts, once they are loaded. */
export interface Parts {
  readonly client: Client;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  makeHeaders(): MsgHdrs;
  /** What goes with the connection. */
  end(): Promise<void>;
}

const EXPLICIT: AckPolicy = "explicit";

/** What a smoke test asks of NATS, by a client that is connected. */
export function openSession({ client, jetstream, manager, makeHeaders, end }: Parts): NatsConnection {
  const refusals = hearRefusals(client);
  const readHeaders = ({ headers }: NatsMessage): MsgHdrs => {
    const read = makeHeaders();
    for (const [name, value] of Object.entries(headers)) read.set(name, value);
    return read;
  };
  return {
    findStream: (name) => tell(`asking for stream ${name}`, () => findStream(manager, name)),
    createStream: (name, subjects) =>
      tell(`making stream ${name}`, async () => {
        await manager.streams.add({ name, subjects: [...subjects] }).catch(async (error) => {
          const { code, message } = readFault(error, `making stream ${name}`);
          // Most of all because another stream has the subjects.
          if (code !== "refused") throw error;
          throw new NatsFault(code, `${message}; ${await tellStreams(manager)}`, { cause: error });
        });
      }),
    findConsumer: (stream, name) => tell(`asking for consumer ${name}`, () => findConsumer(manager, stream, name)),
    createConsumer: (stream, name) =>
      tell(`making consumer ${name}`, async () => {
        await manager.consumers.add(stream, { durable_name: name, ack_policy: EXPLICIT });
      }),
    publish: ({ stream, ...order }) =>
      tell(`publishing to ${order.subject}`, () =>
        stream === undefined
          ? publishPlain({ client, refusals }, order, readHeaders(order))
          : publishStored({ client: jetstream, manager }, { ...order, stream }, readHeaders(order)),
      ),
    request: (message, timeoutMs) =>
      tell(`asking ${message.subject}`, async () => {
        // Of an inbox of its own, since only then a refused subject ends it.
        const options = { timeout: Math.max(1, Math.round(timeoutMs)), noMux: true, headers: readHeaders(message) };
        return (await client.request(message.subject, message.data, options)).string();
      }),
    subscribe: (subject) => tell(`listening to ${subject}`, () => subscribe(client, subject)),
    end,
  };
}

/** Every error as a fault that says what was tried. */
async function tell<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw readFault(error, doing);
  }
}
