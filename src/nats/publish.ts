import { setImmediate } from "node:timers/promises";
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection as Client, MsgHdrs } from "@nats-io/transport-node";
import type { NatsConnection } from "../actions/smoke/world.ts";
import { NatsFault } from "../smoke/nats-fault.ts";
import { readFault } from "./read-fault.ts";
import { tellStreams } from "./streams.ts";

type Order = Parameters<NatsConnection["publish"]>[0];

const MESSAGE_ID = "Nats-Msg-Id";

/** What the server refuses without being asked for an answer. */
export interface Refusals {
  /** The refusal of a subject, once. */
  take(subject: string): Error | undefined;
}

/** Hears of refusals until the connection ends. */
export function hearRefusals(client: Client): Refusals {
  const heard = new Map<string, Error>();
  const hear = async (): Promise<void> => {
    for await (const status of client.status()) {
      if (status.type !== "error" || !("subject" in status.error)) continue;
      heard.set(String(status.error.subject), status.error);
    }
  };
  void hear().catch(() => {});
  return {
    take: (subject) => {
      const refusal = heard.get(subject);
      heard.delete(subject);
      return refusal;
    },
  };
}

/** Publishes to whoever listens. The server has it when this resolves. */
export async function publishPlain(
  { client, refusals }: { readonly client: Client; readonly refusals: Refusals },
  { subject, data, id }: Order,
  headers: MsgHdrs,
): Promise<void> {
  if (id !== undefined) headers.set(MESSAGE_ID, id);
  client.publish(subject, data, { headers });
  await client.flush();
  // A refusal comes before the answer, and is handed on a moment after it.
  await setImmediate();
  const refusal = refusals.take(subject);
  if (refusal !== undefined) throw refusal;
}

/** Publishes into a stream, which acknowledges it. */
export async function publishStored(
  { client, manager }: { readonly client: JetStreamClient; readonly manager: JetStreamManager },
  order: Order & { readonly stream: string },
  headers: MsgHdrs,
): Promise<void> {
  const { subject, data, id, stream } = order;
  const options = { headers, expect: { streamName: stream }, ...(id === undefined ? {} : { msgID: id }) };
  const acknowledged = await client.publish(subject, data, options).catch(async (error) => {
    const fault = readFault(error, `publishing to ${subject}`);
    // The client says so, too, when nobody stores the subject.
    if (fault.code !== "jetstream-off") throw fault;
    await manager.getAccountInfo();
    throw new NatsFault("no-stream", `no stream stores ${subject}: ${await tellStreams(manager)}`, { cause: error });
  });
  if (acknowledged.duplicate) {
    const told = id ?? headers.get(MESSAGE_ID);
    throw new NatsFault(
      "duplicate",
      `stream ${acknowledged.stream} has a message with the id ${told} already, and has not stored this one`,
    );
  }
}
