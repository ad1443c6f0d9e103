import type { CheckResult, SmokeResult, StepResult, TestResult } from "../result.ts";
import { countChecks, isFailure } from "../totals.ts";
import { escapeXml } from "./escape-xml.ts";

/**
 * A run as JUnit's XML, which every viewer of test results reads: a suite for each spec, a case for each check. A failure
 * that stops nothing is told as skipped, since viewers know no other word that does not turn them red.
 * https://github.com/testmoapp/junitxml
 */
export function renderJunit(result: SmokeResult): string {
  const suites = result.tests.map((test) => renderSuite(test, result.startedAt));
  const counts = countChecks(result.tests.flatMap(({ steps }) => steps));
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    open("testsuites", { name: "mayfly smoke test", ...attributes(counts), time: seconds(result.durationMs) }),
    ...suites,
    "</testsuites>",
  ].join("\n")}\n`;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function renderSuite({ name, file, steps }: TestResult, startedAt: Date): string {
  const checks = steps.flatMap((step) => step.checks);
  const toMs = Math.max(0, ...checks.map((check) => check.toMs));
  const fromMs = Math.min(toMs, ...checks.map((check) => check.fromMs));
  const timestamp = new Date(startedAt.getTime() + fromMs).toISOString();
  return [
    open("testsuite", { name, ...attributes(countChecks(steps)), time: seconds(toMs - fromMs), timestamp, file }),
    ...steps.flatMap((step) => renderStep(step, name, file)),
    "</testsuite>",
  ].join("\n");
}

function renderStep(step: StepResult, test: string, file: string): readonly string[] {
  const place = { classname: `${test}/${step.name}`, file };
  // A case that fails explains itself; a step without one has no place for what it read.
  const explained = step.checks.find(isFailure);
  return step.checks.map((check) => {
    const verdict = renderVerdict(check);
    const output = check === explained ? renderEvidence(step) : [];
    const { name, line, fromMs, toMs } = check;
    const head = { name, ...place, line, time: seconds(toMs - fromMs) };
    return [open("testcase", head), ...verdict, ...output, "</testcase>"].join("\n");
  });
}

function renderVerdict(check: CheckResult): readonly string[] {
  const { kind, outcome, optional, expected, seen, tries, phases } = check;
  if (outcome === "passed") return [];
  const told = `expected ${expected}; seen ${seen}`;
  if (outcome === "skipped") return [empty("skipped", { message: seen === "" ? undefined : seen })];
  if (optional) return [empty("skipped", { message: `optional: ${told}` })];
  const text = [
    `expected: ${expected}`,
    `seen: ${seen}`,
    `tries: ${tries}`,
    ...phases.map(({ name, toMs, fromMs, budgetMs }) => {
      const budget = budgetMs === undefined ? "" : ` of ${seconds(budgetMs)} s`;
      return `${name}: ${seconds(toMs - fromMs)} s${budget}`;
    }),
  ].join("\n");
  return [`${open("failure", { message: told, type: kind })}${escapeXml(text)}</failure>`];
}

function renderEvidence({ evidence }: StepResult): readonly string[] {
  if (evidence.length === 0) return [];
  const text = evidence.map(({ title, text: said }) => `== ${title}\n${said}`).join("\n\n");
  return [`<system-out>${escapeXml(text)}</system-out>`];
}

function attributes({ checks, failed, skipped, optional }: ReturnType<typeof countChecks>): Attributes {
  return { tests: checks, failures: failed, errors: 0, skipped: skipped + optional };
}

function open(name: string, given: Attributes): string {
  return `<${name}${renderAttributes(given)}>`;
}

function empty(name: string, given: Attributes): string {
  return `<${name}${renderAttributes(given)}/>`;
}

function renderAttributes(given: Attributes): string {
  return Object.entries(given)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${escapeXml(String(value))}"`))
    .join("");
}

function seconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1_000).toFixed(3);
}
