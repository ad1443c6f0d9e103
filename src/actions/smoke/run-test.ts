import type { CheckResult, StepResult, TestResult } from "../../smoke/result.ts";
import { isSelected, type Selection } from "../../smoke/select.ts";
import type { SmokeTest, Step } from "../../smoke/smoke-test.ts";
import { prepareCheck } from "./begin-check.ts";
import { explain } from "./look-once.ts";
import { readSecrets } from "./read-secrets.ts";
import { listChecks, runStep, skipStep } from "./run-step.ts";
import { type Run, readStop, type Session, type Stop } from "./session.ts";
import { tellLine, tellSeconds } from "./tell-line.ts";
import { createTeller } from "./teller.ts";

/** How long a test is held up by what its checks get ready. */
const PREPARE_MS = 10_000;

/** Takes a test: its steps one after another, until one fails. */
export async function runTest(test: SmokeTest, run: Run, selection: Selection, alone: boolean): Promise<TestResult> {
  const { world, elapsed } = run;
  const memory = { publishedAtMs: undefined, held: new Map() };
  const teller = createTeller(world, alone);
  const session: Session = { ...run, test, memory, values: new Map(), teller };
  const fromMs = elapsed();
  const work = async (): Promise<TestResult> => {
    try {
      const steps = await runSteps(session, selection);
      const { file, name, namespace } = test;
      return { file, name, namespace, outcome: sumUp(steps, selection), steps };
    } finally {
      await Promise.allSettled([...memory.held.values()].map((held) => held.end()));
    }
  };
  const title = tellLine(world, `${test.name} (${test.file})`);
  return teller.run(title, work, (result) => `${tellTest(title, result)} in ${tellSeconds(elapsed() - fromMs)}`);
}

const NOT_CHOSEN: Stop = { failed: false, because: "its tags are not asked for" };
const WITHOUT_SECRETS: Stop = { failed: false, because: "the test's secrets cannot be read" };

async function runSteps(session: Session, selection: Selection): Promise<readonly StepResult[]> {
  const { test, teller, over, fail } = session;
  const chosen = new Set(test.steps.filter(({ tags }) => isSelected(tags, selection)));
  const unready = chosen.size === 0 ? undefined : await prepare(session, chosen);
  if (unready !== undefined) {
    fail(test.name);
    return [unready, ...test.steps.map((step) => skipStep(step, WITHOUT_SECRETS, session))];
  }
  const results: StepResult[] = [];
  let failed: string | undefined;
  for (const step of test.steps) {
    teller.step(step.name);
    const stop = !chosen.has(step)
      ? NOT_CHOSEN
      : failed !== undefined
        ? { failed: false, because: `step ${JSON.stringify(failed)} has failed` }
        : over.aborted
          ? readStop(over)
          : undefined;
    const result = stop === undefined ? await runStep(step, session) : skipStep(step, stop, session);
    results.push(result);
    if (result.outcome !== "failed") continue;
    failed ??= step.name;
    fail(test.name);
  }
  return results;
}

/** @returns what failed, as a step of its own */
async function prepare(session: Session, chosen: ReadonlySet<Step>): Promise<StepResult | undefined> {
  const { test, world, over, elapsed, teller } = session;
  const fromMs = elapsed();
  try {
    await readSecrets(session);
  } catch (error) {
    const result: CheckResult = {
      name: "secrets",
      kind: "secrets",
      line: test.secrets[0]?.line ?? 1,
      outcome: "failed",
      fault: true,
      optional: false,
      expected: "the values of the spec's secrets",
      seen: tellLine(world, explain(error, world, over).because),
      tries: 1,
      fromMs,
      toMs: elapsed(),
      involved: [],
      phases: [],
    };
    teller.ended(result);
    return { name: "secrets", line: result.line, tags: [], outcome: "failed", checks: [result], evidence: [] };
  }
  const ready = new AbortController();
  const until = AbortSignal.any([over, ready.signal]);
  const limits = { until, left: () => Math.max(0, Math.ceil(fromMs + PREPARE_MS - elapsed())) };
  const checks = [...chosen].flatMap((step) => [...step.try, ...step.finally].flatMap(listChecks));
  const prepared = Promise.all(checks.map((check) => prepareCheck(check, session, limits)));
  await Promise.race([prepared, world.sleep(PREPARE_MS, until)]);
  ready.abort();
  return undefined;
}

/** Only what was seen through has passed. */
function sumUp(steps: readonly StepResult[], selection: Selection): TestResult["outcome"] {
  if (steps.some(({ outcome }) => outcome === "failed")) return "failed";
  const chosen = steps.filter(({ tags }) => isSelected(tags, selection));
  return chosen.length > 0 && chosen.every(({ outcome }) => outcome === "passed") ? "passed" : "skipped";
}

function tellTest(title: string, { steps }: TestResult): string {
  const checks = steps.flatMap((step) => step.checks);
  const count = (outcome: CheckResult["outcome"]): number => checks.filter((check) => check.outcome === outcome).length;
  const counts = (["passed", "failed", "skipped"] as const).map((outcome) => [count(outcome), outcome] as const);
  return `${title}: ${counts.flatMap(([many, outcome]) => (many > 0 ? [`${many} ${outcome}`] : [])).join(", ")}`;
}
