import { UserError } from "../../kit/user-error.ts";
import type { SmokeResult } from "../../smoke/result.ts";
import { countAll, isFailure, listChecks, type PlacedCheck } from "../../smoke/totals.ts";
import { clip, count } from "../render-text.ts";
import type { SmokeWorld } from "./world.ts";

/** The platform shows ten errors of a step, and the step's own is one. */
const MOST_ANNOTATIONS = 9;
const MOST_LINES = 20;
const LONGEST_LINE = 1_000;

/** Annotates each check that failed at its line in the spec. */
export function annotateFailures(result: SmokeResult, log: Pick<SmokeWorld["log"], "error" | "warning">): void {
  const failed = listChecks(result).filter(({ check }) => check.outcome === "failed");
  for (const one of failed.filter(({ check }) => check.optional)) log.warning(say(one), place(one));
  for (const one of failed.filter(({ check }) => !check.optional).slice(0, MOST_ANNOTATIONS)) {
    log.error(say(one), place(one));
  }
}

function place({ test, step, check }: PlacedCheck) {
  return { title: clip(`${test.name}: ${step.name}`, 200), file: test.file, line: check.line };
}

function say({ check }: PlacedCheck): string {
  const { name, expected, seen, tries, fromMs, toMs } = check;
  const looked = `${count(tries, "look")} in ${((toMs - fromMs) / 1_000).toFixed(1)} s`;
  return clip(`${name}: expected ${expected}; seen: ${seen} (${looked})`, LONGEST_LINE);
}

/** What the step fails with, once something of a smoke test has failed. */
export function explainSmoke(result: SmokeResult, more: readonly string[] = []): UserError {
  const failed = listChecks(result).filter(({ check }) => isFailure(check));
  const { passed, skipped } = countAll(result);
  const lines = failed.map(({ test, step, check }) =>
    clip(
      `- ${step.name}: ${check.name} (${test.file}:${check.line}): expected ${check.expected}; seen: ${check.seen}`,
      LONGEST_LINE,
    ),
  );
  const left = lines.length - MOST_LINES;
  const others = skipped === 0 ? "" : `, ${skipped} were not taken`;
  const head =
    failed.length === 0
      ? `The smoke test failed (${passed} checks passed${others}).`
      : `${count(failed.length, "check")} of the smoke test failed (${passed} passed${others}):`;
  const text = [head, ...lines.slice(0, MOST_LINES), ...(left > 0 ? [`… and ${left} more`] : []), ...more];
  return new UserError("smoke-failed", text.join("\n"));
}
