import type { ImageCode } from "./image-codes.ts";

/** Something wrong in what was given, in words: what it is, what was expected, and how to mend it. */
export interface Problem {
  /** Stable: the output `error-code`. */
  readonly code: ImageCode;
  readonly message: string;
  /** Where it stands, for an annotation; the line counts from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** A value that was read without doubt, or everything that is wrong with the text. */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly [Problem, ...Problem[]] };

/** A single problem, as the outcome of a parse. */
export function refuse(code: ImageCode, message: string): { readonly problems: readonly [Problem] } {
  return { problems: [{ code, message }] };
}

/** All values, or the problems of all that have some. */
export function collect<T>(parsed: readonly Parsed<T>[]): Parsed<readonly T[]> {
  const [first, ...others] = parsed.flatMap((one) => ("problems" in one ? one.problems : []));
  if (first !== undefined) return { problems: [first, ...others] };
  return { value: parsed.flatMap((one) => ("value" in one ? [one.value] : [])) };
}
