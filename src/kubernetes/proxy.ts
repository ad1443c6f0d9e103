import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type Asking, attempt, ONCE } from "./ask.ts";
import { createCappedText, MOST_BYTES } from "./capped-text.ts";
import { connectionError } from "./connection-error.ts";
import { withDeadline } from "./deadline.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { readOwnRefusal } from "./own-refusal.ts";
import type { ProxyAnswer, ProxyRequest } from "./pod-access.ts";
import { proxyBase, proxyPath } from "./proxy-path.ts";

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** They mean the API server, which would take them for its own login, or the connection to it. */
const NOT_CARRIED = /^(authorization|impersonate-.*|connection|upgrade|transfer-encoding|content-length|expect|te)$/i;
/** What the API server says of itself, before what the application says. */
const OWN_CACHE_CONTROL = /^no-cache, private(, |$)/;

/**
 * One request to an application by way of the API server; whoever wants another asks again. Redirects are answers. In
 * HTML, the API server leads links through itself; where a redirect leads is told as the application said it.
 *
 * @throws KubeRefusal of the API server itself: 404 no such Service, 503 without endpoints or when nobody listens, 403; 504
 *   `Timeout`; 400 for what it cannot carry
 * @throws UserError `cluster-unreachable`, `cluster-login-failed`, `cancelled`
 */
export async function proxy(asking: Asking, request: ProxyRequest): Promise<ProxyAnswer> {
  const { method, body, target, port } = request;
  if (!METHODS.has(method)) throw refuse(`the method ${JSON.stringify(method)}`);
  const base = proxyBase(request);
  const path = base + proxyPath(request.path);
  const headers = readHeaders(request.headers);
  return withDeadline(asking, request, `no whole answer of ${target.name}:${port} came`, (until) =>
    attempt(
      asking,
      // The time is the deadline's.
      { method, path, headers, body, looks: true, until, limitMs: request.timeoutMs + 60_000, policy: ONCE },
      async (response) => {
        const text = await readText(response);
        const { statusCode = 0 } = response;
        const refusal = readOwnRefusal(response, text.body, request);
        if (refusal !== undefined) return { refusal };
        return { value: { status: statusCode, headers: renderHeaders(response.headers, base), ...text } };
      },
    ),
  );
}

/** Those that a request may carry. @throws KubeRefusal 400 for others */
export function readHeaders(given: ProxyRequest["headers"]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { accept: "*/*" };
  for (const [name, value] of Object.entries(given)) {
    if (NOT_CARRIED.test(name)) throw refuse(`the header "${name}"`);
    if (/[^\w!#$%&'*+.^`|~-]/.test(name) || name === "" || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw refuse(`${JSON.stringify(name)}, which is no header of HTTP,`);
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

async function readText(response: IncomingMessage): Promise<Pick<ProxyAnswer, "body" | "cut">> {
  const text = createCappedText(MOST_BYTES);
  try {
    for await (const chunk of response) {
      text.add(chunk as Buffer);
      if (text.cut) break;
    }
  } catch (error) {
    throw connectionError(error);
  }
  return { body: text.read(), ...(text.cut ? { cut: true } : {}) };
}

/** The application's, without what the API server put to them. */
export function renderHeaders(headers: IncomingHttpHeaders, base: string): Readonly<Record<string, string>> {
  const own: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(headers)) {
    own[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const { "audit-id": _, "cache-control": caching = "", location, ...rest } = own;
  const cached = caching.replace(OWN_CACHE_CONTROL, "");
  return {
    ...rest,
    ...(cached === "" ? {} : { "cache-control": cached }),
    ...(location === undefined ? {} : { location: location.startsWith(base) ? location.slice(base.length) : location }),
  };
}

function refuse(what: string): KubeRefusal {
  return new KubeRefusal(400, "BadRequest", `${what} cannot be sent through the API server: forward a port`);
}
