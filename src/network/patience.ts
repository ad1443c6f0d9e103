import { addAbortSignal, type Duplex } from "node:stream";
import type { Limits } from "../actions/smoke/world.ts";
import { NetworkError, toNetworkError } from "./network-error.ts";

/** The time that a question may take, and what is waited for. */
export interface Patience {
  readonly signal: AbortSignal;
  /** `connection`, `answer`: what there was none of when the time was up. */
  waitingFor: string;
}

/**
 * Does `work` within the limits. Whatever Node throws becomes a NetworkError; what a dial throws stays as it is.
 */
export async function within<T>(
  limits: Limits,
  cancelled: AbortSignal,
  work: (patience: Patience) => Promise<T>,
): Promise<T> {
  const timer = AbortSignal.timeout(Math.max(1, Math.ceil(Math.min(limits.timeoutMs, LONGEST_TIMER_MS))));
  const patience = { signal: AbortSignal.any([timer, limits.until, cancelled]), waitingFor: "connection" };
  try {
    patience.signal.throwIfAborted();
    return await work(patience);
  } catch (error) {
    if (error instanceof DialFailure) throw error.cause;
    if (error instanceof NetworkError) throw error;
    const { waitingFor } = patience;
    if (timer.aborted) throw new NetworkError("timeout", `no ${waitingFor} within ${limits.timeoutMs / 1000} s`);
    if (patience.signal.aborted) throw new NetworkError("timeout", `no ${waitingFor} before the time was up`);
    throw toNetworkError(error);
  }
}

const LONGEST_TIMER_MS = 2_147_483_647;

/** What a dial threw, on its way past all that makes words of Node's faults. */
export class DialFailure extends Error {}

/** Ends a stream when the time is up, and lets no late fault of it end the process. */
export function bind<T extends Duplex>(stream: T, { signal }: Patience): T {
  stream.on("error", () => {});
  return addAbortSignal(signal, stream);
}
