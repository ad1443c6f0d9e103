import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient, PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import { abortLater } from "../kit/cancel.ts";
import { once } from "../kit/once.ts";
import { governed, keepingAlive, onlyTo, refusing, type Time, watchingClock } from "./arm-policies.ts";
import type { Cloud } from "./cloud.ts";
import { createGovernor, type Operation } from "./governor.ts";
import { withoutForms } from "./without-forms.ts";

export interface ArmOptions {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly time: Time;
  /** Aborts when the job is cancelled. */
  readonly cancelled: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For tests: where requests go instead of the network. */
  readonly httpClient?: HttpClient;
}

/** What every client of ARM is made with: one pace, one set of retries, errors that keep their body. */
export interface ArmConnection {
  readonly credential: TokenCredential;
  readonly cancelled: AbortSignal;
  /** Aborts some seconds later than `cancelled`: for what ends something. */
  readonly lasting: AbortSignal;
  readonly time: Time;
  /** For the constructor of any of the SDK's clients. Failed answers are thrown as `ArmRefusal`. */
  clientOptions(): Promise<ClientOptions>;
  /**
   * One request to a path below the cloud's resource manager, or to an absolute URL that ARM gave. Resolves with any
   * answer that came; rejects when none did.
   */
  send(method: "GET" | "DELETE" | "POST", pathOrUrl: string, body?: unknown): Promise<PipelineResponse>;
  reserve(subscription: string, operation: Operation): Promise<void>;
  /** How far ARM's clock is ahead of ours in milliseconds, by the last answer; undefined before the first. */
  skewMs(): number | undefined;
}

export interface ClientOptions {
  readonly endpoint: string;
  readonly credentials: { readonly scopes: string[] };
  readonly retryOptions: { readonly maxRetries: 0 };
  readonly httpClient: HttpClient;
  readonly additionalPolicies: { readonly policy: PipelinePolicy; readonly position: "perCall" }[];
}

/** How long a request that ends something may still wait for its answer once the job is cancelled. */
const LAST_ANSWER_MS = 4_000;

/** Prepares the way to ARM. The SDK's pipeline is loaded with the first request. */
export function connectArmConnection(options: ArmOptions): ArmConnection {
  const { cloud, time, credential, cancelled } = options;
  const governor = createGovernor(time);
  let skewMs: number | undefined;
  const policies = [
    onlyTo(new URL(cloud.resourceManager).origin),
    governed(governor, time, cancelled),
    keepingAlive(options.environment),
    watchingClock(time, (server, local) => {
      // The header has whole seconds: half a second is the best guess of what was cut off.
      skewMs = server.getTime() + 500 - local.getTime();
    }),
  ];
  const lasting = abortLater(cancelled, LAST_ANSWER_MS);
  const load = once(async () => {
    withoutForms();
    const sdk = await import("@azure/core-rest-pipeline");
    const pipeline = sdk.createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
    // First, as in the SDK's clients: a token that has to be waited for must not hold back what has its place already.
    pipeline.addPolicy(sdk.bearerTokenAuthenticationPolicy({ credential, scopes: cloud.armScope }));
    for (const policy of policies) pipeline.addPolicy(policy);
    return { ...sdk, pipeline, httpClient: oneDelete(options.httpClient ?? sdk.createDefaultHttpClient()) };
  });

  return {
    credential,
    cancelled,
    lasting,
    time,
    clientOptions: async () => ({
      endpoint: cloud.resourceManager,
      credentials: { scopes: [cloud.armScope] },
      retryOptions: { maxRetries: 0 },
      httpClient: (await load()).httpClient,
      additionalPolicies: [refusing, ...policies].map((policy) => ({ policy, position: "perCall" })),
    }),
    send: async (method, pathOrUrl, body) => {
      const { createHttpHeaders, createPipelineRequest, pipeline, httpClient } = await load();
      const request = createPipelineRequest({
        url: new URL(pathOrUrl, cloud.resourceManager).href,
        method,
        abortSignal: method === "DELETE" ? lasting : cancelled,
        headers: createHttpHeaders(body === undefined ? {} : { "content-type": "application/json" }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return pipeline.sendRequest(httpClient, request);
    },
    reserve: governor.reserve,
    skewMs: () => skewMs,
  };
}

/**
 * Hides a 401's challenge to a DELETE. The SDK would answer it by itself: fetch a new token, however long that takes, and
 * send the DELETE again, on a look at the group that has grown old meanwhile.
 */
function oneDelete(client: HttpClient): HttpClient {
  return {
    sendRequest: async (request) => {
      const response = await client.sendRequest(request);
      if (request.method === "DELETE" && response.status === 401) response.headers.delete("www-authenticate");
      return response;
    },
  };
}
