import type { ReleaseRecord } from "./release-record.ts";
import type { RunFacts, RunLabels } from "./run-labels.ts";

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

/** What is known of a release's newest revision when somebody wants to deploy. */
export interface LockFacts {
  readonly record: Pick<ReleaseRecord, "revision" | "status" | "deployedAt">;
  /** Who made it; undefined where its labels do not say. */
  readonly labels: RunLabels | undefined;
  /** Who asks. */
  readonly job: Pick<RunFacts, "repositoryId">;
  /** What GitHub says of the attempt in the labels; undefined when it knows none, or was not asked. */
  readonly run: RunState | undefined;
  readonly now: Date;
  readonly policy: "clear-stale" | "wait" | "fail";
}

/**
 * `clear` means to delete the Secret of the newest revision, and nothing else: what it made in the cluster stays, and
 * the next revision takes it over. `finish` means to uninstall what somebody began to uninstall.
 */
export interface LockDecision {
  readonly do: "go" | "wait" | "clear" | "finish" | "refuse";
  /** In words, without a full stop; empty for `go`. */
  readonly why: string;
}

/** Between the cluster's clock or the runner's, and GitHub's. */
const CLOCK_SKEW_MS = 60_000;
/** A run is over a little before its machine is: helm's last write may still be under way. */
const SETTLE_MS = 30_000;

/**
 * Decides whether a release may be worked on. Clearing a pending release under a living helm ends with two that write at
 * once, so only a proof without a gap will do: the labels were written for this very revision, by a run of this
 * repository, that GitHub says is over, on a machine that ended with it, and the revision began while it ran.
 */
export function decideLock(facts: LockFacts): LockDecision {
  const { status } = facts.record;
  // The labels of whoever deployed it say nothing of who takes it away.
  if (status === "uninstalling" && facts.labels?.uninstalling !== true) {
    return { do: "refuse", why: "somebody takes it away, or was cut off while doing so: helm uninstall ends that" };
  }
  if (status === "unknown") return { do: "refuse", why: "helm itself does not know in what state it is" };
  if (!status.startsWith("pending-") && status !== "uninstalling") return { do: "go", why: "" };
  const holder = findHolder(facts);
  if (facts.policy === "fail") return { do: "refuse", why: holder.why };
  if (holder.kind === "stale") {
    // Nobody is left who would end it: waiting would be in vain.
    const end = status === "uninstalling" ? "finish" : "clear";
    return { do: facts.policy === "clear-stale" ? end : "refuse", why: holder.why };
  }
  return { do: holder.kind === "held" || facts.policy === "wait" ? "wait" : "refuse", why: holder.why };
}

interface Holder {
  readonly kind: "stale" | "held" | "unproven";
  readonly why: string;
}

function findHolder({ record, labels, job, run, now }: LockFacts): Holder {
  if (labels === undefined) return unproven("no label says which run did it");
  if (labels.revision !== record.revision) {
    return unproven(
      `its labels are those of revision ${labels.revision}: somebody made revision ${record.revision} without any`,
    );
  }
  const who = `run #${labels.runId}${labels.attempt > 1 ? `, attempt ${labels.attempt}` : ""}`;
  if (labels.repositoryId !== job.repositoryId) {
    return unproven(`${who} is of another repository (id ${labels.repositoryId}), which this job cannot ask about`);
  }
  if (run === undefined) return unproven(`GitHub does not tell of ${who} (github-token needs actions: read)`);
  if (run.attempt < labels.attempt) return unproven(`GitHub does not tell of ${who}, only of attempt ${run.attempt}`);
  if (run.attempt === labels.attempt && run.status !== "completed") {
    return { kind: "held", why: `${who} (job ${labels.job || "unknown"}) works on it` };
  }
  // Where GitHub tells of a later attempt, the one of the labels was over when that began.
  const endedAt = run.attempt > labels.attempt ? run.startedAt : run.endedAt;
  if (endedAt === undefined) return unproven(`${who} is over, but nobody knows since when`);
  return findOver({ record, labels, who, endedAt, now });
}

interface OverFacts extends Pick<LockFacts, "record" | "now"> {
  readonly labels: RunLabels;
  readonly who: string;
  readonly endedAt: Date;
}

/** The run is over. Is the revision its own, and is nobody left who could write? */
function findOver({ record, labels, who, endedAt, now }: OverFacts): Holder {
  const beganAt = Date.parse(record.deployedAt);
  // Comparisons ask for what has to hold: a date that is none is a doubt.
  if (!(beganAt <= endedAt.getTime() + CLOCK_SKEW_MS)) return unproven(`it began after ${who} was over`);
  if (labels.runnerEnvironment === "self-hosted") {
    return unproven(`${who} is over, but ran on a self-hosted machine, where helm may still be at work`);
  }
  const sinceMs = now.getTime() - endedAt.getTime();
  if (!(sinceMs >= SETTLE_MS)) {
    return { kind: "held", why: `${who} has only just ended: its machine is given ${SETTLE_MS / 1000}s to go` };
  }
  return { kind: "stale", why: `${who} left it behind, and ended ${span(sinceMs)} ago` };
}

function unproven(why: string): Holder {
  return { kind: "unproven", why };
}

/** `2m`, `3h`: in the unit that people would use. */
function span(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}
