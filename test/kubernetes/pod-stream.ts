import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Json } from "./field-paths.ts";
import type { Target } from "./request-path.ts";
import { notFound, Refusal } from "./status.ts";
import type { Store } from "./store.ts";

/** A connection that is about to become a websocket. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** The kubelet's side of an exec or of a forwarded port. */
export interface PodStream {
  /** Of an exec. */
  readonly command: readonly string[];
  /** The websocket itself, for what no kubelet does. */
  readonly socket: WebSocket;
  send(channel: number, data: string | Uint8Array): void;
  onData(listener: (channel: number, data: Buffer) => void): void;
  /** Ends an exec as the kubelet does. */
  exit(code: number): void;
}

/** Plays what runs in a container, or listens at a port. */
export type PodProgram = (stream: PodStream) => void;

/** By `namespace/pod/container`, or `namespace/pod/port`. */
export type PodPrograms = ReadonlyMap<string, PodProgram>;

const PROTOCOLS: Readonly<Record<string, readonly string[]>> = {
  exec: ["v5.channel.k8s.io", "v4.channel.k8s.io"],
  portforward: ["v4.channel.k8s.io"],
};

/** Makes a websocket of a connection, and lets the program at it. @throws Refusal as the API server or the kubelet says it */
export function openPodStream(
  store: Store,
  { kind, namespace = "", name = "", subresource = "" }: Target,
  { request, socket, head }: Upgrade,
  programs: PodPrograms,
): void {
  const query = new URL(request.url ?? "/", "https://stand-in").searchParams;
  const pod = store.find(kind, namespace, name);
  if (pod === undefined) throw notFound("pods", name);
  const part = query.get(subresource === "exec" ? "container" : "ports") ?? "";
  const known = ((pod["spec"] as Json | undefined)?.["containers"] ?? []) as readonly Json[];
  if (subresource === "exec" && !known.some((each) => each["name"] === part)) {
    throw new Refusal(400, "BadRequest", `container ${part} is not valid for pod ${name}`);
  }
  const program = programs.get(`${namespace}/${name}/${part}`);
  if (program === undefined && subresource === "exec") throw new Refusal(500, "", `container not found ("${part}")`);
  const spoken = PROTOCOLS[subresource] ?? [];
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => spoken.find((each) => offered.has(each)) ?? false,
  });
  // The first messages come in one packet with the answer to the handshake, as they may.
  socket.cork();
  process.nextTick(() => socket.uncork());
  server.handleUpgrade(request, socket, head, (opened) => {
    const stream = createStream(opened, query.getAll("command"));
    if (subresource === "exec") return program?.(stream);
    const port = Buffer.alloc(2);
    port.writeUInt16LE(Number(part));
    for (const channel of [0, 1]) stream.send(channel, port);
    if (program !== undefined) return program(stream);
    stream.send(
      1,
      `error forwarding port ${part} to pod ${name}, uid : dial tcp4 127.0.0.1:${part}: connect: connection refused `,
    );
    opened.close(1000);
  });
}

function createStream(socket: WebSocket, command: readonly string[]): PodStream {
  const send = (channel: number, data: string | Uint8Array): void => {
    socket.send(Buffer.concat([Buffer.from([channel]), typeof data === "string" ? Buffer.from(data) : data]));
  };
  return {
    command,
    socket,
    send,
    onData: (listener) => {
      socket.on("message", (message: RawData) => {
        const bytes = message as Buffer;
        listener(bytes[0] ?? -1, bytes.subarray(1));
      });
    },
    exit: (code) => {
      send(3, JSON.stringify(code === 0 ? { metadata: {}, status: "Success" } : renderExit(code)));
      socket.close(1000);
    },
  };
}

function renderExit(code: number): unknown {
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}
