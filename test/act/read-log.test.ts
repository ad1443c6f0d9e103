import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { ActJob, ActStep } from "./act-log.ts";
import { listExecuted } from "./expect-executed.ts";
import { readLog } from "./read-log.ts";

// What act 0.2.89 printed of a call within a call, with a matrix, composites within composites, and a step that fails.
const TEXT = readFileSync(join(import.meta.dirname, "fixtures/depth-two.jsonl"), "utf8");
const log = readLog(TEXT);
const job = (name: string): ActJob => {
  const found = log.jobs.find((each) => each.name === name);
  if (found === undefined) throw new Error(`No job ${name}`);
  return found;
};
const step = (name: string, stage: ActStep["stage"] = "main"): ActStep => {
  const found = job("Deep call/Deepest/Talk a-1").steps.find((each) => each.name === name && each.stage === stage);
  if (found === undefined) throw new Error(`No step ${name}`);
  return found;
};
const OUTER = "LAB/lab/actions/outer@self";
const INNER = `${OUTER} › LAB/lab/actions/inner@self`;

test("what was executed is there, with its bad ends, and without what was skipped or put in for act", () => {
  const legs = ["a", "b"].map((leg, index) => [
    `Deep call/Deepest/Talk ${leg}-${index + 1}`,
    [
      OUTER,
      INNER,
      `${INNER} › Talk inside`,
      `${INNER} › echo unnamed`,
      `${OUTER} › Fails softly (failure)`,
      `Direct ${leg}`,
      "Bad",
      `post Direct ${leg}`,
      `post ${INNER} › Talk inside`,
    ],
  ]);
  expect(listExecuted(log)).toEqual({
    "Root call/Middle/first": ['echo "first hi"'],
    ...Object.fromEntries(legs),
    "Lab/after (failure)": ["", "Goes wrong (failure)"],
  });
});

describe("a step", () => {
  test("has its outputs, and a composite only what it declares", () => {
    expect(step(`${INNER} › Talk inside`).outputs).toEqual({ said: "outer-inner\ntwo" });
    expect(step(OUTER).outputs).toEqual({ said: "outer-inner\ntwo" });
    expect(step(`${OUTER} › Fails softly`).outputs).toEqual({ outcome: "bad" });
  });

  test("has its lines, masked, and its annotations", () => {
    const { lines, annotations } = step("Direct a");
    expect(lines).toEqual(expect.arrayContaining(["main direct-a v24.21.0", "secret ***", "within"]));
    expect(annotations).toEqual([{ level: "notice", message: "note % here", title: "T" }]);
  });

  test("has its summary once, and no composite above it says it again", () => {
    expect(step(`${INNER} › Talk inside`).summary).toBe("# Summary of outer-inner\n\nline\n");
    expect(step("Direct a", "post").summary).toBe("post summary direct-a\n");
    const all = job("Deep call/Deepest/Talk a-1").steps.map(({ summary }) => summary);
    expect(all.filter((summary) => summary.includes("post summary outer-inner"))).toHaveLength(1);
  });

  test("that prints what act prints is not two steps", () => {
    expect(job("Lab/after").steps.map(({ name }) => name)).not.toContain("A lie");
  });
});

test("an expression that could not be evaluated is told where it was meant, and not where a title was tried", () => {
  const from = new Set(log.complaints.map((complaint) => complaint.replace(/:.*/s, "")));
  expect([...from].sort()).toEqual(["Deep call/Deepest/Talk a-1", "Deep call/Deepest/Talk b-2", "Lab/after"]);
  expect(TEXT.match(/Unable to interpolate/g)?.length).toBeGreaterThan(log.complaints.length);
});

test("two jobs of one name cannot be told apart", () => {
  expect(() => readLog(TEXT + TEXT)).toThrow("Two jobs are called Root call/Middle/first");
});
