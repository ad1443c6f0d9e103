import { Resolver } from "node:dns/promises";
import type { DnsType } from "../actions/smoke/world.ts";
import { codeOf, NetworkError, toNetworkError } from "./network-error.ts";
import type { Patience } from "./patience.ts";

/** No such name, or a name without records of the kind. */
const NONE: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA"]);

const WORDS: Readonly<Record<string, NetworkError>> = {
  ESERVFAIL: new NetworkError("other", "the DNS server failed (SERVFAIL)"),
  EREFUSED: new NetworkError("other", "the DNS server refused the question (REFUSED)"),
  ETIMEOUT: new NetworkError("timeout", "the DNS server did not answer"),
  ECONNREFUSED: new NetworkError("refused", "no DNS server takes questions"),
  EBADNAME: new NetworkError("other", "that is no host name"),
};

/** What this machine's DNS server says; its own list of hosts is not asked. */
export async function resolveName(
  name: string,
  type: DnsType,
  servers: readonly string[] | undefined,
  { signal }: Patience,
): Promise<readonly string[]> {
  const resolver = new Resolver();
  if (servers !== undefined) resolver.setServers(servers);
  const giveUp = (): void => resolver.cancel();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await ask(resolver, name, type);
  } catch (error) {
    const code = codeOf(error);
    if (NONE.has(code)) return [];
    if (signal.aborted) throw error;
    throw WORDS[code] ?? toNetworkError(error);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

async function ask(resolver: Resolver, name: string, type: DnsType): Promise<readonly string[]> {
  if (type === "TXT") return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
  if (type === "SRV") {
    const found = await resolver.resolveSrv(name);
    return found.map((each) => `${each.priority} ${each.weight} ${each.port} ${each.name}`);
  }
  if (type === "CNAME") return resolver.resolveCname(name);
  return type === "A" ? resolver.resolve4(name) : resolver.resolve6(name);
}
