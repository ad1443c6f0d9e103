import { Readable } from "node:stream";
import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import { isStream, streamedRequest, wholeResponse } from "./streams.ts";
import {
  ConnectionReset,
  type StreamedRequest,
  type StreamedResponse,
  type WireRequest,
  type WireResponse,
} from "./wire.ts";

/** The ways into an emulator in the same process. */
export interface Answering {
  answer(request: WireRequest): Promise<WireResponse>;
  streams(host: string): boolean;
  stream(request: StreamedRequest): Promise<StreamedResponse>;
}

/**
 * Carries a pipeline's requests to an emulator in the same process: policies, paging, polling and retries stay real.
 * Bodies that are streams stay streams where the host's service asks for them.
 */
export function createHttpClient(azure: Answering): HttpClient {
  return {
    sendRequest: async (request) => {
      // Loaded here, so that tests without an SDK do not pay for it.
      const { createHttpHeaders, RestError } = await import("@azure/core-rest-pipeline");
      requireGoingOn(request);
      try {
        const response = await untilAborted(request, send(azure, request));
        const headers = createHttpHeaders();
        for (const [name, value] of Object.entries(response.headers)) {
          headers.set(name, typeof value === "string" ? value : value.join(", "));
        }
        const { status } = response;
        if (wantsStream(request, status)) {
          const stream = isStream(response.body) ? response.body : Readable.from([Buffer.from(response.body)]);
          request.abortSignal?.addEventListener("abort", () => stream.destroy(aborted()));
          return { request, status, headers, readableStreamBody: stream };
        }
        const { body } = await untilAborted(request, wholeResponse(response));
        return { request, status, headers, bodyAsText: body.toString() };
      } catch (failure) {
        if (failure instanceof ConnectionReset) throw new RestError(failure.message, { code: failure.code, request });
        throw failure;
      }
    },
  };
}

async function send(azure: Answering, request: PipelineRequest): Promise<StreamedResponse> {
  const { method, url } = request;
  const lower = Object.entries(request.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), value]);
  const head = { method, url, headers: Object.fromEntries(lower) as Record<string, string> };
  const body = bodyOf(request);
  if (isStream(body)) {
    const stop = () => body.destroy(aborted());
    request.abortSignal?.addEventListener("abort", stop);
    return azure.stream({ ...head, body }).finally(() => request.abortSignal?.removeEventListener("abort", stop));
  }
  const whole = body === undefined ? head : { ...head, body };
  return azure.streams(new URL(url).hostname) ? azure.stream(streamedRequest(whole)) : azure.answer(whole);
}

function bodyOf({ body }: PipelineRequest): string | Buffer | Readable | undefined {
  const given: unknown = typeof body === "function" ? body() : body;
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string" || Buffer.isBuffer(given) || isStream(given)) return given;
  if (given instanceof Uint8Array) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (given instanceof ArrayBuffer) return Buffer.from(given);
  throw new Error("The emulator takes bodies that are texts, bytes or Node's streams");
}

function wantsStream({ streamResponseStatusCodes: codes }: PipelineRequest, status: number): boolean {
  return codes?.has(status) === true || codes?.has(Number.POSITIVE_INFINITY) === true;
}

function requireGoingOn({ abortSignal }: PipelineRequest): void {
  if (abortSignal?.aborted === true) throw aborted();
}

/** An answer that nobody waits for any more is left to itself. */
async function untilAborted<T>({ abortSignal }: PipelineRequest, work: Promise<T>): Promise<T> {
  if (abortSignal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(aborted());
  abortSignal.addEventListener("abort", stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    abortSignal.removeEventListener("abort", stop);
  }
}

function aborted(): Error {
  return Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
}
