import { UserError } from "./user-error.ts";

/** The runner sends SIGINT, SIGTERM 7.5 s later, SIGKILL 2.5 s after that. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * A signal that aborts when the job is cancelled. From then on the process no longer dies of SIGINT and SIGTERM: the
 * action uses the seconds it has to write down the truth, then ends by itself.
 */
export function watchCancel(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => controller.abort(new Error(`cancelled by ${signal}`)));
  }
  return controller.signal;
}

/**
 * Waits, or returns early when `signal` aborts. It never throws: who waits looks at the signal itself.
 *
 * @param milliseconds may be longer than a timer can be (24.8 days); it is cut to that.
 */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const LONGEST_TIMER_MS = 2_147_483_647;
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(Math.max(0, milliseconds), LONGEST_TIMER_MS));
    signal?.addEventListener("abort", done, { once: true });
  });
}

/**
 * What `work` comes to, or a `UserError` `cancelled` as soon as `signal` aborts: for work that cannot be called off
 * itself and need not be waited for.
 */
export function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new UserError("cancelled", "The job was cancelled before this was finished."));
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}

/** A signal that aborts some time after another one, for what may still be ended once the job is cancelled. */
export function abortLater(signal: AbortSignal, milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    setTimeout(() => controller.abort(signal.reason), milliseconds).unref();
  };
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return controller.signal;
}
