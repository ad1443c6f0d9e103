import type { LockFacts } from "../../../src/terraform/decide-lock.ts";

/**
 * Says once more, in other words, what proves a lock stale: nothing here is shared with the code that decides. It
 * lists every doubt; only without any may a lock be released.
 */
export function listDoubts({ lock, note, run, now }: LockFacts): readonly string[] {
  const doubts: string[] = [];
  const doubt = (holds: boolean, words: string): void => {
    if (!holds) doubts.push(words);
  };
  doubt(lock !== undefined && lock.id.length > 0, "which lock");
  doubt(note !== undefined && note.runId >= 1, "which run");
  doubt(run !== undefined, "GitHub is silent");
  if (lock === undefined || note === undefined || run === undefined) return doubts;
  const [, machine] = /@([^@]+)$/.exec(lock.who) ?? [];
  doubt(machine !== undefined && machine === note.host, "another machine");
  doubt(note.runnerEnvironment === "github-hosted", "a machine that outlives its job");
  const sameAttempt = run.attempt === note.attempt;
  const laterAttempt = run.attempt > note.attempt;
  doubt((sameAttempt && run.status === "completed") || laterAttempt, "the run still goes on");
  const over = laterAttempt ? run.startedAt : sameAttempt ? run.endedAt : undefined;
  doubt(over !== undefined, "nobody knows the end");
  if (over === undefined || lock.created === undefined) return [...doubts, ...(lock.created ? [] : ["no time"])];
  const seconds = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
  doubt(seconds(note.startedAt, lock.created) >= -5, "older than the note");
  doubt(seconds(over, lock.created) <= 60, "younger than the run");
  doubt(seconds(over, now) >= 30, "the machine may still be there");
  return doubts;
}
