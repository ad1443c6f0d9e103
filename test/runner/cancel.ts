import type { JobRun } from "./job-run.ts";
import { addIssue, type StageRecord, write } from "./stage-record.ts";

/** From the cancel until the runner ends steps that would go on: five minutes minus 15 s. */
const killAfterMs = 285_000;

/** Cancels a job: its status changes, and the running step is ended unless its `if` still holds. */
export function cancelJob(run: JobRun): void {
  if (run.cancelled.signal.aborted) return;
  run.status = "cancelled";
  run.cancelled.abort();
}

/** Watches for the caller's cancel and the job's timeout; returns what stops the watch. */
export function watchCancel(run: JobRun, record: StageRecord): () => void {
  const { cancel, timeoutMinutes } = run.job;
  const timers: NodeJS.Timeout[] = [];
  const onAbort = (): void => cancelJob(run);
  if (cancel?.afterMs !== undefined) timers.push(setTimeout(onAbort, cancel.afterMs));
  if (cancel?.signal?.aborted === true) onAbort();
  cancel?.signal?.addEventListener("abort", onAbort);
  if (timeoutMinutes !== undefined) {
    const expire = (): void => {
      const text = `has exceeded the maximum execution time of ${timeoutMinutes} minutes.`;
      addIssue(record, "error", `The job running on runner GitHub Actions 1 ${text}`);
      cancelJob(run);
    };
    timers.push(setTimeout(expire, timeoutMinutes * 60_000));
  }
  const kill = (): void => {
    write(record, "plain", "The job did not end in time after it was canceled.");
    run.killed.abort();
  };
  run.cancelled.signal.addEventListener("abort", () => {
    timers.push(setTimeout(kill, cancel?.killAfterMs ?? killAfterMs));
  });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    cancel?.signal?.removeEventListener("abort", onAbort);
  };
}
