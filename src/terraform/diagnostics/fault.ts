import type { FailureCode } from "../failure-reason.ts";

/** What a diagnostic means, known by its words. */
export interface Fault {
  /** Undefined where the command that failed is reason enough: `plan-failed`, `apply-failed`, … */
  readonly code?: FailureCode;
  readonly words: RegExp;
  readonly because: string;
  readonly mend: string;
}
