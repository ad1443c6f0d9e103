// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Job } from "./job.ts";
import { runJob } from "./run-job.ts";
import { runWorkflow, type WorkflowResult, type WorkflowSource } from "./run-workflow.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");
const caller: WorkflowSource = {
  repositoryRoot,
  workflow: join(repositoryRoot, ".github/workflows/caller.yml"),
  trigger: "workflow_call",
  permissions: { contents: "read" },
  github: { event_name: "issue_comment" },
};
const results = ({ jobs }: WorkflowResult) =>
  Object.fromEntries(Object.entries(jobs).map(([id, { result }]) => [id, result]));

/** Runs it, and says which jobs ran, in which group. */
async function watch(source: WorkflowSource) {
  const jobs: Job[] = [];
  const play = (job: Job) => {
    jobs.push(job);
    return runJob(job);
  };
  return { ended: await runWorkflow(source, { play, lanes: 1 }), jobs };
}

describe("a job that calls a workflow", () => {
  test("runs its jobs with typed inputs and the caller's event, and takes its outputs over", async () => {
    const { ended, jobs } = await watch({ ...caller, inputs: { names: '["a","b"]' } });
    expect(jobs.map(({ name, concurrency, permissions }) => [name, concurrency, permissions])).toEqual([
      ["One / Say", undefined, { contents: "read" }],
      ["One / after", undefined, {}],
      ["Each a / Say", "g-a", { contents: "read" }],
      ["Each a / after", "g-a", {}],
      ["Each b / Say", "g-b", { contents: "read" }],
      ["Each b / after", "g-b", {}],
      ["report", undefined, {}],
    ]);
    expect(results(ended)).toEqual({ one: "success", each: "success", none: "skipped", report: "success" });
    expect(ended.outputs["said"]).toBe(
      "one true issue_comment octo-org/octo-app/.github/workflows/callee.yml@refs/heads/main ",
    );
    expect(ended.jobs["each"]?.calls.map(({ outputs }) => outputs["said"]?.split(" ")[0])).toEqual(["a", "b"]);
    expect(ended.jobs["each"]?.legs).toHaveLength(4);
  });

  test("fails when a job in it fails; what says always() runs behind, there and in the caller, and sees the outputs", async () => {
    const ended = await runWorkflow({ ...caller, inputs: { names: '["a"]', break: "one" } });
    expect(ended.conclusion).toBe("failure");
    expect(results(ended)).toEqual({ one: "failure", each: "skipped", none: "skipped", report: "success" });
    const needs = JSON.parse(ended.jobs["report"]?.outputs["results"] ?? "{}");
    expect(needs.one).toMatchObject({ result: "failure", outputs: { after: "success" } });
    expect(needs.each).toEqual({ result: "skipped", outputs: {} });
  });

  test("runs from another repository, whose own files it names by $/", async () => {
    const { ended, jobs } = await watch({
      repositoryRoot,
      calls: { "OWNER/flows": repositoryRoot },
      workflow: join(repositoryRoot, "consumer/.github/workflows/ci.yml"),
      github: { event_name: "pull_request" },
    });
    expect(ended.conclusion).toBe("success");
    expect(jobs.map(({ name }) => name)).toContain("Flows / Each b / Say");
    expect(ended.jobs["flows"]?.outputs["said"]).toBe(
      "one true pull_request OWNER/flows/.github/workflows/callee.yml@v1 ",
    );
  });
});

describe("no job starts", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "mayfly-calls-"));
    mkdirSync(join(root, ".github/workflows"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (name: string, text: string): string => {
    const path = join(root, ".github/workflows", name);
    writeFileSync(path, text);
    return path;
  };
  const callee = (job: string): void => {
    const inputs = "{ a: { type: string, required: true }, b: { type: boolean } }";
    write("callee.yml", `on: { workflow_call: { inputs: ${inputs}, secrets: { s: {} } } }\njobs:\n  x: ${job}\n`);
  };
  const start = (job: string, permissions = {}): Promise<WorkflowResult> => {
    const never = `{ if: false, ${job} }`;
    const workflow = write("caller.yml", `on: { workflow_call: }\njobs:\n  y: ${never}\n`);
    const refuse = () => Promise.reject(new Error("a job was started"));
    return runWorkflow({ repositoryRoot: root, workflow, trigger: "workflow_call", permissions }, { play: refuse });
  };
  const here = "uses: $/.github/workflows/callee.yml";

  test.each([
    ["an input that nobody declared", `${here}, with: { a: x, c: x }`, "Invalid input, c is not defined"],
    ["a required input that is missing", here, "input a is required"],
    ["a secret that nobody declared", `${here}, with: { a: x }, secrets: { t: x }`, "Invalid secret, t"],
    [
      "a key that only jobs with steps have",
      `${here}, with: { a: x }, environment: z`,
      "Unexpected value 'environment'",
    ],
    ["a file that is not there", "uses: $/.github/workflows/other.yml", "workflow was not found"],
    ["a repository that nobody has", "uses: octo/other/.github/workflows/x.yml@v1", "workflow was not found"],
    ["a file elsewhere", "uses: $/callee.yml", "workflow was not found"],
    ["itself, again and again", "uses: $/.github/workflows/caller.yml", "more than 10 deep"],
  ])("with %s, even in a job that is skipped", async (_, job, message) => {
    callee("{ runs-on: x, steps: [] }");
    await expect(start(job)).rejects.toThrow(message);
  });

  test("where a called job asks for more than its caller grants, however deep", async () => {
    callee("{ runs-on: x, permissions: { checks: write }, steps: [] }");
    const granted = { checks: "write", contents: "read" };
    await expect(start(`${here}, with: { a: x }`, granted)).resolves.toMatchObject({ conclusion: "success" });
    await expect(start(`${here}, with: { a: x }`, { checks: "read" })).rejects.toThrow("'checks: write'");
    await expect(start(`${here}, with: { a: x }, permissions: { contents: read }`, granted)).rejects.toThrow(
      "requesting 'checks: write'",
    );
  });

  test("where a value is of another type", async () => {
    callee("{ runs-on: x, steps: [] }");
    const workflow = write("typed.yml", `on: push\njobs:\n  y: { ${here}, with: { a: x, b: "true" } }\n`);
    await expect(runWorkflow({ repositoryRoot: root, workflow, trigger: "push" })).rejects.toThrow("expected boolean");
  });
});

test("secrets go along only where they are handed on", async () => {
  const root = mkdtempSync(join(tmpdir(), "mayfly-calls-"));
  try {
    const folder = join(root, ".github/workflows");
    mkdirSync(folder, { recursive: true });
    const look = "{ name: x, runs-on: x, steps: [{ run: 'true', env: { SEEN: \"${{ secrets.pass }}\" } }] }";
    writeFileSync(
      join(folder, "callee.yml"),
      `on: { workflow_call: { secrets: { pass: {} } } }\njobs: { x: ${look} }\n`,
    );
    const job = (secrets: string) => `{ uses: $/.github/workflows/callee.yml${secrets} }`;
    const jobs = [job(""), job(", secrets: inherit"), job(", secrets: { pass: '${{ secrets.other }}' }")];
    const workflow = join(folder, "caller.yml");
    writeFileSync(workflow, `on: push\njobs:\n${jobs.map((text, at) => `  j${at}: ${text}\n`).join("")}`);
    const seen: unknown[] = [];
    const secrets = { GITHUB_TOKEN: "t", pass: "one", other: "two" };
    const source = { repositoryRoot: root, workflow, trigger: "push", secrets };
    await runWorkflow(source, {
      play: (leg) => {
        seen.push(leg.secrets);
        return runJob(leg);
      },
    });
    expect(seen).toEqual([{ GITHUB_TOKEN: "t" }, secrets, { GITHUB_TOKEN: "t", pass: "two" }]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
