import type { HelmCode } from "./helm-codes.ts";

/** Something wrong in what was given, in words: what it is, what was expected, and how to mend it. */
export interface Problem {
  /** Stable: the output `error-code`. */
  readonly code: HelmCode;
  readonly message: string;
}

/** A value that was read without doubt, or everything that is wrong with the text. */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly [Problem, ...Problem[]] };

/** A single problem, as the outcome of a parse. */
export function refuse(code: HelmCode, message: string): { readonly problems: readonly [Problem] } {
  return { problems: [{ code, message }] };
}

/** The value, unless there are problems. */
export function settle<T>(value: T, problems: readonly Problem[]): Parsed<T> {
  const [first, ...others] = problems;
  return first === undefined ? { value } : { problems: [first, ...others] };
}
