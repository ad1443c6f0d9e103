import type { ObjectRef } from "../kubernetes/kube-object.ts";

/** What became of a check. */
export type Outcome = "passed" | "failed" | "skipped";

export interface CheckResult {
  readonly name: string;
  /** `http`, `resources`, …; with `error ` before it where it must not hold. */
  readonly kind: string;
  readonly line: number;
  readonly outcome: Outcome;
  /** A failure that stops nothing. */
  readonly optional: boolean;
  /** It failed because nobody could look: of what it is about nothing is known. */
  readonly fault?: true;
  /** What had to be seen, in a line. */
  readonly expected: string;
  /** What was seen last, in a line. */
  readonly seen: string;
  /** How often was looked. */
  readonly tries: number;
  /** Milliseconds since the smoke test began. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What it looked at: whose evidence explains it. */
  readonly involved: readonly ObjectRef[];
  /** Parts of it that took time, such as those of a cold start. */
  readonly phases: readonly Phase[];
}

/** A part of a check's time, with what it may take. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined where nothing is said of it. */
  readonly budgetMs: number | undefined;
}

export interface StepResult {
  readonly name: string;
  readonly line: number;
  readonly tags: readonly string[];
  readonly outcome: Outcome;
  readonly checks: readonly CheckResult[];
  /** What `catch` read, without any secret. */
  readonly evidence: readonly { readonly title: string; readonly text: string }[];
}

export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly namespace: string;
  readonly outcome: Outcome;
  readonly steps: readonly StepResult[];
}

/** A whole run. */
export interface SmokeResult {
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly tests: readonly TestResult[];
}
