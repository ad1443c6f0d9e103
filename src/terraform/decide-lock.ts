import type { LockInfo } from "./lock-info.ts";
import type { RunNote } from "./run-note.ts";

/** One attempt of a workflow run, as GitHub tells it. */
export interface RunState {
  /** `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  readonly attempt: number;
  /** When this attempt began. */
  readonly startedAt?: Date | undefined;
  /** When it was over; undefined while it goes on, or when nobody told. */
  readonly endedAt?: Date | undefined;
}

/** What is known of a lock when somebody wants the state. */
export interface LockFacts {
  readonly lock: LockInfo | undefined;
  /** The note beside the state, read after the lock was seen; undefined when there is none, or an odd one. */
  readonly note: RunNote | undefined;
  /** What GitHub says of the attempt that the note names; undefined when it knows none, or did not say. */
  readonly run: RunState | undefined;
  readonly now: Date;
}

/** Only `stale` may be released. `held` is worth waiting for. */
export type LockVerdict =
  | { readonly kind: "stale"; readonly because: string }
  | { readonly kind: "held"; readonly because: string }
  | { readonly kind: "unproven"; readonly because: string };

/** The note and the lock are written by one machine; its clock may be set in between. */
const RUNNER_SKEW_MS = 5_000;
/** Between the runner's clock and GitHub's. */
const CLOCK_SKEW_MS = 60_000;
/** A run is over a little before its machine is: terraform's last write may still be under way. */
const SETTLE_MS = 30_000;

/**
 * Decides whether a lock was left behind by a run that is over. Releasing a lock under a living apply destroys a state,
 * so only a proof without a gap will do: the note names a run, GitHub says that this very attempt is over, the lock was
 * taken by the same machine between the note and the end of the run, and that machine ended with its job. Everything
 * else is somebody who holds it, or cannot be proven, and is said in words.
 */
export function decideLock({ lock, note, run, now }: LockFacts): LockVerdict {
  if (note === undefined || note.runId === 0 || note.host === "") {
    return unproven("no note beside the state names a run of GitHub's that could have left it");
  }
  if (lock === undefined || lock.id === "" || lock.created === undefined) {
    return unproven("the lock does not say whose it is and since when");
  }
  const who = `run #${note.runId}${note.attempt > 1 ? `, attempt ${note.attempt},` : ""} of ${note.repository}`;
  if (run === undefined) return unproven(`GitHub does not tell of ${who}`);
  if (!lock.who.endsWith(`@${note.host}`)) {
    return unproven(`the lock was taken by ${lock.who || "nobody knows whom"}, and ${who} ran on ${note.host}`);
  }
  // Comparisons ask for what has to hold: a date that is none is a doubt.
  if (!(lock.created.getTime() >= note.startedAt.getTime() - RUNNER_SKEW_MS)) {
    return unproven(`the lock is older than ${who}`);
  }
  if (run.attempt < note.attempt) return unproven(`GitHub does not tell of ${who}, only of attempt ${run.attempt}`);
  if (run.attempt === note.attempt && run.status !== "completed") {
    return { kind: "held", because: `held by ${who} (${note.command}, for ${span(now, lock.created)})` };
  }
  // Where GitHub tells of a later attempt, the one of the note was over when that began.
  const endedAt = run.attempt > note.attempt ? run.startedAt : run.endedAt;
  if (endedAt === undefined) return unproven(`${who} is over, but nobody knows since when`);
  return decideOver({ lock: { created: lock.created }, note, endedAt, who, now });
}

interface OverFacts {
  readonly lock: { readonly created: Date };
  readonly note: RunNote;
  readonly endedAt: Date;
  readonly who: string;
  readonly now: Date;
}

/** The run is over. Is the lock its own, and is nobody left who could write? */
function decideOver({ lock, note, endedAt, who, now }: OverFacts): LockVerdict {
  if (!(lock.created.getTime() <= endedAt.getTime() + CLOCK_SKEW_MS)) {
    return unproven(`the lock was taken after ${who} was over`);
  }
  if (note.runnerEnvironment === "self-hosted") {
    return unproven(
      `${who} is over, but ran on the self-hosted machine ${note.host}, where terraform may still be at work: ` +
        "see that none is, then unlock it by its id",
    );
  }
  const sinceMs = now.getTime() - endedAt.getTime();
  if (!(sinceMs >= SETTLE_MS)) {
    return { kind: "held", because: `${who} has only just ended: its machine is given ${SETTLE_MS / 1000}s to go` };
  }
  return { kind: "stale", because: `left behind by ${who} (${note.command}), which ended ${span(now, endedAt)} ago` };
}

function unproven(because: string): LockVerdict {
  return { kind: "unproven", because };
}

/** `2m`, `3h`: in the unit that people would use. */
function span(now: Date, since: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  if (seconds < 60) return `${seconds}s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}
