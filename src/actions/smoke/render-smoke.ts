import { details, fenced, type Section, table } from "../../kit/markdown.ts";
import type { CheckResult, SmokeResult } from "../../smoke/result.ts";
import { countAll, isFailure, listChecks, type PlacedCheck } from "../../smoke/totals.ts";
import { clean, clip, count, span, words } from "../render-text.ts";
import { renderSeconds } from "./render-seconds.ts";
import { renderSmokeTimes } from "./render-smoke-times.ts";

/** Characters of one piece of evidence that stand in the summary. */
const MOST_EVIDENCE = 6_000;
const LONGEST_SEEN = 600;

/** `12 of 14 checks passed in 42 s`, without a mark. */
export function sayTotals(result: SmokeResult): string {
  const { checks, passed, failed, skipped, optional } = countAll(result);
  const parts = [
    failed === 0
      ? `${count(passed, "check")} passed`
      : `${failed + optional} of ${count(checks - skipped, "check")} failed`,
    ...(optional === 0 ? [] : [failed === 0 ? `${optional} optional failed` : `${optional} of them optional`]),
    ...(skipped === 0 ? [] : [`${skipped} not taken`]),
  ];
  return `${parts.join(", ")} in ${renderSeconds(result.durationMs)}`;
}

/** A run as sections of a page: what failed, all checks, and where the time went. */
export function listSmokeSections(result: SmokeResult): readonly Section[] {
  return [...renderFailures(result), ...renderChecks(result), ...renderTimes(result)];
}

function renderFailures(result: SmokeResult): readonly Section[] {
  const failed = listChecks(result).filter(({ check }) => check.outcome === "failed");
  if (failed.length === 0) return [];
  const rows = failed.map(({ test, step, check }) =>
    renderRow([
      `${markOf(check)} ${words(nameStep({ test, step }, result))}: ${span(check.name)}`,
      words(check.expected, LONGEST_SEEN),
      words(check.seen, LONGEST_SEEN),
      String(check.tries),
      span(`${test.file}:${check.line}`),
    ]),
  );
  return [{ text: table(["Failed", "Expected", "Seen at last", "Looks", "Spec"], []), rows }];
}

function renderChecks(result: SmokeResult): readonly Section[] {
  const rows = listChecks(result).map(({ test, step, check }) =>
    renderRow([
      markOf(check),
      words(nameStep({ test, step }, result)),
      span(check.name),
      check.outcome === "skipped" ? "" : renderSeconds(check.toMs - check.fromMs),
      check.outcome === "skipped" ? "" : String(check.tries),
    ]),
  );
  if (rows.length === 0) return [];
  const omitted = (missing: number): string => `… and ${missing} more checks; the reports have them all.`;
  return [{ text: table(["", "Step", "Check", "Time", "Looks"], []), rows, omitted }];
}

function renderTimes(result: SmokeResult): readonly Section[] {
  const text = renderSmokeTimes(result);
  return text === "" ? [] : [{ text }];
}

/** What explains the failures, each piece folded. */
export function listEvidenceSections(result: SmokeResult): readonly Section[] {
  return result.tests.flatMap((test) =>
    test.steps.flatMap((step) =>
      step.evidence
        .filter(({ text }) => text.trim() !== "")
        .map(({ title, text }) => ({
          text: details(
            clean(clip(`${nameStep({ test, step }, result)}: ${title}`, LONGEST_SEEN)),
            fenced(clean(text.slice(-MOST_EVIDENCE))),
          ),
        })),
    ),
  );
}

function nameStep({ test, step }: Pick<PlacedCheck, "test" | "step">, { tests }: SmokeResult): string {
  return tests.length === 1 ? step.name : `${test.name}: ${step.name}`;
}

function markOf(check: CheckResult): string {
  if (check.outcome === "passed") return "✅";
  if (check.outcome === "skipped") return "⏭️";
  return isFailure(check) ? "❌" : "⚠️";
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
