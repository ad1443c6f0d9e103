import type { JetStreamManager } from "@nats-io/jetstream";
import type { NatsConsumer, NatsStream } from "../actions/smoke/world.ts";
import { NatsFault } from "../smoke/nats-fault.ts";
import { readFault } from "./read-fault.ts";

const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;
const MOST_TOLD = 8;

/** Undefined when there is no such stream. */
export async function findStream(manager: JetStreamManager, name: string): Promise<NatsStream | undefined> {
  const info = await manager.streams.info(name).catch(without(STREAM_NOT_FOUND));
  if (info === undefined) return undefined;
  const { config, state } = info;
  return { subjects: config.subjects ?? [], messages: state.messages, replicas: config.num_replicas };
}

/** @throws NatsFault `no-stream` that says which ones there are */
export async function findConsumer(
  manager: JetStreamManager,
  stream: string,
  name: string,
): Promise<NatsConsumer | undefined> {
  const info = await manager.consumers.info(stream, name).catch(without(CONSUMER_NOT_FOUND, STREAM_NOT_FOUND));
  if (info !== undefined) return { pending: info.num_pending, ackPending: info.num_ack_pending };
  if ((await findStream(manager, stream)) !== undefined) return undefined;
  throw new NatsFault("no-stream", `there is no stream ${stream}: ${await tellStreams(manager)}`);
}

/** Such as `there are ORDERS (orders.>) and AUDIT (audit.*)`; never fails. */
export async function tellStreams(manager: JetStreamManager): Promise<string> {
  try {
    const streams = await manager.streams.list().next();
    const told = streams.slice(0, MOST_TOLD).map(({ config }) => {
      const subjects = config.subjects ?? [];
      return subjects.length === 0 ? config.name : `${config.name} (${subjects.join(", ")})`;
    });
    const more = streams.length > MOST_TOLD ? ", …" : "";
    return streams.length === 0 ? "there is no stream at all" : `there are the streams ${told.join(", ")}${more}`;
  } catch (error) {
    return `which ones there are could not be asked: ${readFault(error, "listing streams").message}`;
  }
}

function without(...codes: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && codes.includes((error as Error & { readonly code?: number }).code ?? 0)) return;
    throw error;
  };
}
