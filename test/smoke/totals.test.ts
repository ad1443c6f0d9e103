import { describe, expect, test } from "@jest/globals";
import { countAll, findSlowest, hasFailed, listChecks, measureColdStart } from "../../src/smoke/totals.ts";
import { check, run, step } from "./report/results.ts";

const phase = (fromMs: number, toMs: number) => ({ name: "done", fromMs, toMs, budgetMs: undefined });

describe("a run as a whole", () => {
  test("lists its checks in the order of the spec, with where each stands", () => {
    const result = run([step({ name: "one", checks: [check({ name: "a" }), check({ name: "b" })] }), step()]);
    expect(listChecks(result).map((one) => `${one.step.name}/${one.check.name}`)).toEqual([
      "one/a",
      "one/b",
      "api/http service://api:80/healthz",
    ]);
    expect(countAll(result)).toMatchObject({ checks: 3, passed: 3, failed: 0 });
  });

  test("has failed when a test has, whatever its checks say", () => {
    expect(hasFailed(run([step({ outcome: "failed", checks: [] })]))).toBe(true);
    expect(hasFailed(run([step({ checks: [check({ outcome: "failed", optional: true })] })]))).toBe(false);
  });

  test("names the check that took longest, and none that was not taken", () => {
    const checks = [
      check({ name: "short", fromMs: 5_000, toMs: 5_100 }),
      check({ name: "long", fromMs: 0, toMs: 900 }),
      check({ name: "never", outcome: "skipped", fromMs: 0, toMs: 99_000 }),
    ];
    expect(findSlowest(run([step({ checks })]))?.check.name).toBe("long");
    expect(findSlowest(run([step({ checks: [check({ outcome: "skipped" })] })]))).toBeUndefined();
  });

  test("measures the longest cold start from its message to its last phase", () => {
    const start = (...phases: readonly ReturnType<typeof phase>[]) => check({ kind: "coldstart", phases });
    const checks = [start(phase(100, 900), phase(100, 4_100)), start(phase(5_000, 6_000)), check()];
    expect(measureColdStart(run([step({ checks })]))).toBe(4_000);
    expect(measureColdStart(run([step({ checks: [start()] })]))).toBeUndefined();
  });
});
