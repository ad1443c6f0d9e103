import { performance } from "node:perf_hooks";
import type { NatsConnection as Client, Msg } from "@nats-io/transport-node";
import type { NatsSubscription } from "../actions/smoke/world.ts";
import { NatsFault } from "../smoke/nats-fault.ts";
import { readFault } from "./read-fault.ts";

type Message = ReturnType<NatsSubscription["messages"]>[number];

/** What is kept of all that comes. The oldest goes first. */
const MOST_BYTES = 64 * 1_024 * 1_024;

const LOST = "the connection has ended, and what came since was not heard";

/** Listens from when it resolves: by then the server has answered all that was sent before. */
export async function subscribe(client: Client, subject: string): Promise<NatsSubscription> {
  const messages: Message[] = [];
  const waiting = new Set<PromiseWithResolvers<void>>();
  let bytes = 0;
  let fault: NatsFault | undefined;

  const settle = (): void => {
    for (const each of waiting) fault === undefined ? each.resolve() : each.reject(fault);
    waiting.clear();
  };
  const end = (error: unknown): void => {
    fault ??= readFault(error, `listening to ${subject}`);
    settle();
  };
  const keep = (message: Msg): void => {
    messages.push({ subject: message.subject, data: message.string(), atMs: performance.now() });
    bytes += message.data.length;
    while (bytes > MOST_BYTES && messages.length > 1) bytes -= Buffer.byteLength(messages.shift()?.data ?? "");
    settle();
  };
  client.subscribe(subject, { callback: (error, message) => (error === null ? keep(message) : end(error)) });
  void client.closed().then((error) => end(error ?? new NatsFault("lost", LOST)));
  await client.flush().catch(end);
  if (fault !== undefined) throw fault;

  return {
    messages: () => [...messages],
    next: async (until) => {
      if (fault !== undefined) throw fault;
      const next = Promise.withResolvers<void>();
      waiting.add(next);
      const giveUp = (): void => next.resolve();
      if (until.aborted) giveUp();
      until.addEventListener("abort", giveUp, { once: true });
      try {
        await next.promise;
      } finally {
        waiting.delete(next);
        until.removeEventListener("abort", giveUp);
      }
    },
  };
}
