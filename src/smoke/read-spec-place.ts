import type { Path } from "./read-spec-tree.ts";
import { CHECK_KINDS } from "./spec/check-kinds.ts";

/** Which check a place of a spec belongs to. */
export interface CheckPlace {
  /** Of the check itself. */
  readonly path: Path;
  /** `http`, `resources`, … */
  readonly kind: string;
  /** It must not hold. */
  readonly negated: boolean;
  /** Keys and indexes inside of what the spec says of it. */
  readonly inside: Path;
  /** When it is taken: step, then `try` (0) or `finally` (1), then the position; side by side it is the same. */
  readonly turn: readonly [step: number, part: number, position: number];
}

/** The check that a place is in, below the key of its kind; undefined of any other place. */
export function findCheck(path: Path): CheckPlace | undefined {
  const [spec, steps, step, part, position, ...below] = path;
  if (spec !== "spec" || steps !== "steps" || typeof step !== "number" || typeof position !== "number")
    return undefined;
  if (part !== "try" && part !== "finally") return undefined;
  const aside = below[0] === "parallel" && typeof below[1] === "number" ? 2 : 0;
  const negated = below[aside] === "error";
  const kindAt = aside + (negated ? 1 : 0);
  const kind = below[kindAt];
  if (typeof kind !== "string" || !Object.hasOwn(CHECK_KINDS, kind)) return undefined;
  return {
    path: path.slice(0, 5 + aside),
    kind,
    negated,
    inside: below.slice(kindAt + 1),
    turn: [step, part === "try" ? 0 : 1, position],
  };
}

/** Whether one check is over when the other begins. */
export function isBefore(one: CheckPlace, other: CheckPlace): boolean {
  const index = one.turn.findIndex((each, at) => each !== other.turn[at]);
  return index >= 0 && (one.turn[index] ?? 0) < (other.turn[index] ?? 0);
}
