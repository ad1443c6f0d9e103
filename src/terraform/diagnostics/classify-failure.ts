import type { FailureCode } from "../failure-reason.ts";
import type { Diagnostic } from "../stream-event.ts";
import { describeDiagnostic } from "./describe-diagnostic.ts";
import type { Fault } from "./fault.ts";
import { explainDiagnostic, FAULTS, listAdvice } from "./faults.ts";
import { readTextDiagnostics } from "./read-text-diagnostics.ts";

/** A call of terraform that did not end well. Texts are redacted already: they go into what people see. */
export interface FailedRun {
  /** `init`, `plan`, `apply`, … */
  readonly command: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What it printed besides: stderr, and lines that are none of the stream. */
  readonly texts: readonly string[];
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** Whether the job was cancelled, or terraform saw a signal. */
  readonly cancelled: boolean;
  /** How far it came. */
  readonly done?: number;
  readonly total?: number | undefined;
}

/** Why it failed, for workflows, and for people: what happened, then what to do. */
export interface ClassifiedFailure {
  readonly code: FailureCode;
  readonly message: string;
}

/** Tells failures of terraform apart by the words of its diagnostics: its exit code is 1 for nearly all. */
export function classifyFailure(run: FailedRun): ClassifiedFailure {
  const errors = listErrors(run);
  const main = errors.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
  const fault = main === undefined ? undefined : explainDiagnostic(main);
  if (fault?.code !== "state-not-persisted" && (run.cancelled || run.exitCode === undefined)) {
    return classifyEnd(run, fault);
  }
  const more = errors.filter((each) => each !== main && !isNoise(each)).length;
  const lines = [
    `${run.command} failed${progressOf(run)}: ${main === undefined ? lastWords(run) : describeDiagnostic(main)}`,
    ...(main === undefined || fault === undefined ? [UNEXPLAINED] : listAdvice(main)),
    ...(more === 0 ? [] : [`${more} more ${more === 1 ? "error" : "errors"}: see the summary.`]),
  ];
  return { code: fault?.code ?? DEFAULT_CODES[run.command] ?? "apply-failed", message: lines.join("\n") };
}

const UNEXPLAINED = "To do: read what terraform says in the log, mend it, and run this again.";

const DEFAULT_CODES: Readonly<Record<string, FailureCode>> = {
  init: "init-failed",
  plan: "plan-failed",
  drift: "plan-failed",
  apply: "apply-failed",
  destroy: "destroy-incomplete",
  // Both need no more than the state.
  output: "init-failed",
  unlock: "state-locked",
};

/** A cancelled run is clean only when terraform itself said the last word, and the state was stored and given back. */
function classifyEnd(run: FailedRun, fault: Fault | undefined): ClassifiedFailure {
  const killed = run.exitCode === undefined;
  const how = run.cancelled ? "was cancelled" : "was killed";
  const kept = fault?.words.test("Error releasing the state lock") === true;
  if (!killed && !isDropped(run) && !kept) {
    const message = `${run.command} ${how}${progressOf(run)}; terraform stored its state and gave back the lock.`;
    return {
      code: "cancelled-clean",
      message: `${message}\nTo do: plan and apply again to do the rest; a plan that was approved does not fit any more.`,
    };
  }
  const because = killed
    ? "terraform was ended by force"
    : kept
      ? "the state is stored, but its lock was not given back"
      : "terraform left in the middle of its work";
  const message = `${run.command} ${how}${progressOf(run)}: ${because}. The state may know less than there is, and may be locked.`;
  return {
    code: "cancelled-dirty",
    message: `${message}\nTo do: read the notes in the summary; then run it again. What "already exists" then has to be imported or deleted.`,
  };
}

/** What terraform says exactly five seconds after the second signal, when it leaves. */
function isDropped(run: FailedRun): boolean {
  return listErrors(run).some(({ summary }) => summary === "operation canceled");
}

function listErrors({ diagnostics, texts }: FailedRun): readonly Diagnostic[] {
  const all = [...diagnostics, ...readTextDiagnostics(texts.join("\n"))];
  return all.filter(({ severity }) => severity === "error");
}

/** The rest of a cancelled or failed run, which explains nothing. */
function isNoise({ summary, detail }: Diagnostic): boolean {
  return /^(?:execution halted|operation canceled)$/.test(summary) || /context canceled$/.test(detail || summary);
}

/** Reasons in the order of FAULTS come first, then errors that are explained, then the others. */
function rankOf(diagnostic: Diagnostic): number {
  const fault = explainDiagnostic(diagnostic);
  if (fault === undefined) return FAULTS.length * 2 + (isNoise(diagnostic) ? 1 : 0);
  return FAULTS.indexOf(fault) + (fault.code === undefined ? FAULTS.length : 0);
}

function progressOf({ done, total }: FailedRun): string {
  if (done === undefined) return "";
  return total === undefined || total === 0 ? ` after ${done} changes` : ` after ${done} of ${total} changes`;
}

const LONGEST_WORDS = 600;

/** What was printed last, where no error can be made out. */
function lastWords({ texts, exitCode }: FailedRun): string {
  const last = texts
    .flatMap((text) => text.split("\n"))
    .map((line) => line.trim())
    .findLast((line) => line !== "");
  return (last ?? `it ended with exit code ${exitCode} and without a word`).slice(0, LONGEST_WORDS).toWellFormed();
}
