import { decide } from "../../smoke/pace.ts";
import type { CheckResult } from "../../smoke/result.ts";
import type { Check } from "../../smoke/smoke-test.ts";
import { beginCheck, type OpenCheck } from "./begin-check.ts";
import { explain, type Glance, lookOnce } from "./look-once.ts";
import { readStop, type Session, type Stop } from "./session.ts";
import { tellLine } from "./tell-line.ts";
import { QUIET_MS } from "./teller.ts";

/** The look that begins when the time is up may still be answered. */
const LAST_LOOK_MS = 1_000;
/** Changes come in flocks. */
const GATHER_MS = 40;
/** Where they never end, the cluster is not asked more often than this. */
const LOOKS_APART_MS = 200;

/** What a check came to, and what it gives to those after it. */
export interface Taken {
  readonly result: CheckResult;
  readonly captures: Readonly<Record<string, string>>;
}

/**
 * Takes a check: looks until it is decided, at each interval and with each change of what it asked the watches for.
 *
 * @param over ends it before its time, with a `Stop` as the reason
 */
export async function takeCheck(check: Check, session: Session, over: AbortSignal): Promise<Taken> {
  const { world, elapsed, teller } = session;
  const fromMs = elapsed();
  const ended = new AbortController();
  const late = new AbortController();
  const lastsMs = check.timeout + check.consistently + LAST_LOOK_MS;
  const until = AbortSignal.any([over, late.signal]);
  void world.sleep(lastsMs, ended.signal).then(() => late.abort());
  const seen = { glance: undefined as Glance | undefined, tries: 0, text: "nothing yet" };
  void tellWaiting();
  try {
    const open = beginCheck(check, session, {
      until,
      left: () => Math.max(0, Math.ceil(fromMs + lastsMs - elapsed())),
    });
    try {
      return finish(await decideInTime(open));
    } finally {
      await open.end();
    }
  } catch (error) {
    note({ ...explain(error, world, until), sight: "fault" });
    return finish("failed");
  } finally {
    ended.abort();
  }

  async function tellWaiting(): Promise<void> {
    for (;;) {
      await world.sleep(QUIET_MS, ended.signal);
      if (ended.signal.aborted || over.aborted) return;
      teller.waiting(check, elapsed() - fromMs, tellLine(world, seen.text));
    }
  }

  async function decideInTime({ probe, watches }: OpenCheck): Promise<CheckResult["outcome"]> {
    let since: number | undefined;
    for (;;) {
      watches.restart();
      const at = elapsed() - fromMs;
      const glance = await lookOnce(probe, world, until);
      seen.tries += 1;
      note(glance, at >= check.timeout);
      if (glance.sight === "fault") return "failed";
      const decision = decide(check, since, glance.sight, at);
      if (decision.outcome !== undefined) return decision.outcome;
      if (over.aborted) return stop();
      if (late.signal.aborted) return "failed";
      since = decision.since;
      await wait(decision.nextIn, watches.changed(), fromMs + at);
      if (over.aborted) return stop();
    }
  }

  /** Until it is time to look again, or something has changed. */
  async function wait(milliseconds: number, changed: Promise<void>, lookedAt: number): Promise<void> {
    const looked = new AbortController();
    const soon = changed.then(() => world.sleep(Math.max(GATHER_MS, lookedAt + LOOKS_APART_MS - elapsed()), until));
    await Promise.race([world.sleep(milliseconds, AbortSignal.any([until, looked.signal])), soon]);
    looked.abort();
  }

  /**
   * What was seen last stays, also when the next look sees nothing.
   *
   * @param isLast it had little time, and may have been cut off: then the look before knows more
   */
  function note(glance: Glance, isLast = false): void {
    const before = seen.glance?.look;
    const { look, sight, because } = glance;
    const sawNothing = look === undefined || (isLast && sight === "unseen" && look.seen !== before?.seen);
    const text = look?.seen ?? because;
    if (sawNothing && before !== undefined && sight !== "fault") seen.text = `${text}; before: ${before.seen}`;
    else seen.text = text;
    if (!sawNothing || before === undefined) seen.glance = glance;
  }

  function stop(): CheckResult["outcome"] {
    const { failed, because } = readStop(over);
    seen.text = `${because}; seen last: ${seen.text}`;
    return failed ? "failed" : "skipped";
  }

  function finish(outcome: CheckResult["outcome"]): Taken {
    const look = seen.glance?.look;
    const expected = look?.expected ?? check.name;
    const result: CheckResult = {
      name: check.name,
      kind: kindOf(check),
      line: check.line,
      outcome,
      ...(seen.glance?.sight === "fault" ? { fault: true } : {}),
      optional: check.optional,
      expected: tellLine(world, check.negated ? `not ${expected}` : expected),
      seen: tellLine(world, seen.text),
      tries: seen.tries,
      fromMs,
      toMs: elapsed(),
      involved: look?.involved ?? [],
      phases: look?.phases ?? [],
    };
    return { result, captures: outcome === "passed" ? (look?.captures ?? {}) : {} };
  }
}

/** A check that nobody takes. */
export function skipCheck(check: Check, { failed, because }: Stop, atMs: number): CheckResult {
  const { name, line, optional } = check;
  const nothing = { expected: name, tries: 0, fromMs: atMs, toMs: atMs, involved: [], phases: [] };
  const outcome = failed ? "failed" : "skipped";
  return { name, kind: kindOf(check), line, optional, outcome, seen: because, ...nothing };
}

function kindOf({ kind, negated }: Check): string {
  return negated ? `error ${kind}` : kind;
}
