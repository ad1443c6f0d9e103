import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import type { StoragePipelineOptions } from "@azure/storage-blob";
import { createAgent } from "../kit/keep-alive.ts";
import { type RetryPolicy, retry } from "../kit/retry.ts";
import { readRetryAfter } from "../kit/retry-after.ts";
import { isPassingFault } from "../oidc/connection-fault.ts";
import { isBusyStatus } from "../oidc/refusal.ts";
import type { BlobWorld } from "./blobs.ts";
import { withoutForms } from "./without-forms.ts";

type StorageHttp = NonNullable<StoragePipelineOptions["httpClient"]>;
type StorageRequest = Parameters<StorageHttp["sendRequest"]>[0];
type StorageResponse = Awaited<ReturnType<StorageHttp["sendRequest"]>>;

const BLOB_RETRY: RetryPolicy = { tries: 5, firstWaitMs: 1_000, longestWaitMs: 60_000 };
/** A block of a slow line takes its time. */
const LONGEST_REQUEST_MS = 300_000;

/**
 * How the storage SDK reaches the network: with our waiting, our cancel (its uploads know none) and one agent. Its own
 * retries sleep by themselves, so they are switched off. The SDK still wants the HTTP client of its older core.
 */
export function createStorageHttp(world: BlobWorld): StorageHttp {
  withoutForms();
  const agent = createAgent(world.environment);
  let loading: Promise<Core> | undefined;
  const load = (): Promise<Core> => {
    loading ??= import("@azure/core-rest-pipeline").then((sdk) => ({
      ...sdk,
      httpClient: world.httpClient ?? sdk.createDefaultHttpClient(),
    }));
    return loading;
  };
  return {
    sendRequest: (resource) =>
      retry<StorageResponse>(
        async () => {
          const response = await send(await load(), world, agent, resource).catch((error: unknown) => {
            if (world.cancelled.aborted || !mayPass(error)) throw error;
            return { because: error };
          });
          if ("because" in response) return { kind: "again", because: response.because };
          const again = Object.assign(new Error("blob storage is busy"), { statusCode: response.status });
          const waitMs = readRetryAfter(response.headers, world.time.now());
          if (isBusyStatus(response.status)) return { kind: "again", because: again, waitMs };
          return { kind: "done", value: asOlder(resource, response) };
        },
        { ...world.time, cancelled: world.cancelled },
        BLOB_RETRY,
      ),
  };
}

type Core = Pick<typeof import("@azure/core-rest-pipeline"), "createHttpHeaders" | "createPipelineRequest"> & {
  readonly httpClient: HttpClient;
};

async function send(
  { createHttpHeaders, createPipelineRequest, httpClient }: Core,
  world: BlobWorld,
  agent: ReturnType<typeof createAgent>,
  resource: StorageRequest,
): Promise<PipelineResponse> {
  const signals = [world.cancelled, ...(resource.abortSignal === undefined ? [] : [asSignal(resource.abortSignal)])];
  const request = createPipelineRequest({
    url: resource.url,
    method: resource.method,
    body: resource.body,
    headers: createHttpHeaders(resource.headers.toJson({ preserveCase: true })),
    abortSignal: AbortSignal.any(signals),
    timeout: LONGEST_REQUEST_MS,
    ...(resource.streamResponseStatusCodes === undefined
      ? {}
      : { streamResponseStatusCodes: resource.streamResponseStatusCodes }),
  });
  // Without ours there may still be the one that the SDK found for a proxy.
  const chosen = agent ?? resource.agent;
  if (chosen !== undefined) request.agent = chosen;
  return httpClient.sendRequest(request);
}

/** A request that ran into its own time limit may fare better the next time. */
function mayPass(error: unknown): boolean {
  return isPassingFault(error) || (error instanceof Error && error.name === "AbortError");
}

type SignalLike = NonNullable<StorageRequest["abortSignal"]>;

function asSignal(signal: SignalLike): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener("abort", () => controller.abort());
  return controller.signal;
}

function asOlder(resource: StorageRequest, response: PipelineResponse): StorageResponse {
  const toJson = () => response.headers.toJSON({ preserveCase: true });
  const older = { ...response, request: resource, headers: Object.assign(response.headers, { toJson }) };
  return older as unknown as StorageResponse;
}
