import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import { ConnectionReset, type WireRequest, type WireResponse } from "./wire.ts";

/** Carries a pipeline's requests to an emulator in the same process: policies, paging, polling and retries stay real. */
export function createHttpClient(answer: (request: WireRequest) => Promise<WireResponse>): HttpClient {
  return {
    sendRequest: async (request) => {
      // Loaded here, so that tests without an SDK do not pay for it.
      const { createHttpHeaders, RestError } = await import("@azure/core-rest-pipeline");
      if (request.abortSignal?.aborted === true)
        throw Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
      try {
        const response = await answer(wireRequest(request));
        const headers = createHttpHeaders();
        for (const [name, value] of Object.entries(response.headers)) {
          headers.set(name, typeof value === "string" ? value : value.join(", "));
        }
        return { request, status: response.status, headers, bodyAsText: response.body.toString() };
      } catch (failure) {
        if (failure instanceof ConnectionReset) throw new RestError(failure.message, { code: failure.code, request });
        throw failure;
      }
    },
  };
}

function wireRequest({ method, url, headers, body }: PipelineRequest): WireRequest {
  const lower = Object.fromEntries(
    Object.entries(headers.toJSON()).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (body === undefined || body === null) return { method, url, headers: lower };
  if (typeof body === "string" || Buffer.isBuffer(body)) return { method, url, headers: lower, body };
  if (body instanceof Uint8Array) return { method, url, headers: lower, body: Buffer.from(body) };
  throw new Error("The emulator takes bodies that are texts or bytes");
}
