import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type JobSource, loadJob, loadJobs } from "./load-job.ts";
import { expandMatrix } from "./matrix.ts";
import { runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");
const source: JobSource = {
  repositoryRoot,
  workflow: join(repositoryRoot, ".github/workflows/nightly.yml"),
  jobId: "sweep",
};

describe("a job of a workflow file", () => {
  test("runs as it is written", async () => {
    const job = loadJob({ ...source, trigger: "schedule" });
    expect(job).toMatchObject({
      name: "Sweep one",
      permissions: { "id-token": "write" },
      timeoutMinutes: 5,
      matrix: { subscription: "one", region: "west" },
      github: { event_name: "schedule", workflow: "Nightly", job: "sweep" },
      inputs: {},
    });
    const result = await runJob(job);
    expect(result.annotations.filter(({ level }) => level === "error")).toEqual([]);
    expect(result.outputs["said"]).toMatch(/^job main {2}one west 1 .*\.sh$/);
    expect(result.conclusion).toBe("success");
  });

  test("has a leg for each value of its matrix, and none when its if is false", () => {
    const legs = loadJobs({ ...source, trigger: "schedule", vars: { SUBSCRIPTIONS: '["one","two"]' } });
    expect(legs.map(({ name, matrix, strategy }) => [name, matrix, strategy?.["job-index"]])).toEqual([
      ["Sweep one", { subscription: "one", region: "west" }, 0],
      ["Sweep two", { subscription: "two" }, 1],
    ]);
    expect(loadJobs({ ...source, trigger: "schedule", github: { repository: "nobody/nothing" } })).toEqual([]);
    expect(() => loadJob({ ...source, trigger: "schedule", github: { repository: "nobody/nothing" } })).toThrow(
      "skipped",
    );
  });

  test.each([
    ["workflow_dispatch", {}, { "dry-run": true }],
    ["workflow_dispatch", { "dry-run": "false" }, { "dry-run": false }],
    ["workflow_call", { prefix: "pr-" }, { "dry-run": false, count: 0, prefix: "pr-" }],
  ])("gets the inputs of %s from %j", (trigger, inputs, expected) => {
    expect(loadJob({ ...source, trigger, inputs }).inputs).toEqual(expected);
  });

  test.each([
    ["workflow_call", {}, "Input prefix is required"],
    ["workflow_call", { prefix: "a", "dry-run": "true" }, "expected boolean"],
    ["workflow_dispatch", { other: 1 }, "Invalid input, other is not defined"],
    ["push", {}, '"on" has no push'],
  ])("refuses %s with %j", (trigger, inputs, message) => {
    expect(() => loadJob({ ...source, trigger, inputs })).toThrow(message);
  });

  test("keeps the caller's context when called, and may not ask for more than the caller has", () => {
    const called = {
      ...source,
      trigger: "workflow_call",
      inputs: { prefix: "x" },
      github: { event_name: "issue_comment" },
    };
    expect(loadJob(called)).toMatchObject({
      github: { event_name: "issue_comment", workflow: "CI" },
      workflowRef: "octo-org/octo-app/.github/workflows/nightly.yml@refs/heads/main",
    });
    expect(() => loadJob({ ...called, permissions: { contents: "write" } })).toThrow("requesting 'id-token: write'");
  });

  test("runs after the jobs it needs, and not when they failed", () => {
    const needs = (result: string) => ({ sweep: { result, outputs: { said: "hi" } } });
    const needy = { ...source, jobId: "needy", trigger: "schedule" };
    expect(loadJob({ ...needy, needs: needs("success") }).permissions).toEqual({});
    expect(loadJobs({ ...needy, needs: needs("failure") })).toEqual([]);
  });
});

test("a matrix follows GitHub's example of include and exclude", () => {
  const legs = expandMatrix({
    fruit: ["apple", "pear"],
    animal: ["cat", "dog"],
    exclude: [{ fruit: "pear", animal: "dog" }],
    include: [
      { color: "green" },
      { color: "pink", animal: "cat" },
      { fruit: "apple", shape: "circle" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ],
  });
  expect(legs).toEqual([
    { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
    { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
    { fruit: "pear", animal: "cat", color: "pink" },
    { fruit: "banana" },
    { fruit: "banana", animal: "cat" },
  ]);
});
