import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from "@azure/core-rest-pipeline";
import { createAgent } from "../kit/keep-alive.ts";
import { readRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import { type ArmFault, readFault } from "../ttl/blockers.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import type { Governor, Operation } from "./governor.ts";

/** Time as the adapters see it. */
export interface Time {
  now(): Date;
  monotonic(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds until the run has to be over. */
  left(): number;
  random(): number;
}

/** Answers to a look that are worth another try. A DELETE is never sent twice on one re-read, nor any change. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** POSTs that only look: they answer with what lets in for a while. */
const LOOKING = /\/(?:listBuildSourceUploadUrl|listLogSasUrl|listCluster(?:User|Admin)Credential)$/i;
const TRIES = 5;
const FIRST_DELAY_MS = 1_000;
const LONGEST_REQUEST_MS = 60_000;

/**
 * Keeps to ARM's pace and retries reads.
 *
 * The SDK's own retries are switched off: they sleep whatever `Retry-After` says (372 s were seen), know no deadline,
 * and give up at once on a 429 without the header.
 */
export function governed(governor: Governor, time: Time, cancelled: AbortSignal): PipelinePolicy {
  const sendPaced = async (request: PipelineRequest, next: SendRequest): Promise<PipelineResponse> => {
    const [subscription, operation] = bucketOf(request);
    // A delete has reserved its token before the group was read again, so that nothing delays it now.
    if (operation !== "delete") {
      await governor.reserve(subscription, operation);
      if (time.left() <= 0)
        throw new UserError("deadline-reached", "The deadline was reached before ARM had answered.");
    }
    request.timeout = Math.max(
      1,
      Math.min(LONGEST_REQUEST_MS, operation === "delete" ? LONGEST_REQUEST_MS : time.left()),
    );
    const response = await next(request);
    const remaining = response.headers.get(`x-ms-ratelimit-remaining-subscription-${operation}s`);
    if (remaining !== undefined && /^\d+$/.test(remaining))
      governor.observe(subscription, operation, Number(remaining));
    if (response.status === 429) {
      governor.hold(subscription, operation, readRetryAfter(response.headers, time.now()) ?? FIRST_DELAY_MS);
    }
    return response;
  };
  return {
    name: "mayflyGovernor",
    sendRequest: async (request, next) => {
      // A DELETE on its way brings a signal of its own, which gives its answer a few seconds more.
      request.abortSignal ??= cancelled;
      for (let tried = 1; ; tried += 1) {
        const last = !onlyLooks(request) || tried >= TRIES || request.abortSignal?.aborted === true;
        const answer = await sendPaced(request, next).catch((error: unknown) => {
          if (last || error instanceof UserError || request.abortSignal?.aborted === true) throw error;
          return error;
        });
        const response = isResponse(answer) ? answer : undefined;
        if (response !== undefined && (last || !TRANSIENT.has(response.status))) return response;
        const asked = response === undefined ? undefined : readRetryAfter(response.headers, time.now());
        const delay = asked ?? FIRST_DELAY_MS * 2 ** (tried - 1) * (0.5 + time.random());
        if (delay >= time.left()) {
          if (response !== undefined) return response;
          throw answer;
        }
        await time.sleep(delay);
      }
    },
  };
}

/** Lets requests go to ARM only: the next page of a list could name any host, and the token would go along. */
export function onlyTo(origin: string): PipelinePolicy {
  return {
    name: "mayflyOnlyTo",
    sendRequest: (request, next) => {
      const { origin: asked } = new URL(request.url);
      return asked === origin ? next(request) : Promise.reject(new Error(`${asked} is not ${origin}`));
    },
  };
}

/** Turns every answer that is not a success into an `ArmRefusal`, before the SDK can lose its body. */
export const refusing: PipelinePolicy = {
  name: "mayflyRefusing",
  sendRequest: async (request, next) => {
    const response = await next(request);
    if (response.status < 400) return response;
    const path = new URL(request.url).pathname;
    const wait = response.headers.get("retry-after");
    throw new ArmRefusal(`${request.method} ${path}`, response.status, faultOf(response), requestIdOf(response), wait);
  },
};

/** Reports ARM's clock (its `Date` header) with the local moment at which it was read. */
export function watchingClock(time: Time, saw: (server: Date, local: Date) => void): PipelinePolicy {
  return {
    name: "mayflyClock",
    sendRequest: async (request, next) => {
      const response = await next(request);
      const date = Date.parse(response.headers.get("date") ?? "");
      if (!Number.isNaN(date)) saw(new Date(date), time.now());
      return response;
    },
  };
}

/** One agent for all requests, where there is a proxy. */
export function keepingAlive(environment: Readonly<Record<string, string | undefined>>): PipelinePolicy {
  const agent = createAgent(environment);
  return {
    name: "mayflyKeepAlive",
    sendRequest: (request, next) => {
      if (agent !== undefined) request.agent = agent;
      return next(request);
    },
  };
}

/** The error in an answer's body; a body that is no error of ARM's (a proxy's page) is quoted by its beginning. */
export function faultOf(response: PipelineResponse): ArmFault {
  const text = response.bodyAsText ?? "";
  try {
    const fault = readFault(JSON.parse(text));
    if (fault !== undefined) return fault;
  } catch {
    // Not JSON: said below.
  }
  return { code: "NoArmError", message: text === "" ? "an empty answer" : text.slice(0, 300) };
}

/** The id by which Azure's support finds a request. */
export function requestIdOf(response: PipelineResponse): string {
  return response.headers.get("x-ms-request-id") ?? response.headers.get("x-ms-correlation-request-id") ?? "unknown";
}

function bucketOf(request: PipelineRequest): readonly [string, Operation] {
  const subscription = /\/subscriptions\/([^/?]+)/i.exec(request.url)?.[1] ?? "";
  return [subscription, OPERATIONS[request.method] ?? "write"];
}

const OPERATIONS: Readonly<Record<string, Operation>> = { GET: "read", HEAD: "read", DELETE: "delete" };

function onlyLooks({ method, url }: PipelineRequest): boolean {
  return method === "GET" || (method === "POST" && LOOKING.test(new URL(url).pathname));
}

function isResponse(answer: unknown): answer is PipelineResponse {
  return answer !== null && typeof answer === "object" && "status" in answer && "headers" in answer;
}
