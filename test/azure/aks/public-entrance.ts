import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Azure } from "../azure.ts";

/** Carries a CONNECT to a name of `cloudapp.azure.com` to the load balancer that has it, whatever is spoken there. */
export async function tunnelToService(azure: Azure, target: string, socket: Socket, head: Buffer): Promise<void> {
  const [host = "", port = ""] = target.split(":");
  const way = startWay(azure, "CONNECT", `https://${target}/`);
  const address = await azure.aks.publicAddress(host).catch(way.fail);
  if (address === undefined) {
    socket.end(`HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nX-Mayfly-Emulator: ${way.refuse()}\r\n\r\n`);
    return;
  }
  const server = connect(Number(port), address);
  server.once("connect", () => {
    way.record(200);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) server.write(head);
    socket.pipe(server);
    server.pipe(socket);
  });
  server.once("error", () => {
    if (server.connecting) socket.end("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n");
    socket.destroySoon();
  });
  socket.once("close", () => server.destroy());
  server.once("close", () => socket.destroySoon());
}

/** The same for a plain request to a proxy, with the whole address in its first line. */
export async function forwardToService(
  azure: Azure,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const way = startWay(azure, request.method ?? "GET", url.href);
  const address = await azure.aks.publicAddress(url.hostname).catch(way.fail);
  if (address === undefined) {
    response.writeHead(502, { "x-mayfly-emulator": way.refuse() }).end();
    return;
  }
  const { "proxy-connection": _, ...headers } = request.headers;
  const options = { host: address, port: url.port || 80, method: request.method, path: url.pathname + url.search };
  const asked = ask({ ...options, headers: { ...headers, host: url.host } }, (answer) => {
    way.record(answer.statusCode ?? 0);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on("error", () => {
    if (!response.headersSent) response.writeHead(504);
    response.end();
  });
  request.pipe(asked);
}

function startWay(azure: Azure, method: string, url: string) {
  const started = performance.now();
  const { hostname, pathname, searchParams } = new URL(url);
  let because = `Nobody has taken the name ${hostname}`;
  const record = (status: number, refused?: string) =>
    azure.traffic.record({
      ...{ at: azure.clock.now(), method, url, host: hostname, path: pathname, status, headers: {}, body: "" },
      ...{ query: Object.fromEntries(searchParams), requestBytes: 0, responseBytes: 0 },
      milliseconds: performance.now() - started,
      ...(refused === undefined ? {} : { refused }),
    });
  return {
    record: (status: number) => record(status),
    fail: (error: unknown): undefined => {
      because = `${hostname}: ${error instanceof Error ? error.message : error}`;
    },
    /** Such a name does not resolve. @returns why, in one line */
    refuse: (): string => {
      record(502, because);
      return because.replaceAll(/\s+/g, " ");
    },
  };
}
