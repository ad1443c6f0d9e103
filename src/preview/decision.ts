/** What should become of a pull request's environment now. */
export type Verdict =
  /** There is none, and there should be one. */
  | "create"
  /** It is there, and should be brought to the head commit. */
  | "update"
  /** Nothing is to be done. */
  | "keep"
  | "destroy"
  /** There should be one, later: somebody has to allow it, or a place has to become free. */
  | "wait";

/** Why, as a stable word: outputs and tests go by it. */
export type DecisionCode =
  | "new"
  | "new-head"
  | "asked"
  | "up-to-date"
  | "nothing-there"
  | "not-about-previews"
  | "superseded"
  | "closed"
  | "label-missing"
  | "draft"
  | "destroyed-on-demand"
  /** Its end was asked for, and somebody wanted it back after that. */
  | "wanted-again"
  | "foreign"
  | "queued"
  | "deleting"
  /** A part of it says `auto-destroy=false`. */
  | "pinned"
  | "unseen";

export interface Decision {
  readonly verdict: Verdict;
  readonly code: DecisionCode;
  /** One sentence for people, without markdown. */
  readonly reason: string;
  /** Of `queued`: from 1 on. */
  readonly position?: number;
}
