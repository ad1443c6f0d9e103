import type { Duplex } from "node:stream";
import type { HttpAnswer, HttpRequest } from "../actions/smoke/world.ts";
import { chooseProxy } from "../kit/choose-proxy.ts";
import { NetworkError } from "./network-error.ts";
import { openDial } from "./open-dial.ts";
import { basicLogin, loginOf, openProxy, openSocket, openTunnel, toTarget } from "./open-socket.ts";
import type { Patience } from "./patience.ts";
import { followRedirect, MOST_REDIRECTS, type Question } from "./redirect.ts";
import { secure } from "./secure.ts";
import { type Received, sendRequest } from "./send-request.ts";

export interface Asker {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
}

/** What an address answers, after redirects where they are followed. */
export async function askHttp(request: HttpRequest, asker: Asker, patience: Patience): Promise<HttpAnswer> {
  const first = toQuestion(request);
  // The way to a pod is ours and not the service's: its time is not counted.
  const dialled = request.dial === undefined ? undefined : await openDial(request.dial, patience);
  const begun = asker.monotonic();
  let asked = first;
  let way: Duplex | undefined = dialled;
  for (let redirects = 0; ; redirects += 1) {
    const { answer, certificate } = await askOnce(asked, way, request.anyCertificate ?? false, asker, patience);
    const next = request.followRedirects ? followRedirect(asked, answer) : undefined;
    if (next === undefined) {
      return { ...answer, latencyMs: asker.monotonic() - begun, url: asked.url.href, certificate };
    }
    if (redirects === MOST_REDIRECTS) {
      throw new NetworkError("other", `more than ${MOST_REDIRECTS} redirects, the last of them to ${next.url.href}`);
    }
    way =
      request.dial !== undefined && next.url.host === first.url.host
        ? await openDial(request.dial, patience)
        : undefined;
    asked = next;
  }
}

function toQuestion({ url: text, method, headers, body }: HttpRequest): Question {
  const url = new URL(text);
  const login = basicLogin(url);
  url.username = "";
  url.password = "";
  url.hash = "";
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    url,
    method,
    headers: { ...(login === undefined ? {} : { authorization: login }), ...Object.fromEntries(own) },
    body,
  };
}

async function askOnce(
  { url, method, headers, body }: Question,
  dialled: Duplex | undefined,
  anyCertificate: boolean,
  { environment }: Asker,
  patience: Patience,
): Promise<{ readonly answer: Received; readonly certificate: HttpAnswer["certificate"] }> {
  patience.waitingFor = "connection";
  const named = dialled === undefined ? chooseProxy(url, environment) : undefined;
  const proxy = named === undefined ? undefined : parseProxy(named);
  const target = toTarget(url);
  const path = `${url.pathname}${url.search}`;
  const all = { "user-agent": "mayfly", accept: "*/*", host: url.host, ...headers };
  if (url.protocol === "http:") {
    if (proxy !== undefined) {
      const whole = { method, path: url.href, headers: { ...all, ...loginOf(proxy) }, body };
      return { answer: await sendRequest(await openProxy(proxy, patience), whole, patience), certificate: undefined };
    }
    const socket = dialled ?? (await openSocket(target, patience));
    return {
      answer: await sendRequest(socket, { method, path, headers: all, body }, patience),
      certificate: undefined,
    };
  }
  const raw =
    dialled ?? (proxy === undefined ? await openSocket(target, patience) : await openTunnel(proxy, target, patience));
  const { socket, certificate, fault } = await secure(raw, target.host, patience);
  // Where a dial leads is known by the dial; where a redirect leads from there is not.
  if (fault !== undefined && !(anyCertificate && dialled !== undefined)) {
    socket.destroy();
    throw fault;
  }
  return { answer: await sendRequest(socket, { method, path, headers: all, body }, patience), certificate };
}

function parseProxy(text: string): URL {
  const proxy = URL.parse(text);
  if (proxy === null) throw new NetworkError("other", "the proxy that HTTPS_PROXY or HTTP_PROXY names is no address");
  return proxy;
}
