import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import type { Sight } from "../../smoke/pace.ts";
import type { Phase } from "../../smoke/result.ts";
import type { PayloadOf } from "../../smoke/smoke-test.ts";
import type { CheckKind } from "../../smoke/spec/check-kinds.ts";
import type { Scope } from "./scope.ts";

/** What one look at the world gave. */
export interface Look {
  /**
   * `never`: nothing that may still come makes it true, so that nobody waits. `unseen`: whom it asks did not answer,
   * which does not prove either that it is not so, as a check in `error` wants it.
   */
  readonly state: Sight;
  /** What has to be seen, in a line: `status 200`. */
  readonly expected: string;
  /** What is seen, in a line: `503, no endpoints available for service "api"`. */
  readonly seen: string;
  /** Whose state, events and logs explain it. */
  readonly involved?: readonly ObjectRef[];
  /** Values for later checks, by name. */
  readonly captures?: Readonly<Record<string, string>>;
  /** Milliseconds since the smoke test began. */
  readonly phases?: readonly Phase[];
}

/** A check that is being taken. It may remember what it saw before. */
export interface Probe {
  /**
   * Looks once. What may pass (no answer, not there yet) is a look that says `not-yet`.
   *
   * @throws UserError for what no waiting mends and what is not the deployed thing's fault, such as a missing right
   */
  look(): Promise<Look>;
  /** Lets go of what it holds. */
  end?(): Promise<void>;
}

/** A kind of check. */
export interface Checker<K extends CheckKind> {
  /** Called for every check of a test before its first step begins, such as to watch what will come. */
  prepare?(payload: PayloadOf<K>, scope: Scope): Promise<void>;
  begin(payload: PayloadOf<K>, scope: Scope): Probe;
}
