import { expect, test } from "@jest/globals";
import { renderReport } from "../../../src/smoke/report/json.ts";
import { check, run, step } from "./results.ts";

test("tells all of a run, with its counts and its version", () => {
  const result = run([
    step({
      outcome: "failed",
      tags: ["fast"],
      checks: [
        check(),
        check({ outcome: "failed", fromMs: 100, toMs: 350, involved: [{ apiVersion: "v1", kind: "Pod", name: "a" }] }),
        check({ outcome: "failed", optional: true }),
        check({ outcome: "skipped" }),
      ],
      evidence: [{ title: "logs of pod/a", text: "line" }],
    }),
  ]);
  const report = JSON.parse(renderReport(result));
  expect(report).toMatchObject({
    apiVersion: "mayfly/v1alpha1",
    kind: "SmokeReport",
    outcome: "failed",
    startedAt: "2026-11-22T02:00:00.000Z",
    durationMs: 2_500,
    checks: 4,
    passed: 1,
    failed: 1,
    skipped: 1,
    optional: 1,
  });
  expect(report.tests[0]).toMatchObject({ file: "smoke/web.yaml", name: "web", namespace: "shop", outcome: "failed" });
  expect(report.tests[0].steps[0]).toMatchObject({
    tags: ["fast"],
    evidence: [{ title: "logs of pod/a", text: "line" }],
  });
  expect(report.tests[0].steps[0].checks[1]).toMatchObject({
    line: 12,
    durationMs: 250,
    tries: 1,
    involved: [{ apiVersion: "v1", kind: "Pod", name: "a" }],
  });
});

test("a run in which only what is optional failed has passed", () => {
  const report = JSON.parse(renderReport(run([step({ checks: [check({ outcome: "failed", optional: true })] })])));
  expect(report).toMatchObject({ outcome: "passed", failed: 0, optional: 1 });
});
