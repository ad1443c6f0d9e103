import { UserError } from "../../kit/user-error.ts";
import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import { oneLine } from "../../rollout/one-line.ts";
import type { Look } from "./look.ts";
import type { SmokeWorld } from "./world.ts";

/** There is no way to a place yet, or no answer from it. The message says in a line what was seen instead. */
export class Unreached extends Error {
  override readonly name = "Unreached";
  /** Whose state, events and logs may explain it. */
  readonly involved: readonly ObjectRef[];

  constructor(message: string, involved: readonly ObjectRef[] = [], options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.involved = involved;
  }
}

/**
 * What a check saw that reached nobody: it is looked at again, and proves nothing, not even in `error`. Any other error is
 * thrown on.
 */
export function lookUnreached(error: unknown, expected: string): Look {
  if (!(error instanceof Unreached)) throw error;
  return { state: "unseen", expected, seen: error.message, involved: error.involved };
}

/** A stream over a WebSocket is begun with GET; API servers ask for `create` in place of that, or besides. */
export const STREAM_VERBS = ["get", "create"] as const;

/** What was asked of the API server, for who has to allow it. */
export interface Right {
  /** `forward ports to pods`. */
  readonly what: string;
  readonly namespace: string;
  readonly group?: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** What does without it. */
  readonly instead?: string;
}

/**
 * A fault on the way to a place, as an Unreached; a right that is missing as a UserError, since waiting brings none.
 * Any other error as it is.
 */
export function explainWay(
  error: unknown,
  right: Right,
  involved: readonly ObjectRef[],
  world: Pick<SmokeWorld, "readRefusal" | "network">,
): unknown {
  const fault = world.network.readFault(error);
  if (fault !== undefined) return new Unreached(fault.message, involved, { cause: error });
  const refusal = world.readRefusal(error);
  // One that is too busy to answer says nothing of the place.
  if (refusal === undefined || refusal.status === 429) return error;
  if (refusal.status !== 403) return new Unreached(oneLine(refusal.message), involved, { cause: error });
  const { what, namespace, group = "", resource, verbs, instead } = right;
  return new UserError(
    "smoke-forbidden",
    [
      `The cluster does not let this job ${what} in the namespace "${namespace}": ${oneLine(refusal.message)}`,
      "To do: give whom the job logs in as a role there with this rule:",
      `  {apiGroups: [${JSON.stringify(group)}], resources: [${JSON.stringify(resource)}], verbs: ${JSON.stringify(verbs)}}`,
      ...(instead === undefined ? [] : [`Or ${instead}.`]),
    ].join("\n"),
    { cause: error },
  );
}
