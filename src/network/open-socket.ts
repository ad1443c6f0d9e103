import { request } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { harmless } from "../kit/harmless.ts";
import { NetworkError, toNetworkError } from "./network-error.ts";
import { bind, type Patience } from "./patience.ts";
import { secure } from "./secure.ts";

export interface Target {
  /** An IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A connection over TCP. */
export function openSocket(target: Target, patience: Patience): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = bind(connect({ host: target.host, port: target.port }), patience);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/**
 * A connection to a proxy: for a tunnel, or for requests that name the whole address.
 *
 * @param proxy as `chooseProxy` gives it
 */
export async function openProxy(proxy: URL, patience: Patience): Promise<Duplex> {
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    throw new NetworkError("other", `${tellProxy(proxy)} speaks neither HTTP nor HTTPS`);
  }
  try {
    const socket = await openSocket(toTarget(proxy), patience);
    if (proxy.protocol === "http:") return socket;
    const secured = await secure(socket, toTarget(proxy).host, patience);
    if (secured.fault !== undefined) throw secured.fault;
    return secured.socket;
  } catch (error) {
    if (patience.signal.aborted) throw error;
    throw new NetworkError("other", `${tellProxy(proxy)}: ${toNetworkError(error).message}`, { cause: error });
  }
}

/** A connection through a proxy's CONNECT. */
export async function openTunnel(proxy: URL, target: Target, patience: Patience): Promise<Duplex> {
  const socket = await openProxy(proxy, patience);
  const place = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      method: "CONNECT",
      path: place,
      headers: { host: place, ...loginOf(proxy) },
    });
    const refuse = (status: number | undefined, text: string | undefined): void => {
      socket.destroy();
      const said = harmless(`${status} ${text}`).trim();
      reject(new NetworkError("other", `${tellProxy(proxy)} answered ${said} and let nothing through`));
    };
    asked.on("connect", (response, stream, head) => {
      if (response.statusCode !== 200) refuse(response.statusCode, response.statusMessage);
      else {
        if (head.length > 0) stream.unshift(head);
        resolve(stream);
      }
    });
    // To CONNECT every final answer is a `connect`, unless the proxy speaks of something else first.
    asked.on("response", (response) => refuse(response.statusCode, response.statusMessage));
    asked.on("error", (error) => {
      const words = toNetworkError(error).message;
      reject(patience.signal.aborted ? error : new NetworkError("other", `${tellProxy(proxy)}: ${words}`));
    });
    asked.end();
  });
}

/** Where a URL leads. */
export function toTarget(url: URL): Target {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/** What a proxy is shown of the login in its own address. */
export function loginOf(proxy: URL): Readonly<Record<string, string>> {
  const login = basicLogin(proxy);
  return login === undefined ? {} : { "proxy-authorization": login };
}

/** The login that stands in an address, as a header has it. */
export function basicLogin({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString("base64")}`;
}

function tellProxy({ protocol, host }: URL): string {
  return `the proxy ${protocol}//${host}`;
}
