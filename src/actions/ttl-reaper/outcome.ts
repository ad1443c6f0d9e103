import type { Blocker } from "../../ttl/blockers.ts";

/** What became of a group that the plan wanted deleted. */
export type Outcome =
  /** The DELETE was sent; nothing more is known. Only a run that was killed ends here. */
  | { readonly kind: "asked" }
  /** ARM answered 202. `operation` is where it tells how the delete goes. */
  | { readonly kind: "accepted"; readonly operation?: string | undefined; readonly windowMs?: number }
  /** ARM says that there is no such group (404, verified after the delete). */
  | { readonly kind: "gone" }
  /** Somebody else was quicker: it was not there when its turn came. */
  | { readonly kind: "vanished" }
  | { readonly kind: "still-deleting"; readonly because: string }
  /** ARM refused the DELETE: a lock, a deny assignment, a missing right. Nothing was deleted. */
  | { readonly kind: "blocked"; readonly blockers: readonly Blocker[] }
  /** ARM began and gave up: part of what was in the group may be gone. */
  | { readonly kind: "rolled-back"; readonly blockers: readonly Blocker[] }
  /** It was gone, and stood there again: something recreates it. */
  | { readonly kind: "came-back" }
  /** It is not what the plan saw any more. */
  | { readonly kind: "changed"; readonly because: string }
  | { readonly kind: "not-started"; readonly because: string }
  | { readonly kind: "failed"; readonly because: string };

const FAILURES: ReadonlySet<Outcome["kind"]> = new Set(["blocked", "rolled-back", "came-back", "failed"]);

/** True for what makes the run fail. What is merely left for the next run does not. */
export function isFailure(outcome: Outcome): boolean {
  return FAILURES.has(outcome.kind);
}

/** One line that says how a group or namespace fared. */
export function describeOutcome(outcome: Outcome, by: "ARM" | "the cluster" = "ARM"): string {
  switch (outcome.kind) {
    case "asked":
      return `DELETE was sent, and the run ended before ${by}'s answer was known`;
    case "accepted":
      return `${by} accepted the delete`;
    case "gone":
      return `gone (${by} answers 404)`;
    case "vanished":
      return "was gone before its turn";
    case "still-deleting":
      return `still deleting: ${outcome.because}`;
    case "blocked":
      return `${by} refused: ${listCodes(outcome.blockers)}`;
    case "rolled-back":
      return `${by} gave up and rolled back: ${listCodes(outcome.blockers)}`;
    case "came-back":
      return "was gone and came back: something recreates it";
    case "changed":
      return `left alone, it changed since the plan: ${outcome.because}`;
    case "not-started":
      return `not started: ${outcome.because}`;
    case "failed":
      return `failed: ${outcome.because}`;
  }
}

function listCodes(blockers: readonly Blocker[]): string {
  return [...new Set(blockers.map((blocker) => blocker.code))].join(", ") || "no reason given";
}
