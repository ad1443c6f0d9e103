import { type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent } from "node:https";
import { isIP } from "node:net";
import { timedOut } from "./connection-error.ts";
import type { Credentials } from "./login.ts";

/** Connections to one server, kept for the next request. */
export interface Connections {
  /** Those of this login and proxy. */
  agentFor(credentials: Credentials): Agent | HttpAgent;
  /** The same for connections of which each is for one request, which makes something else of it. */
  singleAgentFor(credentials: Credentials): Agent | HttpAgent;
  /** Breaks a request off whose way to the server takes too long: a firewall that says nothing is told from a slow answer. */
  limitConnecting(request: ClientRequest, credentials: Credentials): void;
}

/** A free connection is not kept until a load balancer drops it without a word (Azure's after 4 minutes). */
const IDLE_MS = 30_000;

/** @param connectMs how long the way to the server may take */
export function createConnections(server: URL, connectMs: number): Connections {
  const agents = new Map<string, Agent | HttpAgent>();
  const plain = server.protocol === "http:";
  const host = hostOf(server);
  const agentFor = ({ tls, proxy }: Credentials, keepAlive: boolean): Agent | HttpAgent => {
    const key = JSON.stringify([keepAlive, proxy, ...Object.entries(tls).map(String)]);
    const known = agents.get(key);
    if (known !== undefined) return known;
    const options = {
      keepAlive,
      ...(keepAlive ? { timeout: IDLE_MS } : {}),
      ...(proxy === undefined ? {} : { proxyEnv: proxyEnv(proxy) }),
    };
    // Said here, since Node would take the name from a `Host` that is meant for an application behind the server.
    const servername = isIP(host) === 0 ? host : "";
    const made = plain ? new HttpAgent(options) : new Agent({ ...options, servername, ...tls });
    agents.set(key, made);
    return made;
  };
  return {
    agentFor: (credentials) => agentFor(credentials, true),
    // The API server closes a connection on which the kubelet refused an upgrade, and does not say so.
    singleAgentFor: (credentials) => agentFor(credentials, false),
    limitConnecting: (request, { proxy }) => {
      const connecting = setTimeout(() => {
        const way = proxy === undefined ? "" : " through the proxy";
        request.destroy(timedOut(`no connection${way} within ${connectMs / 1000} s`));
      }, connectMs);
      const connected = (): void => clearTimeout(connecting);
      request.on("socket", (socket) => {
        if (request.reusedSocket || !socket.connecting) connected();
        else socket.once(plain ? "connect" : "secureConnect", connected);
      });
      for (const event of ["response", "upgrade", "error", "close"]) request.once(event, connected);
    },
  };
}

/** Without the brackets that a URL has around an address of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Whether a proxy is needed was decided already, so that Node must not ask NO_PROXY again. */
function proxyEnv(proxy: string): NodeJS.ProcessEnv {
  return { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: "" };
}
