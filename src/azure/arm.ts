import { ResourceManagementClient } from "@azure/arm-resources";
import type { TokenCredential } from "@azure/core-auth";
import {
  createDefaultHttpClient,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { governed, keepingAlive, onlyTo, refusing, type Time, watchingClock } from "./arm-policies.ts";
import type { Cloud } from "./cloud.ts";
import { createGovernor, type Operation } from "./governor.ts";

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

/** How the adapters speak to ARM: the SDK's pipeline with our pace, our retries, and errors that keep their body. */
export interface Arm {
  /** The SDK's client for a subscription. Failed answers are thrown as `ArmRefusal`. */
  client(subscriptionId: string): ResourceManagementClient;
  /**
   * One request to a path below the cloud's resource manager, or to an absolute URL that ARM gave. Resolves with any
   * answer that came; rejects when none did.
   */
  send(method: "GET" | "DELETE", pathOrUrl: string): Promise<PipelineResponse>;
  reserve(subscription: string, operation: Operation): Promise<void>;
  /** How far ARM's clock is ahead of ours in milliseconds, by the last answer; undefined before the first. */
  skewMs(): number | undefined;
}

/** How long a DELETE that is on its way may still wait for its answer once the job is cancelled. */
const LAST_ANSWER_MS = 4_000;

/** Builds the client of ARM. No request is made yet. */
export function connectArm(options: ArmOptions): Arm {
  const { cloud, time } = options;
  const governor = createGovernor(time);
  const httpClient = oneDelete(options.httpClient ?? createDefaultHttpClient());
  let skewMs: number | undefined;
  const policies = [
    onlyTo(new URL(cloud.resourceManager).origin),
    governed(governor, time, options.cancelled),
    keepingAlive(options.environment),
    watchingClock(time, (server, local) => {
      // The header has whole seconds: half a second is the best guess of what was cut off.
      skewMs = server.getTime() + 500 - local.getTime();
    }),
  ];
  const build = (subscriptionId: string, extra: typeof policies): ResourceManagementClient =>
    new ResourceManagementClient(options.credential, subscriptionId, {
      endpoint: cloud.resourceManager,
      credentials: { scopes: [cloud.armScope] },
      retryOptions: { maxRetries: 0 },
      httpClient,
      additionalPolicies: [...extra, ...policies].map((policy) => ({ policy, position: "perCall" as const })),
    });
  const raw = build("", []).pipeline;
  let latest: { readonly subscriptionId: string; readonly client: ResourceManagementClient } | undefined;
  const patient = delayed(options.cancelled, LAST_ANSWER_MS);

  return {
    client: (subscriptionId) => {
      // One subscription is worked on after the other: the last client is the one that is wanted again.
      if (latest?.subscriptionId !== subscriptionId) {
        latest = { subscriptionId, client: build(subscriptionId, [refusing]) };
      }
      return latest.client;
    },
    send: (method, pathOrUrl) => {
      const url = new URL(pathOrUrl, cloud.resourceManager);
      const abortSignal = method === "DELETE" ? patient : options.cancelled;
      return raw.sendRequest(httpClient, createPipelineRequest({ url: url.href, method, abortSignal }));
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

/** A signal that aborts some time after another one. */
function delayed(signal: AbortSignal, milliseconds: number): AbortSignal {
  const controller = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => controller.abort(signal.reason), milliseconds).unref(), {
    once: true,
  });
  return controller.signal;
}
