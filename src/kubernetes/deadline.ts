import { UserError } from "../kit/user-error.ts";
import { type Asking, cancelledError } from "./ask.ts";
import { KubeRefusal } from "./kube-refusal.ts";

export interface Deadline {
  /** A part of a millisecond counts as a whole one. */
  readonly timeoutMs: number;
  /** Calls it off; what it was called off with is thrown. */
  readonly until: AbortSignal;
}

/**
 * Work that must be over in time, the connecting and a renewed login included.
 *
 * @param late what is said then, as in `sleep in "web/main" did not end`
 * @throws KubeRefusal 504 `Timeout`; UserError `cancelled`; what the work throws
 */
export async function withDeadline<T>(
  { cancelled }: Pick<Asking, "cancelled">,
  { timeoutMs, until }: Deadline,
  late: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timer = AbortSignal.timeout(Math.ceil(timeoutMs));
  const signal = AbortSignal.any([cancelled, until, timer]);
  try {
    signal.throwIfAborted();
    return await work(signal);
  } catch (error) {
    if (error instanceof KubeRefusal || error instanceof UserError) throw error;
    if (cancelled.aborted) throw cancelledError();
    if (until.aborted) throw until.reason;
    if (timer.aborted) throw new KubeRefusal(504, "Timeout", `${late} within ${timeoutMs / 1000} s`);
    throw error;
  }
}
