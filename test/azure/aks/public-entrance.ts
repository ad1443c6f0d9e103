import { once } from "node:events";
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
  const server = await dial(address, Number(port), socket).catch(() => undefined);
  if (server === undefined) {
    socket.end("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  way.record(200);
  socket.once("close", () => server.destroy());
  server.once("error", () => socket.destroySoon());
  server.once("close", () => socket.destroySoon());
  socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  if (head.length > 0) server.write(head);
  socket.pipe(server);
  server.pipe(socket);
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
  const server = await dial(address, Number(url.port || 80), request.socket).catch(() => undefined);
  if (server === undefined) {
    response.writeHead(504).end();
    return;
  }
  const options = { createConnection: () => server, method: request.method, path: url.pathname + url.search };
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

/** What leads to a pod answers in far less. */
const ONE_DIAL_MS = 250;
const LATE = new Error("nobody answers");

/**
 * Connects to an address of the cluster. While kube-proxy still writes its rules, a first packet may go where nobody is,
 * and all that follow it from the same port; a cloud's balancer would choose a pod that is there.
 *
 * @param caller nobody is dialled for him once he has gone
 * @throws Error where the address refuses
 */
async function dial(address: string, port: number, caller: Socket): Promise<Socket> {
  for (;;) {
    const server = connect(port, address);
    const late = setTimeout(() => server.destroy(LATE), ONE_DIAL_MS);
    try {
      await once(server, "connect");
      return server;
    } catch (error) {
      if (error !== LATE || caller.destroyed) throw error;
    } finally {
      clearTimeout(late);
    }
  }
}

function startWay(azure: Azure, method: string, url: string) {
  const started = performance.now();
  const at = azure.clock.now();
  const { hostname, pathname, searchParams } = new URL(url);
  let because = `Nobody has taken the name ${hostname}`;
  const record = (status: number, refused?: string) =>
    azure.traffic.record({
      ...{ at, method, url, host: hostname, path: pathname, status, headers: {}, body: "" },
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
