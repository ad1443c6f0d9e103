import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { harmless } from "../kit/harmless.ts";
import { type Asking, cancelledError } from "./ask.ts";
import { listen, NORMAL, send } from "./channels.ts";
import { connectionError } from "./connection-error.ts";
import { segment } from "./object-path.ts";
import { openSocket } from "./open-socket.ts";
import type { PodRef } from "./pod-access.ts";

/**
 * The one that kubelets themselves speak. kubectl's newer way (`SPDY/3.1+portforward.k8s.io`) carries all of SPDY within;
 * an API server of 1.36 passes on either.
 */
const PROTOCOLS = ["v4.channel.k8s.io"];
const DATA = 0;
const ERROR = 1;
/** Each channel begins with its port. */
const PORT_BYTES = 2;

/**
 * A connection to a port of a pod that runs; who listens may do so on 127.0.0.1 only. Nothing is said when somebody takes
 * it. When nobody does, the stream errors with the kubelet's words, and the code ECONNREFUSED.
 *
 * There is no half of a close: `end()` ends both ways, once all is sent.
 *
 * @throws KubeRefusal, UserError as every request does
 */
export async function forward(asking: Asking, pod: PodRef, port: number): Promise<Duplex> {
  const path = `/api/v1/namespaces/${segment(pod.namespace)}/pods/${segment(pod.name)}/portforward`;
  const socket = await openSocket(asking, { path, query: { ports: port }, looks: true }, PROTOCOLS);
  const { cancelled } = asking;
  if (cancelled.aborted) {
    socket.terminate();
    throw cancelledError();
  }
  const stream = connectStream(socket);
  const giveUp = (): void => void stream.destroy(cancelledError());
  cancelled.addEventListener("abort", giveUp, { once: true });
  stream.once("close", () => cancelled.removeEventListener("abort", giveUp));
  return stream;
}

function connectStream(socket: WebSocket): Duplex {
  let ended = false;
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => socket.resume(),
    write: (chunk: Buffer, _, written) => send(socket, DATA, chunk, (fault) => written(fault)),
    final: (done) => {
      ended = true;
      socket.close(NORMAL);
      done();
    },
    destroy: (fault, done) => {
      socket.terminate();
      done(fault);
    },
  });
  // Whoever has what they wanted may no longer listen, and an error that nobody hears would end the process.
  stream.on("error", () => undefined);
  const left = new Map<number, number>([DATA, ERROR].map((channel) => [channel, PORT_BYTES]));
  listen(socket, {
    onBytes: (channel, bytes) => {
      const skipped = left.get(channel);
      if (skipped === undefined || stream.destroyed) return;
      left.set(channel, Math.max(0, skipped - bytes.length));
      const rest = bytes.subarray(skipped);
      if (rest.length === 0) return;
      if (channel === ERROR) stream.destroy(readFault(rest));
      else if (!stream.push(rest)) socket.pause();
    },
    onEnd: (fault) => {
      if (fault === undefined || ended) stream.push(null);
      else stream.destroy(connectionError(fault));
    },
  });
  return stream;
}

/** `error forwarding port 9 to pod …: … dial tcp4 127.0.0.1:9: connect: connection refused` */
function readFault(bytes: Buffer): Error {
  const message = harmless(bytes.toString()).trim();
  const code = /connection refused/.test(message) ? "ECONNREFUSED" : "ECONNRESET";
  return connectionError({ message, code });
}
