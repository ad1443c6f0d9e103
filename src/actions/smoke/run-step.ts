import type { CheckResult, StepResult } from "../../smoke/result.ts";
import type { Check, Operation, Removal, Step } from "../../smoke/smoke-test.ts";
import { isFailure } from "../../smoke/totals.ts";
import { collectEvidence } from "./collect-evidence.ts";
import { removeObject } from "./remove-object.ts";
import { readStop, type Session, type Stop } from "./session.ts";
import { skipCheck, takeCheck } from "./take-check.ts";

/**
 * Takes a step: its checks one after another until one fails, then what explains the failure, then its end, which is
 * always done: also when the job was cancelled or the time is up, as far as the seconds that are left then allow.
 */
export async function runStep(step: Step, session: Session): Promise<StepResult> {
  const { over, teller } = session;
  const tried: CheckResult[] = [];
  for (const operation of step.try) {
    const untaken = tried.some(isFailure) ? AFTER_FAILURE : over.aborted ? readStop(over) : undefined;
    tried.push(...(await perform(operation, session, over, untaken)));
  }
  const failed = tried.filter(({ outcome }) => outcome === "failed");
  const evidence = failed.length > 0 ? await collectEvidence(step.catch, failed, session) : [];
  const ended = await end(step, session);
  const checks = [...tried, ...ended];
  for (const { title } of evidence) teller.say(`  kept: ${title}`);
  return { name: step.name, line: step.line, tags: step.tags, outcome: sumUp(checks), checks, evidence };
}

const TOO_LATE: Stop = { failed: true, because: "no time was left for it" };
const AFTER_FAILURE: Stop = { failed: false, because: "an earlier check of the step has failed" };

/** A step that is not begun, so that its end is not done either. */
export function skipStep(step: Step, stop: Stop, session: Session): StepResult {
  const atMs = session.elapsed();
  const checks = step.try.flatMap(listChecks).map((check) => skipCheck(check, stop, atMs));
  session.teller.say(`  - not taken: ${stop.because}`);
  return { name: step.name, line: step.line, tags: step.tags, outcome: sumUp(checks), checks, evidence: [] };
}

/** The checks of an entry of a spec: those that are taken side by side, or the one; none where something is taken away. */
export function listChecks(operation: Operation | Removal): readonly Check[] {
  if (operation.kind === "delete") return [];
  return operation.kind === "parallel" ? operation.checks : [operation];
}

function sumUp(checks: readonly CheckResult[]): StepResult["outcome"] {
  if (checks.some(isFailure)) return "failed";
  return checks.some(({ outcome }) => outcome === "skipped") ? "skipped" : "passed";
}

/** @param untaken why it is not taken */
async function perform(
  operation: Operation,
  session: Session,
  over: AbortSignal,
  untaken: Stop | undefined,
): Promise<readonly CheckResult[]> {
  const { elapsed, teller, values } = session;
  const take = async (check: Check): Promise<CheckResult> => {
    const { result, captures } =
      untaken === undefined
        ? await takeCheck(check, session, over)
        : { result: skipCheck(check, untaken, elapsed()), captures: {} };
    for (const [name, value] of Object.entries(captures)) values.set(name, value);
    teller.ended(result);
    return result;
  };
  return Promise.all(listChecks(operation).map(take));
}

/** Nothing that fails here keeps the rest from being done. */
async function end(step: Step, session: Session): Promise<readonly CheckResult[]> {
  const { world, lasting, teller } = session;
  const calm: Session = {
    ...session,
    world: {
      ...world,
      cancelled: lasting,
      cluster: world.lastingCluster,
      sleep: (milliseconds, until = lasting) => world.sleep(milliseconds, until),
    },
  };
  const done: CheckResult[] = [];
  for (const operation of step.finally) {
    if (operation.kind !== "delete") {
      done.push(...(await perform(operation, calm, lasting, lasting.aborted ? TOO_LATE : undefined)));
      continue;
    }
    const result = await removeObject(operation, calm);
    teller.ended(result);
    done.push(result);
  }
  return done;
}
