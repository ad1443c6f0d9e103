import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "junit2json";
import { renderJunit } from "../../../src/smoke/report/junit.ts";
import type { SmokeResult } from "../../../src/smoke/result.ts";
import { anyCharacter } from "../../any-character.ts";
import { check, run, step } from "./results.ts";

const MIXED = run([
  step({ checks: [check(), check({ name: "second", toMs: 1_500, fromMs: 500, outcome: "skipped", seen: "" })] }),
  step({
    name: "queue",
    outcome: "failed",
    checks: [
      check({ name: "optional", outcome: "failed", optional: true, expected: "a", seen: "b" }),
      check({
        name: 'is "it" <there> & ready?',
        kind: "error resources",
        line: 30,
        outcome: "failed",
        expected: "no Job",
        seen: "Job/a\nJob/b",
        tries: 7,
        fromMs: 1_500,
        toMs: 2_500,
        phases: [{ name: "active", fromMs: 0, toMs: 1_200, budgetMs: 1_000 }],
      }),
      check({ name: "never begun", outcome: "skipped", seen: "a check before it failed" }),
    ],
    evidence: [{ title: "logs of pod/a", text: "\u001b[31mred\u001b[0m \u0000]]> done" }],
  }),
]);

describe("renderJunit", () => {
  test("another tool reads a suite for each spec and a case for each check", async () => {
    const read = await parse(renderJunit(MIXED));
    expect(read).toMatchObject({
      name: "mayfly smoke test",
      tests: 5,
      failures: 1,
      errors: 0,
      skipped: 3,
      time: 2.5,
      testsuite: [
        { name: "web", tests: 5, failures: 1, errors: 0, skipped: 3, time: 2.5, timestamp: "2026-11-22T02:00:00.000Z" },
      ],
    });
    expect(listCases(read)).toMatchObject([
      { classname: "web/api", name: "http service://api:80/healthz", time: 0.12 },
      { classname: "web/api", name: "second", skipped: [{}] },
      { classname: "web/queue", name: "optional", skipped: [{ message: "optional: expected a; seen b" }] },
      {
        classname: "web/queue",
        name: 'is "it" <there> & ready?',
        time: 1,
        failure: [
          {
            type: "error resources",
            message: "expected no Job; seen Job/a\nJob/b",
            inner: "expected: no Job\nseen: Job/a\nJob/b\ntries: 7\nactive: 1.200 s of 1.000 s",
          },
        ],
        "system-out": ["== logs of pod/a\nred ]]> done"],
      },
      { classname: "web/queue", name: "never begun", skipped: [{ message: "a check before it failed" }] },
    ]);
  });

  test("names file and line of each case, where editors and annotations look", () => {
    expect(renderJunit(MIXED)).toContain(
      '<testcase name="second" classname="web/api" file="smoke/web.yaml" line="12" time="1.000">',
    );
  });

  test("a run without any check is still a file", async () => {
    expect(await parse(renderJunit(run([])))).toMatchObject({ tests: 0, testsuite: [{ name: "web", tests: 0 }] });
  });

  test("whatever cluster and spec say, it can be read, and says it", async () => {
    const text = fc.string({
      unit: fc.oneof(anyCharacter, fc.constantFrom(..."<>&\"']]>\n\u0000\uD800")),
    });
    await fc.assert(
      fc.asyncProperty(text, text, async (name, seen) => {
        const failed = check({ name: `n${name}`, outcome: "failed", seen: `s${seen}.`, expected: "e" });
        const read = await parse(renderJunit(run([step({ outcome: "failed", checks: [failed] })])));
        const [only] = listCases(read);
        expect(only?.name).toBe(`n${writable(name)}`);
        expect(only?.failure?.[0]?.message).toBe(`expected e; seen s${writable(seen)}.`);
      }),
    );
  });
});

function listCases(read: Awaited<ReturnType<typeof parse>>) {
  const suites = read !== undefined && read !== null && "testsuite" in read ? (read.testsuite ?? []) : [];
  return suites.flatMap((suite) => ("testcase" in suite ? (suite.testcase ?? []) : []));
}

/** What XML can carry of a text. */
function writable(text: string): string {
  return Array.from(text, (one) => {
    const code = one.codePointAt(0) ?? 0;
    const control = code < 0x20 && !["\t", "\n", "\r"].includes(one);
    return control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff ? "" : one;
  }).join("");
}

test("a result is not changed by being told", () => {
  const before: SmokeResult = structuredClone(MIXED);
  renderJunit(MIXED);
  expect(MIXED).toEqual(before);
});
