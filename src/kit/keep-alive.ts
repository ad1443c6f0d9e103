import { Agent } from "node:https";

/**
 * An agent that keeps connections alive through the job's proxy; undefined where there is none, since the SDK's own
 * agent does as well then. Behind a proxy the SDK opens a tunnel and a TLS session for every request. Node's agent
 * reads HTTPS_PROXY and NO_PROXY itself.
 */
export function createAgent(environment: Readonly<Record<string, string | undefined>>): Agent | undefined {
  const proxied = environment["HTTPS_PROXY"] || environment["https_proxy"];
  return proxied ? new Agent({ keepAlive: true, proxyEnv: { ...environment } }) : undefined;
}
