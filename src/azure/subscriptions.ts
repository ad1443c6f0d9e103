import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient, Pipeline, PipelineResponse } from "@azure/core-rest-pipeline";
import { type RetryWorld, retry } from "../kit/retry.ts";
import { readRetryAfter } from "../kit/retry-after.ts";
import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import { isBusyStatus } from "../oidc/refusal.ts";
import { faultOf, requestIdOf } from "./arm-policies.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import type { Cloud } from "./cloud.ts";

export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string | undefined;
  /** `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`. */
  readonly state: string;
}

/** A subscription that the identity can see, or why not, with those that it sees instead. */
export type FoundSubscription =
  | { readonly kind: "found"; readonly subscription: Subscription }
  | { readonly kind: "hidden"; readonly because: string; readonly visible: readonly Subscription[] };

export interface SubscriptionOptions extends RetryWorld {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly httpClient?: HttpClient | undefined;
}

/** Where a login asks which subscriptions it has. Failed answers are `ArmRefusal`s; no answer rejects. */
export interface Subscriptions {
  list(): Promise<readonly Subscription[]>;
  /** Looks in the list first: it also has those in which the identity may only see a single group. */
  find(id: string): Promise<FoundSubscription>;
}

const API = "api-version=2022-12-01";

/** The subscriptions by two plain requests: the ARM client would take longer to load than both to be answered. */
export function connectSubscriptions(options: SubscriptionOptions): Subscriptions {
  const address = (path: string): string => `${options.cloud.resourceManager}${path}?${API}`;

  const list = async (until?: string): Promise<readonly Subscription[]> => {
    const found: Subscription[] = [];
    let next: string | undefined = address("/subscriptions");
    while (next !== undefined) {
      const page: Page = readPage(await ask(options, next));
      found.push(...page.subscriptions);
      if (until !== undefined && found.some(({ id }) => isSame(id, until))) break;
      next = page.next;
    }
    return found;
  };

  return {
    list: () => list(),
    find: async (id) => {
      const visible = await list(id);
      const listed = visible.find((one) => isSame(one.id, id));
      if (listed !== undefined) return { kind: "found", subscription: listed };
      // The list lags behind new role assignments, and only a question for the one says what is wrong with it.
      try {
        return { kind: "found", subscription: readSubscription(await ask(options, address(`/subscriptions/${id}`))) };
      } catch (error) {
        if (!(error instanceof ArmRefusal) || error.status === 429 || error.status >= 500) throw error;
        return { kind: "hidden", because: `${error.status} ${error.fault.code}: ${error.fault.message}`, visible };
      }
    },
  };
}

async function ask(options: SubscriptionOptions, url: string): Promise<unknown> {
  // A page's next address could name any host; the token goes only to ARM.
  if (new URL(url).origin !== options.cloud.resourceManager) throw new Error(`${url} is not ARM's`);
  const { createDefaultHttpClient, createPipelineRequest } = await import("@azure/core-rest-pipeline");
  const pipeline = await createArmPipeline(options);
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  const path = new URL(url).pathname;
  const abortSignal = options.cancelled === undefined ? {} : { abortSignal: options.cancelled };
  return retry<unknown>(async () => {
    let response: PipelineResponse;
    try {
      response = await pipeline.sendRequest(httpClient, createPipelineRequest({ url, method: "GET", ...abortSignal }));
    } catch (error) {
      const silent = new Error(`No answer from ${options.cloud.resourceManager}: ${describeConnectionFault(error)}`, {
        cause: error,
      });
      if (isPassingFault(error)) return { kind: "again", because: silent };
      throw error instanceof Error && error.name === "RestError" ? silent : error;
    }
    if (response.status === 200) return { kind: "done", value: JSON.parse(response.bodyAsText ?? "null") };
    const because = new ArmRefusal(`GET ${path}`, response.status, faultOf(response), requestIdOf(response));
    if (!isBusyStatus(response.status)) throw because;
    return { kind: "again", because, waitMs: readRetryAfter(response.headers, options.now()) };
  }, options);
}

async function createArmPipeline({ credential, cloud }: SubscriptionOptions): Promise<Pipeline> {
  const { bearerTokenAuthenticationPolicy, createPipelineFromOptions } = await import("@azure/core-rest-pipeline");
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: cloud.armScope }));
  return pipeline;
}

interface Page {
  readonly subscriptions: readonly Subscription[];
  readonly next: string | undefined;
}

function readPage(body: unknown): Page {
  const { value, nextLink } = asRecord(body);
  if (!Array.isArray(value)) throw new Error("ARM's list of subscriptions has no value");
  return {
    subscriptions: value.map(readSubscription),
    next: typeof nextLink === "string" && nextLink !== "" ? nextLink : undefined,
  };
}

function readSubscription(body: unknown): Subscription {
  const { subscriptionId, displayName, tenantId, state } = asRecord(body);
  if (typeof subscriptionId !== "string") throw new Error("ARM's subscription has no subscriptionId");
  return {
    id: subscriptionId,
    name: typeof displayName === "string" ? displayName : subscriptionId,
    tenantId: typeof tenantId === "string" ? tenantId : undefined,
    state: typeof state === "string" ? state : "Unknown",
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
