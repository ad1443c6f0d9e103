import type { ObjectRef } from "../kubernetes/kube-object.ts";
import { nameOf } from "./group-causes.ts";
import { judge } from "./judge.ts";
import { kindOf, lookOver } from "./seen.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Part, Patience, Verdict } from "./verdict.ts";

/** A rollout over time. */
export interface RolloutTrack {
  readonly verdict: Verdict;
  readonly parts: readonly TrackedPart[];
}

/** A part, and when it came to what it is. */
export interface TrackedPart extends Part {
  readonly seenAt: Date;
  /** Since when it has been ready without a break. */
  readonly readyAt: Date | undefined;
  readonly failedAt: Date | undefined;
}

/**
 * Takes another look at a rollout.
 *
 * A Job that was done and is gone (`ttlSecondsAfterFinished`) stays done: `judge` alone would wait for it for ever.
 */
export function trackRollout(track: RolloutTrack | undefined, snapshot: Snapshot, patience: Patience): RolloutTrack {
  const before = new Map(track?.parts.map((part) => [keyOf(part.ref), part]));
  const seen = lookOver(snapshot);
  const isGone = (ref: ObjectRef): boolean =>
    kindOf(ref) === "batch/Job" && before.get(keyOf(ref))?.state === "ready" && seen.find(ref) === undefined;
  const judged = judge({ ...snapshot, wanted: snapshot.wanted.filter((ref) => !isGone(ref)) }, patience);
  const now = new Map(judged.parts.map((part) => [keyOf(part.ref), part]));
  const parts = snapshot.wanted.flatMap((ref) => {
    const key = keyOf(ref);
    const known = before.get(key);
    const part = now.get(key) ?? (isGone(ref) ? known : undefined);
    return part === undefined ? [] : [keepTime(part, known, snapshot.at)];
  });
  const plain = parts.map(({ ref, state, told }) => ({ ref, state, told }));
  return { verdict: { ...judged, parts: plain }, parts };
}

function keepTime({ ref, state, told }: Part, known: TrackedPart | undefined, at: Date): TrackedPart {
  return {
    ref,
    state,
    told,
    seenAt: known?.seenAt ?? at,
    readyAt: state === "ready" ? (known?.readyAt ?? at) : undefined,
    failedAt: state === "failed" ? (known?.failedAt ?? at) : undefined,
  };
}

function keyOf({ namespace = "", ...ref }: ObjectRef): string {
  return `${kindOf(ref)} ${namespace} ${nameOf(ref)}`;
}
