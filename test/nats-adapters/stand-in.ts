import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** A server that speaks as little of NATS as a client needs to connect. */
export interface StandIn {
  readonly host: string;
  readonly port: number;
  /** All who connected. */
  readonly sockets: readonly Socket[];
  /** The lines that were heard, of everybody. */
  readonly heard: readonly string[];
  stop(): Promise<void>;
}

interface Manners {
  /** Told to each who connects; undefined says nothing. */
  readonly info?: Readonly<Record<string, unknown>> | undefined;
  /** Hangs up instead. */
  readonly hangsUp?: boolean;
  readonly answersPing?: boolean;
}

/** Starts one at a port that is free. */
export async function startStandIn({ info, hangsUp = false, answersPing = true }: Manners): Promise<StandIn> {
  const sockets: Socket[] = [];
  const heard: string[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    if (hangsUp) return void socket.end();
    if (info !== undefined) socket.write(`INFO ${JSON.stringify({ version: "2.14.5", proto: 1, ...info })}\r\n`);
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = text.split("\r\n").filter(Boolean);
      heard.push(...lines);
      if (answersPing) for (const line of lines) if (line === "PING") socket.write("PONG\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    sockets,
    heard,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
