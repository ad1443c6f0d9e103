import { evaluateTemplate, fromData, holds, interpolate } from "./expressions.ts";
import type { Conclusion, Status } from "./job.ts";
import { envOf, type Frame, StepCancelled, statusFunctions, stepContexts } from "./job-run.ts";
import { addIssue } from "./stage-record.ts";

/** How a step ended: before and after continue-on-error. */
export interface FrameResult {
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
}

const ended = (conclusion: Conclusion): FrameResult => ({ outcome: conclusion, conclusion });

/**
 * Runs one stage of a step around `body`: evaluates its env and `if`, ends it on a cancel that the `if` does not
 * survive and on its timeout, and applies continue-on-error. Never throws: what goes wrong is the step's failure.
 */
export async function runFrame(
  frame: Frame,
  name: string,
  condition: string | boolean,
  body: () => Promise<Status>,
): Promise<FrameResult> {
  const { run, step } = frame;
  try {
    const env = Object.entries(step.env ?? {}).map(([key, value]) => [
      key,
      interpolate(String(value), stepContexts(frame)),
    ]);
    for (const [key = "", value = ""] of env) frame.overrides.set(key, value);
  } catch (error) {
    return reportFailure(frame, error);
  }
  if (run.killed.signal.aborted) return ended("cancelled");
  const recheck = (): void => {
    if (!survivesCancel(frame, condition)) frame.cancel.abort();
  };
  const kill = (): void => frame.cancel.abort();
  if (!run.cancelled.signal.aborted) run.cancelled.signal.addEventListener("abort", recheck, { once: true });
  run.killed.signal.addEventListener("abort", kill, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    if (!holds(condition, stepContexts(frame), statusFunctions(frame))) return ended("skipped");
    const minutes = timeoutOf(frame);
    if (minutes > 0) timer = setTimeout(() => frame.cancel.abort(), minutes * 60_000);
    let outcome = await body().catch((error: unknown) => endedBy(frame, error, name, minutes));
    if (frame.commandFailed && outcome === "success") outcome = "failure";
    return { outcome, conclusion: outcome === "failure" && continues(frame) ? "success" : outcome };
  } catch (error) {
    return reportFailure(frame, error);
  } finally {
    clearTimeout(timer);
    run.cancelled.signal.removeEventListener("abort", recheck);
    run.killed.signal.removeEventListener("abort", kill);
  }
}

/** Whether a step's `if` still holds once the job is cancelled; one that cannot be evaluated does not. */
function survivesCancel(frame: Frame, condition: string | boolean): boolean {
  try {
    return holds(condition, stepContexts(frame), { success: false, failure: false, cancelled: true });
  } catch (error) {
    reportFailure(frame, error);
    return false;
  }
}

function reportFailure(frame: Frame, error: unknown): FrameResult {
  addIssue(frame.record, "error", error instanceof Error ? error.message : String(error));
  return ended("failure");
}

/** Tells a cancel from a timeout from any other error, in the runner's words. */
function endedBy(frame: Frame, error: unknown, name: string, minutes: number): Status {
  if (!(error instanceof StepCancelled)) {
    reportFailure(frame, error);
    return "failure";
  }
  if (frame.run.cancelled.signal.aborted) {
    addIssue(frame.record, "error", "The operation was canceled.");
    return "cancelled";
  }
  // Inside a composite only the composite has a timeout.
  const text = `The action '${name}' has timed out after ${minutes} minutes.`;
  addIssue(frame.record, "error", frame.parent === undefined ? text : "The action has timed out.");
  return "failure";
}

function timeoutOf(frame: Frame): number {
  const { timeoutMinutes } = frame.step;
  if (timeoutMinutes === undefined) return 0;
  return Number(interpolate(String(timeoutMinutes), stepContexts(frame)));
}

function continues(frame: Frame): boolean {
  const { continueOnError } = frame.step;
  if (continueOnError === undefined) return false;
  const value = fromData(evaluateTemplate(String(continueOnError), { ...stepContexts(frame), env: envOf(frame) }));
  return value === true || value === "true";
}
