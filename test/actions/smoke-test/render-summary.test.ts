import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderSummary } from "../../../src/actions/smoke-test/render-summary.ts";
import type { Story } from "../../../src/actions/smoke-test/story.ts";
import { check, run, step } from "../../smoke/report/results.ts";
import { expectHarmless, expectPicture, HOSTILE } from "../hostile-page.ts";
import { strangeResult } from "../smoke/strange-result.ts";

const BUDGET = 1_048_576;

const passed = run([step({ name: "rollout" }), step({ name: "api", checks: [check({ toMs: 1_200, tries: 3 })] })]);
const failed = run([
  step({
    name: "api",
    outcome: "failed",
    checks: [check(), check({ outcome: "failed", line: 14, seen: "503, no endpoints", tries: 61, toMs: 60_000 })],
    evidence: [{ title: "logs of pod/api-1", text: "panic: no database" }],
  }),
  step({ name: "queue", outcome: "skipped", checks: [check({ outcome: "skipped" })] }),
]);

function story(more: Partial<Story> = {}): Story {
  return { result: passed, release: undefined, back: undefined, notes: [], cancelled: false, ...more };
}

describe("the summary of a smoke test", () => {
  test("says in its first line that all passed, and in how long", () => {
    expect(renderSummary(story(), BUDGET).split("\n")[0]).toBe("### Smoke test: ✅ 2 checks passed in 2.5 s");
  });

  test("names the release and its revision", () => {
    const release = { name: "shop", namespace: "pr-12", revision: 4 };
    expect(renderSummary(story({ release }), BUDGET)).toMatch(/^### Smoke test of `shop` revision 4: ✅/);
  });

  test("of one that failed says what was seen, where it stands in the spec, and folds what explains it", () => {
    const page = renderSummary(story({ result: failed }), BUDGET);

    expect(page.split("\n")[0]).toBe("### Smoke test: ❌ 1 of 2 checks failed, 1 not taken in 2.5 s");
    const row = page.split("\n").find((line) => line.includes("503"));
    expect(row).toBe(
      "| ❌ api: `http service://api:80/healthz` | status 200 | 503, no endpoints | 61 | `smoke/web.yaml:14` |",
    );
    expect(page).toContain("<details><summary>api: logs of pod/api-1</summary>\n\n```\npanic: no database\n```");
  });

  test("lists each check with its time and how often was looked", () => {
    const page = renderSummary(story({ result: failed }), BUDGET);

    expect(page).toContain("| ✅ | api | `http service://api:80/healthz` | 120 ms | 1 |");
    expect(page).toContain("| ❌ | api | `http service://api:80/healthz` | 1m | 61 |");
    expect(page).toContain("| ⏭️ | queue | `http service://api:80/healthz` |  |  |");
  });

  test("draws steps, long checks and the phases of a cold start, those over their budget in red", () => {
    const phases = [
      { name: "active", fromMs: 1_000, toMs: 3_000, budgetMs: 5_000 },
      { name: "done", fromMs: 1_000, toMs: 60_000, budgetMs: 30_000 },
    ];
    const result = run([step({ name: "cold", checks: [check({ kind: "coldstart", phases, toMs: 61_000 })] })]);
    const picture = /```mermaid\n([\s\S]*?)\n```/.exec(renderSummary(story({ result }), BUDGET))?.[1] ?? "";

    expectPicture(picture);
    expect(picture).toContain("  section steps\n    cold :done, 00:00:00.000, 00:01:01.000");
    expect(picture).toContain(
      "  section cold start\n    active :done, 00:00:01.000, 00:00:03.000\n    done :crit, 00:00:01.000, 00:01:00.000",
    );
  });

  test("tells both versions after a rollback", () => {
    const page = renderSummary(story({ result: failed, back: { target: 3, result: passed } }), BUDGET);

    expect(page).toMatch(/^### Smoke test: ❌ .*; ↩️ rolled back to revision 3\n/);
    expect(page).toContain("#### After going back to revision 3: ✅ 2 checks passed in 2.5 s");
  });

  test("does not count as failed what only an optional check has seen", () => {
    const optional = check({ name: "nice to have", outcome: "failed", optional: true });
    const page = renderSummary(story({ result: run([step({ checks: [check({}), optional] })]) }), BUDGET);

    expect(page.split("\n")[0]).toBe("### Smoke test: ✅ 1 check passed, 1 optional failed in 2.5 s");
  });

  test("says that it was cancelled", () => {
    expect(renderSummary(story({ cancelled: true }), BUDGET)).toMatch(/^### Smoke test: 🚫 cancelled, 2 checks passed/);
  });

  test("obeys nothing of what a stranger has written", () => {
    for (const text of HOSTILE) {
      const strange = strangeResult(text);
      const back = { target: 3, result: strange };
      expectHarmless(
        renderSummary(
          { ...story({ result: strange, back, notes: [text] }), release: { name: text, namespace: text, revision: 1 } },
          BUDGET,
        ),
      );
    }
  });

  test("keeps within its budget with a thousand checks and long texts", () => {
    const checks = Array.from({ length: 1_000 }, (_, index) =>
      check({ name: `check ${index}`, seen: "é".repeat(5_000), outcome: index % 2 === 0 ? "failed" : "passed" }),
    );
    const evidence = Array.from({ length: 200 }, () => ({ title: "logs", text: "x".repeat(200_000) }));
    const result = run([step({ outcome: "failed", checks, evidence })]);
    fc.assert(
      fc.property(fc.integer({ min: 100, max: BUDGET }), (budget) => {
        expect(Buffer.byteLength(renderSummary(story({ result }), budget))).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 25 },
    );
    expect(renderSummary(story({ result }), BUDGET)).toMatch(/^### Smoke test: ❌ 500 of 1000 checks failed/);
  });
});
