import type { Network } from "../actions/smoke/world.ts";
import { askDns } from "./ask-dns.ts";
import { askHttp } from "./ask-http.ts";
import { NetworkError } from "./network-error.ts";
import { openDial, settle } from "./open-dial.ts";
import { openSocket } from "./open-socket.ts";
import { within } from "./patience.ts";
import { resolveName } from "./resolve-name.ts";

export interface NetworkOptions {
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Calls off whatever is asked. */
  readonly cancelled: AbortSignal;
  /** Addresses of DNS servers; this machine's own where left out. */
  readonly dnsServers?: readonly string[];
}

/** The network as this machine sees it. Every request has a connection of its own, which ends with it. */
export function connectNetwork(options: NetworkOptions): Network {
  const { cancelled, dnsServers } = options;
  return {
    http: (request) => within(request, cancelled, (patience) => askHttp(request, options, patience)),
    connect: (target, { dial, ...limits }) =>
      within(limits, cancelled, async (patience) => {
        if (dial === undefined) (await openSocket(target, patience)).destroy();
        else await settle(await openDial(dial, patience));
      }),
    resolve: (name, type, { dial, ...limits }) =>
      within(limits, cancelled, async (patience) => {
        if (dial === undefined) return resolveName(name, type, dnsServers, patience);
        return askDns(await openDial(dial, patience), name, type, patience);
      }),
    readFault: (error) => (error instanceof NetworkError ? error : undefined),
  };
}
