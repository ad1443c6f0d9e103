import type {
  ConnectNats,
  NatsConnection,
  NatsMessage,
  NatsServer,
  NatsStream,
} from "../../../../src/actions/smoke/world.ts";
import { NatsFault } from "../../../../src/smoke/nats-fault.ts";

interface Received {
  readonly subject: string;
  readonly data: string;
  readonly atMs: number;
}

/** A server of NATS without a wire. */
export interface FakeNats {
  readonly connect: ConnectNats;
  readonly streams: Map<string, { subjects: readonly string[]; stored: NatsMessage[]; replicas: number }>;
  /** By `stream/name`. */
  readonly consumers: Map<string, { pending: number; ackPending: number }>;
  readonly published: (NatsMessage & { readonly stream?: string | undefined; readonly id?: string })[];
  readonly servers: NatsServer[];
  /** How many connections are open. */
  open(): number;
  readonly settings: {
    /** What a request is answered with. */
    answer: (message: NatsMessage) => string;
    /** Thrown instead of the server's answer to a message that is published; it may have arrived all the same. */
    lose: (message: NatsMessage) => Error | undefined;
    /** Thrown instead of a connection. */
    refuse: (server: NatsServer) => Error | undefined;
    /** Thrown to whoever listens. */
    deafen: () => Error | undefined;
  };
  /** As a worker would: everybody who listens hears it. */
  send(subject: string, data: string): void;
}

export function createNats(now: () => number): FakeNats {
  const streams: FakeNats["streams"] = new Map();
  const consumers: FakeNats["consumers"] = new Map();
  const published: FakeNats["published"] = [];
  const servers: NatsServer[] = [];
  const listeners = new Set<{ readonly pattern: string; readonly hear: (message: Received) => void }>();
  let open = 0;
  const settings: FakeNats["settings"] = {
    answer: () => {
      throw new NatsFault("no-responders", "nobody answers there");
    },
    lose: () => undefined,
    refuse: () => undefined,
    deafen: () => undefined,
  };
  const send = (subject: string, data: string): void => {
    for (const { pattern, hear } of listeners) if (fits(pattern, subject)) hear({ subject, data, atMs: now() });
  };
  const connection = (): NatsConnection => ({
    findStream: async (name): Promise<NatsStream | undefined> => {
      const stream = streams.get(name);
      return stream && { subjects: stream.subjects, messages: stream.stored.length, replicas: stream.replicas };
    },
    createStream: async (name, subjects) => void streams.set(name, { subjects, stored: [], replicas: 1 }),
    findConsumer: async (stream, name) => consumers.get(`${stream}/${name}`),
    createConsumer: async (stream, name) => void consumers.set(`${stream}/${name}`, { pending: 0, ackPending: 0 }),
    publish: async (message) => {
      const stored = [...streams].filter(([, { subjects }]) => subjects.some((each) => fits(each, message.subject)));
      if (message.stream !== undefined && !stored.some(([name]) => name === message.stream)) {
        throw new NatsFault("no-stream", `no stream ${message.stream} listens to ${message.subject}`);
      }
      if (message.id !== undefined && published.some(({ id, stream }) => id === message.id && stream !== undefined)) {
        throw new NatsFault("duplicate", `stream ${message.stream} has a message with the id ${message.id} already`);
      }
      published.push(message);
      for (const [name, stream] of stored) {
        stream.stored.push(message);
        for (const [key, consumer] of consumers) if (key.startsWith(`${name}/`)) consumer.pending += 1;
      }
      send(message.subject, message.data);
      const lost = settings.lose(message);
      if (lost !== undefined) throw lost;
    },
    request: async (message) => settings.answer(message),
    subscribe: async (pattern) => {
      const heard: Received[] = [];
      let next = Promise.withResolvers<void>();
      listeners.add({
        pattern,
        hear: (message) => {
          heard.push(message);
          next.resolve();
          next = Promise.withResolvers<void>();
        },
      });
      return {
        messages: () => heard,
        next: async (until) => {
          const deaf = settings.deafen();
          if (deaf !== undefined) throw deaf;
          await Promise.race([
            next.promise,
            new Promise<void>((resolve) => until.addEventListener("abort", () => resolve(), { once: true })),
          ]);
        },
      };
    },
    end: async () => {
      open -= 1;
    },
  });
  return {
    streams,
    consumers,
    published,
    servers,
    settings,
    send,
    open: () => open,
    connect: async (server) => {
      const refusal = settings.refuse(server);
      if (refusal !== undefined) throw refusal;
      servers.push(server);
      open += 1;
      return connection();
    },
  };
}

/** Whether a subject fits a pattern with `*` and `>`. */
function fits(pattern: string, subject: string): boolean {
  const wanted = pattern.split(".");
  const parts = subject.split(".");
  const rest = wanted.indexOf(">");
  if (rest >= 0 ? parts.length <= rest : parts.length !== wanted.length) return false;
  return wanted.slice(0, rest >= 0 ? rest : undefined).every((word, index) => word === "*" || word === parts[index]);
}
