import { connect, type Socket } from "node:net";
import type { Azure } from "../azure.ts";

/**
 * Carries a CONNECT to an API server's name as raw TCP to the real one, which ends the TLS itself. Where the name leads
 * nowhere from the runner, it answers as a proxy does: 502 for a name that it cannot resolve, 504 after a silence.
 */
export async function tunnelToCluster(azure: Azure, host: string, socket: Socket, head: Buffer): Promise<void> {
  const entrance = azure.aks.entrance(host);
  const started = performance.now();
  const record = (status: number, refused?: string) =>
    azure.traffic.record({
      at: azure.clock.now(),
      method: "CONNECT",
      url: `https://${host}/`,
      host,
      path: "/",
      query: {},
      headers: {},
      body: "",
      requestBytes: 0,
      responseBytes: 0,
      status,
      milliseconds: performance.now() - started,
      ...(refused === undefined ? {} : { refused }),
    });
  const giveUp = (status: string, because: string) => {
    record(Number(status.slice(0, 3)), because);
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Length: 0\r\nX-Mayfly-Emulator: ${because.replaceAll("\n", " ")}\r\n\r\n`,
    );
  };
  if (entrance.kind === "unknown-name") return giveUp("502 Bad Gateway", entrance.because);
  if (entrance.kind === "silent") {
    await new Promise((done) => setTimeout(done, azure.aks.settings.silentMilliseconds).unref());
    return giveUp("504 Gateway Timeout", entrance.because);
  }
  const server = connect(entrance.port, entrance.host);
  server.once("connect", () => {
    record(200);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) server.write(head);
    socket.pipe(server);
    server.pipe(socket);
  });
  server.once("error", (error) => {
    if (server.connecting || !socket.writable) giveUp("502 Bad Gateway", error.message);
    socket.destroy();
  });
  socket.once("close", () => server.destroy());
  server.once("close", () => socket.destroy());
}
