import type { Azure } from "../azure/azure.ts";
import type { WireRequest } from "../azure/wire.ts";

/** An emulator whose wire is listened to. */
export interface Tap {
  /** Hand this one to the proxy. */
  readonly azure: Azure;
  /** Every ID token and access token that was handed out. */
  readonly tokens: ReadonlySet<string>;
  /** Called before each request is carried out, in its order of arrival; what it returns is waited for. A streamed one comes without its body. */
  listen(listener: Listener): void;
  /** Requests to such addresses get no answer until the returned function is called. */
  hold(address: RegExp): () => void;
  /** Requests with such a method are carried out, and their answers never come. */
  mute(method: string): void;
}

export type Listener = (request: WireRequest, url: URL) => void | Promise<void>;

/** Keeps the tokens that GitHub's and Entra's endpoints hand out, so that a test can look for them everywhere else. */
export function tapTokens(azure: Azure): Tap {
  const tokens = new Set<string>();
  const listeners: Listener[] = [];
  const muted = new Set<string>();
  const keepTokens = (body: unknown) => {
    if (typeof body === "string" || Buffer.isBuffer(body)) for (const token of findTokens(`${body}`)) tokens.add(token);
  };
  return {
    tokens,
    listen: (listener) => {
      listeners.push(listener);
    },
    hold: (address) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      listeners.push((_, url) => (address.test(url.href) ? promise : undefined));
      return resolve;
    },
    mute: (method) => {
      muted.add(method);
    },
    azure: {
      ...azure,
      answer: async (request) => {
        await Promise.all(listeners.map((listener) => listener(request, new URL(request.url))));
        const response = await azure.answer(request);
        keepTokens(response.body);
        return muted.has(request.method) ? new Promise(() => undefined) : response;
      },
      stream: async (request) => {
        const { body: _, ...head } = request;
        await Promise.all(listeners.map((listener) => listener(head, new URL(request.url))));
        const response = await azure.stream(request);
        keepTokens(response.body);
        return muted.has(request.method) ? new Promise(() => undefined) : response;
      },
    },
  };
}

function findTokens(body: string): readonly string[] {
  if (!body.startsWith("{")) return [];
  const { value, access_token: access, refresh_token: refresh } = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return [value, access, refresh].filter((token) => typeof token === "string");
}
