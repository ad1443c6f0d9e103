import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runWorkflow, type WorkflowSource } from "./run-workflow.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");
let artifacts: string;
beforeEach(() => {
  artifacts = mkdtempSync(join(tmpdir(), "mayfly-artifacts-"));
});
afterEach(() => rmSync(artifacts, { recursive: true }));

const source = (inputs: Readonly<Record<string, string>>): WorkflowSource => ({
  repositoryRoot,
  workflow: join(repositoryRoot, ".github/workflows/chain.yml"),
  trigger: "workflow_call",
  inputs,
  artifacts,
});
const legs = JSON.stringify([{ name: "a" }, { name: "b", say: "moo" }, { name: "c" }]);

describe("a workflow", () => {
  test("runs each job after those that it needs, with a leg for each value that another job listed", async () => {
    const { conclusion, jobs, outputs } = await runWorkflow(source({ legs }));
    expect(conclusion).toBe("success");
    expect(Object.fromEntries(Object.entries(jobs).map(([id, { result }]) => [id, result]))).toEqual({
      list: "success",
      make: "success",
      gather: "success",
      rescue: "skipped",
      always: "success",
      behind: "success",
    });
    expect(jobs["make"]?.legs).toHaveLength(3);
    expect(outputs["names"]).toBe("a says nothing b says moo c says nothing");
    expect(outputs["made"]).toMatch(/^success [abc]$/);
  });

  test("goes on behind a failed leg only where a job says so, and success() asks every job before it", async () => {
    const { conclusion, jobs, outputs } = await runWorkflow(source({ legs, break: "b" }));
    expect(conclusion).toBe("failure");
    expect(Object.entries(jobs).map(([id, { result, legs: run }]) => `${id}: ${result} ${run.length}`)).toEqual([
      "list: success 1",
      "make: failure 3",
      "gather: skipped 0",
      "rescue: success 1",
      "always: success 1",
      "behind: skipped 0",
    ]);
    expect(outputs["names"]).toBe("");
    expect(jobs["always"]?.legs[0]?.log.map(({ text }) => text)).toContain("skipped");
  });

  test("is not started by what cannot be evaluated", async () => {
    await expect(runWorkflow(source({ legs: "" }))).rejects.toThrow('Cannot evaluate "fromJSON(');
    await expect(runWorkflow(source({}))).rejects.toThrow("Input legs is required");
  });
});
