import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { type RetryPolicy, type RetryWorld, retry } from "../kit/retry.ts";
import { readRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import { isBusyStatus } from "../oidc/refusal.ts";
import { RegistryFault, readRefusal } from "./registry-fault.ts";
import type { Transport, WireRequest } from "./transport.ts";

/** A push is waited for longer than a login; a registry's own `Retry-After` is kept up to a minute. */
export const REGISTRY_RETRY: RetryPolicy = { tries: 6, firstWaitMs: 500, longestWaitMs: 60_000 };
/** For what may not be repeated. */
export const ONCE: RetryPolicy = { ...REGISTRY_RETRY, tries: 1 };

export interface AskOptions extends RetryWorld {
  readonly host: string;
  readonly transport: Transport;
  readonly cancelled: AbortSignal;
}

export interface Question extends Omit<WireRequest, "abortSignal"> {
  /** Called off besides when the job is. */
  readonly abortSignal?: AbortSignal | undefined;
  /** Statuses from 400 on that are answers and no faults. */
  readonly accept?: readonly number[] | undefined;
  readonly policy?: RetryPolicy | undefined;
  /** Said in the fault. */
  readonly wanted?: readonly string[] | undefined;
  readonly granted?: readonly string[] | undefined;
}

/**
 * One request, repeated while the registry is busy (408, 429, 5xx) or the connection breaks, a bounded number of times.
 *
 * @throws RegistryFault for every other answer from 400 on, and where no answer came
 * @throws UserError `cancelled`
 */
export async function ask(options: AskOptions, question: Question): Promise<PipelineResponse> {
  const { policy = REGISTRY_RETRY, accept = [] } = question;
  return retry<PipelineResponse>(
    async () => {
      const answer = await send(options, question);
      if (answer instanceof RegistryFault) {
        if (!answer.facts.passing) throw answer;
        return { kind: "again", because: answer };
      }
      if (answer.status < 400 || accept.includes(answer.status)) return { kind: "done", value: answer };
      const fault = faultOf(options, question, answer);
      if (!fault.facts.passing) throw fault;
      return { kind: "again", because: fault, waitMs: fault.facts.retryAfterMs };
    },
    options,
    policy,
  );
}

async function send(options: AskOptions, question: Question): Promise<PipelineResponse | RegistryFault> {
  const { cancelled, transport } = options;
  const abortSignal =
    question.abortSignal === undefined ? cancelled : AbortSignal.any([cancelled, question.abortSignal]);
  try {
    return await transport({ ...question, abortSignal });
  } catch (error) {
    if (cancelled.aborted) {
      throw new UserError("cancelled", `The job was cancelled before ${options.host} had answered.`, { cause: error });
    }
    // The one who called it off knows why.
    if (question.abortSignal?.aborted) throw question.abortSignal.reason;
    return silence(options, question, error);
  }
}

/** No answer came. A request that ran into its own time limit may fare better the next time. */
function silence({ host }: AskOptions, question: Question, error: unknown): RegistryFault {
  const timedOut = error instanceof Error && error.name === "AbortError";
  return new RegistryFault(
    {
      ...describe(question),
      host,
      status: undefined,
      code: "no-answer",
      said: timedOut ? "no answer in time" : describeConnectionFault(error),
      passing: timedOut || isPassingFault(error),
    },
    error,
  );
}

/** The fault in an answer. */
export function faultOf({ host, now }: AskOptions, question: Question, answer: PipelineResponse): RegistryFault {
  const { ownWords: _, ...refusal } = readRefusal(answer);
  return new RegistryFault({
    ...describe(question),
    ...refusal,
    host,
    status: answer.status,
    retryAfterMs: readRetryAfter(answer.headers, now()),
    passing: isBusyStatus(answer.status),
  });
}

function describe({ method, url, wanted, granted }: Question) {
  // The query of an upload's address holds its state.
  return { request: `${method} ${url.pathname}`, wanted, granted };
}
