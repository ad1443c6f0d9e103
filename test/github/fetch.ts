import { ConnectionReset, type WireRequest, type WireResponse } from "../azure/wire.ts";

/** `fetch` into an emulator in the same process: no socket, the same answers. */
export function createFetch(far: { answer(request: WireRequest): Promise<WireResponse> }): typeof fetch {
  return async (input, init = {}) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of new Headers(init.headers)) headers[name.toLowerCase()] = value;
    init.signal?.throwIfAborted();
    const request = { method: init.method ?? "GET", url: `${input}`, headers };
    const body = typeof init.body === "string" ? { body: init.body } : {};
    try {
      const response = await orAborted(far.answer({ ...request, ...body }), init.signal);
      const empty = response.status === 204 || response.status === 304;
      const answer = new Response(empty ? null : response.body.toString(), {
        status: response.status,
        headers: Object.entries(response.headers).map(([name, value]) => [name, `${value}`]),
      });
      // Octokit reads it, and only a real fetch fills it in.
      return Object.defineProperty(answer, "url", { value: request.url });
    } catch (failure) {
      // As undici does: the reason is the cause.
      if (failure instanceof ConnectionReset) throw new TypeError("fetch failed", { cause: failure });
      throw failure;
    }
  };
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
