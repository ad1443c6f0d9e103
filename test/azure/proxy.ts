import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import type { Azure } from "./azure.ts";
import { createCertificateAuthority } from "./certificates.ts";
import { CONTROL_HOST, createControl } from "./control.ts";
import { ConnectionReset, type WireRequest, type WireResponse } from "./wire.ts";

export interface ProxyOptions {
  /** Held back before each answer, as distance would. */
  readonly latencyMilliseconds?: number;
  /** Any free one where left out. */
  readonly port?: number;
  /** The address it listens on; loopback where left out. */
  readonly address?: string;
}

export interface EmulatorProxy extends AsyncDisposable {
  readonly url: string;
  /** PEM of the CA. */
  readonly caFile: string;
  /** What a child process needs to reach the emulator instead of Azure. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * An HTTPS forward proxy that ends each known host's TLS in the emulator, with a certificate made for that name.
 * Any other name is refused with 403 and recorded. Its files and sockets go when it is disposed of.
 */
export async function startProxy(azure: Azure, options: ProxyOptions = {}): Promise<EmulatorProxy> {
  const authority = await createCertificateAuthority();
  const folder = await mkdtemp(join(tmpdir(), "mayfly-emulator-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, authority.certificate);

  const control = createControl(azure);
  const latency = options.latencyMilliseconds ?? 0;
  // Never listens: it is handed the decrypted side of each tunnel.
  const inner = createServer((request, response) => {
    void respond(
      request,
      response,
      (wire) => (request.headers.host === CONTROL_HOST ? control(wire) : azure.answer(wire)),
      latency,
    );
  });
  const sockets = new Set<Socket>();
  const proxy = createServer((request, response) => {
    // Plain HTTP through the proxy: nothing in Azure is asked that way.
    refuse(azure, `${request.method}`, request.url ?? "", `Plain HTTP is not emulated: ${request.url}`);
    response.writeHead(403).end();
  });
  proxy.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  proxy.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    void tunnel(request, socket, head);
  });

  const tunnel = async (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const target = request.url ?? "";
    const [host = "", port] = target.toLowerCase().split(":");
    socket.on("error", () => socket.destroy());
    if (port !== "443" || !(host === CONTROL_HOST || azure.answersFor(host))) {
      refuse(azure, "CONNECT", `https://${target}/`, `The emulator does not answer for ${target}`);
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nX-Mayfly-Emulator: refused\r\n\r\n");
      return;
    }
    const secureContext = await authority.contextFor(host);
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"] });
    secure.on("error", () => secure.destroy());
    inner.emit("connection", secure);
  };

  inner.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => proxy.listen(options.port ?? 0, options.address ?? "127.0.0.1", listening));
  const { port, address } = proxy.address() as AddressInfo;
  const url = `http://${address}:${port}`;
  return {
    url,
    caFile,
    env: {
      HTTPS_PROXY: url,
      https_proxy: url,
      // Empty rather than absent, so that one of the machine's own does not get in.
      NO_PROXY: "",
      no_proxy: "",
      NODE_EXTRA_CA_CERTS: caFile,
      SSL_CERT_FILE: caFile,
      REQUESTS_CA_BUNDLE: caFile,
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((done) => proxy.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: WireRequest) => Promise<WireResponse>,
  latency: number,
): Promise<void> {
  try {
    const wire = await readRequest(request);
    if (latency > 0) await new Promise((done) => setTimeout(done, latency));
    const { status, headers, body } = await answer(wire);
    const withBody = request.method !== "HEAD" && status !== 204 && status !== 304;
    const length = withBody ? { "content-length": `${Buffer.byteLength(body)}` } : {};
    response.writeHead(status, { ...(headers as Record<string, string | string[]>), ...length });
    response.end(withBody ? body : undefined);
  } catch (failure) {
    if (failure instanceof ConnectionReset) request.socket.destroy();
    else
      response
        .writeHead(500, { "x-mayfly-emulator": "broken" })
        .end(failure instanceof Error ? failure.stack : `${failure}`);
  }
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  const url = `https://${request.headers.host}${request.url}`;
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  return { method: request.method ?? "GET", url, headers, ...body };
}

function refuse(azure: Azure, method: string, url: string, why: string): void {
  const { hostname, pathname } = URL.parse(url) ?? { hostname: url, pathname: "" };
  const nothing = { query: {}, headers: {}, body: "", milliseconds: 0 };
  azure.traffic.record({
    at: azure.clock.now(),
    method,
    url,
    host: hostname,
    path: pathname,
    status: 403,
    refused: why,
    ...nothing,
  });
}
