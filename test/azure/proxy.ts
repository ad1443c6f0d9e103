import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { TLSSocket } from "node:tls";
import { forwardToService, tunnelToService } from "./aks/public-entrance.ts";
import { PUBLIC_NAME } from "./aks/public-names.ts";
import { API_SERVER_HOST } from "./aks/real-clusters.ts";
import { tunnelToCluster } from "./aks/tunnel.ts";
import type { Azure } from "./azure.ts";
import { createCertificateAuthority } from "./certificates.ts";
import { CONTROL_HOST, createControl } from "./control.ts";
import { answerManagedIdentity, MANAGED_IDENTITY_PATH } from "./entra/managed-identity-endpoint.ts";
import { isStream, wholeRequest } from "./streams.ts";
import { ConnectionReset, type StreamedRequest, type StreamedResponse } from "./wire.ts";

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
  /** Stands for `http://169.254.169.254`: tokens of managed identities, for what runs as a node does. */
  readonly metadataUrl: string;
  /** What a child process needs to reach the emulator instead of Azure. */
  readonly env: Readonly<Record<string, string>>;
  /** Besides, for who asks names of `cloudapp.azure.com` over plain HTTP. Any other name is refused that way. */
  readonly webEnv: Readonly<Record<string, string>>;
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
  const answer = async (request: StreamedRequest, host: string): Promise<StreamedResponse> => {
    if (azure.streams(host)) return azure.stream(request);
    const whole = await wholeRequest(request);
    return host === CONTROL_HOST ? control(whole) : azure.answer(whole);
  };
  // Never listens: it is handed the decrypted side of each tunnel.
  const inner = createServer((request, response) => {
    void respond(request, response, answer, latency);
  });
  const sockets = new Set<Socket>();
  const proxy = createServer((request, response) => {
    const asked = URL.parse(request.url ?? "", "http://169.254.169.254");
    // Asked as a server, not as a proxy: then the request has a path only.
    if (request.url?.startsWith("/") === true && asked?.pathname === MANAGED_IDENTITY_PATH) {
      const wire = { ...wireRequest(request), body: "" };
      const { status, headers, body } = answerManagedIdentity(azure.entra, azure.clock, wire, asked);
      response.writeHead(status, headers as Record<string, string>).end(body);
      return;
    }
    if (asked !== null && request.url?.startsWith("http://") === true && PUBLIC_NAME.test(asked.hostname)) {
      void forwardToService(azure, asked, request, response);
      return;
    }
    // Plain HTTP through the proxy: nothing else in Azure is asked that way.
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
    if (port === "443" && API_SERVER_HOST.test(host)) return tunnelToCluster(azure, host, socket, head);
    if (PUBLIC_NAME.test(host)) return tunnelToService(azure, target.toLowerCase(), socket, head);
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
    metadataUrl: url,
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
    webEnv: { HTTP_PROXY: url, http_proxy: url },
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
  answer: (request: StreamedRequest, host: string) => Promise<StreamedResponse>,
  latency: number,
): Promise<void> {
  try {
    const wire = wireRequest(request);
    if (latency > 0) await new Promise((done) => setTimeout(done, latency));
    const { status, headers, body } = await answer(wire, new URL(wire.url).hostname);
    const withBody = request.method !== "HEAD" && status !== 204 && status !== 304;
    const length = withBody && !isStream(body) ? { "content-length": `${Buffer.byteLength(body)}` } : {};
    response.writeHead(status, { ...(headers as Record<string, string | string[]>), ...length });
    if (isStream(body) && withBody) await pipeline(body, response);
    else response.end(withBody ? body : undefined);
    if (isStream(body)) body.destroy();
    // What nobody has read of a request stands in the way of the next one on this connection.
    request.unpipe();
    request.resume();
  } catch (failure) {
    if (failure instanceof ConnectionReset || response.headersSent) request.socket.destroy();
    else
      response
        .writeHead(500, { "x-mayfly-emulator": "broken" })
        .end(failure instanceof Error ? failure.stack : `${failure}`);
  }
}

function wireRequest(request: IncomingMessage): StreamedRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return {
    method: request.method ?? "GET",
    url: `https://${request.headers.host}${request.url}`,
    headers,
    body: request,
  };
}

function refuse(azure: Azure, method: string, url: string, why: string): void {
  const { hostname, pathname } = URL.parse(url) ?? { hostname: url, pathname: "" };
  const nothing = { query: {}, headers: {}, body: "", requestBytes: 0, responseBytes: 0, milliseconds: 0 };
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
