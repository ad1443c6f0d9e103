import type { RawData, WebSocket } from "ws";

/** Several streams over one websocket: the first byte of each message names the channel. */
export interface Listener {
  onBytes(channel: number, bytes: Buffer): void;
  /** Once, at the end. With a fault unless the other side ended it in good order. */
  onEnd(fault: Error | undefined): void;
}

/** Azure's load balancer forgets a connection that was silent for 4 minutes. */
const PING_EVERY_MS = 30_000;
/** How a connection ends in good order. */
export const NORMAL = 1000;

/** Listens to a socket of `openSocket`. */
export function listen(socket: WebSocket, { onBytes, onEnd }: Listener): void {
  let fault: Error | undefined;
  let answered = true;
  const pinging = setInterval(() => {
    // While it is paused, the answer waits behind what was not read.
    if (!answered && !socket.isPaused) socket.terminate();
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_EVERY_MS);
  pinging.unref();
  const end = (status: number): void => {
    clearInterval(pinging);
    onEnd(status === NORMAL ? undefined : (fault ?? cutError()));
  };
  socket.on("pong", () => {
    answered = true;
  });
  socket.on("message", (data) => {
    const bytes = toBuffer(data);
    const channel = bytes[0];
    if (channel !== undefined) onBytes(channel, bytes.subarray(1));
  });
  socket.on("error", (error) => {
    fault = error;
  });
  if (socket.readyState === socket.CLOSED) queueMicrotask(() => end(0));
  else socket.once("close", end);
  socket.resume();
}

/** Sends bytes on a channel. @param sent called once they are on their way, or cannot be sent any more */
export function send(socket: WebSocket, channel: number, bytes: Uint8Array, sent: (fault?: Error) => void): void {
  socket.send(Buffer.concat([Buffer.from([channel]), bytes]), { binary: true }, sent);
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function cutError(): Error {
  return Object.assign(new Error("the connection was cut"), { code: "ECONNRESET" });
}
