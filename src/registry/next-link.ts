import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { RegistryFault, readRefusal } from "./registry-fault.ts";
import type { RegistryRequest, RegistrySession } from "./session.ts";

/**
 * The pages of a list, each as its parsed body. Nothing at all when the registry says that the list does not exist.
 *
 * @param unknown what else a 404 may be, besides the registry's own words: a registry without this list.
 * @throws RegistryFault, also where a page leads to another host or back to itself: the token would go along
 */
export async function* listPages(
  session: RegistrySession,
  request: RegistryRequest,
  unknown: "is-a-fault" | "is-empty" = "is-a-fault",
): AsyncGenerator<unknown> {
  const seen = new Set<string>();
  let next: URL | undefined = new URL(request.to, session.api);
  while (next !== undefined) {
    const fault = (code: string, said: string, status = 200): RegistryFault =>
      new RegistryFault({
        request: `${request.method} ${next?.pathname}`,
        host: session.host,
        status,
        code,
        said,
        passing: false,
      });
    if (next.origin !== session.api.origin)
      throw fault("foreign-page", `the next page is said to be at ${next.origin}`);
    if (seen.has(next.href)) throw fault("endless-list", "its pages go round in a circle");
    seen.add(next.href);
    const response: PipelineResponse = await session.send({ ...request, to: next });
    if (response.status >= 400) {
      const { ownWords, said } = readRefusal(response);
      if (ownWords || unknown === "is-empty") return;
      throw fault("no-registry-error", said, response.status);
    }
    yield parse(response, fault);
    next = readNext(response.headers.get("link"), next);
  }
}

/** The address in a `Link` header with `rel="next"`, undefined when there is none. */
export function readNext(header: string | undefined, from: URL): URL | undefined {
  for (const link of (header ?? "").split(/,(?=\s*<)/)) {
    const [, address, rest] = /^\s*<([^>]*)>(.*)$/.exec(link) ?? [];
    if (address !== undefined && /;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(rest ?? "")) return new URL(address, from);
  }
  return undefined;
}

function parse(response: PipelineResponse, fault: (code: string, said: string) => Error): unknown {
  try {
    return JSON.parse(response.bodyAsText ?? "");
  } catch {
    throw fault("no-list", "an answer that is no JSON, as a proxy or firewall in between gives");
  }
}
