// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type JobResult, runJob, type StepResult } from "./run-job.ts";
import { annotationsPerLevel, messageLimit } from "./stage-record.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

describe("what a step says and writes", () => {
  let result: JobResult;
  let workspace: string;
  beforeAll(async () => {
    workspace = mkdtempSync(join(tmpdir(), "mayfly-workspace-"));
    const pattern = [{ regexp: "^(\\w+): (.+):(\\d+) (.*)$", severity: 1, file: 2, line: 3, message: 4 }];
    writeFileSync(join(workspace, "matcher.json"), JSON.stringify({ problemMatcher: [{ owner: "lint", pattern }] }));
    result = await runJob({
      repositoryRoot,
      workspace,
      steps: [
        {
          id: "lines",
          run: [
            'echo "  ::warning file=$GITHUB_WORKSPACE/a.ts,line=3,col=1,endLine=4,title=T%3At::100%25%0Anext"',
            'echo "::notice::n" >&2',
            "echo ::group::G",
            "echo ::endgroup::ignored",
            "echo ::debug::d",
            "echo ::echo::on",
            "echo ::group::again",
            "echo ::add-mask::hidden-value",
            "echo ::echo::off",
            "echo ::stop-commands::resume-here",
            "echo ::error::not a command",
            "echo ::resume-here::",
            "echo ::add-matcher::matcher.json",
            "echo 'error: src/b.ts:9 broken'",
            "echo ::remove-matcher owner=lint::",
            "echo 'error: src/b.ts:9 broken'",
            "echo ::unknown::stays",
          ].join("\n"),
        },
        { id: "old", run: "echo '::set-output name=a::1%0A2'; echo ::save-state name=s::kept" },
        {
          id: "refused",
          continueOnError: true,
          run: "echo ::set-env name=A::1; echo ::echo::maybe; echo ::stop-commands::error",
        },
        {
          id: "allowed",
          env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: "true" },
          run: "echo ::set-env name=SET::1; echo ::add-path::/opt/x",
        },
        {
          id: "many",
          run: `for i in $(seq 12); do for l in error warning notice; do echo "::$l::$i"; done; done; echo "::error::$(head -c 5000 /dev/zero | tr '\\0' x)"`,
        },
        {
          id: "broken",
          continueOnError: true,
          run: 'printf "a=1\\nbad\\n" >> "$GITHUB_OUTPUT"; printf "NODE_OPTIONS=x\\nb<<E\\n1\\nE\\n" >> "$GITHUB_ENV"; echo fine >> "$GITHUB_STEP_SUMMARY"',
        },
        {
          id: "failing",
          continueOnError: true,
          run: 'echo "a=1" >> "$GITHUB_OUTPUT"; echo "v=hidden-value" >> "$GITHUB_STEP_SUMMARY"; exit 4',
        },
        { id: "large", run: 'head -c 1048577 /dev/zero | tr "\\0" x > "$GITHUB_STEP_SUMMARY"' },
        { id: "fits", run: 'head -c 1048576 /dev/zero | tr "\\0" x > "$GITHUB_STEP_SUMMARY"' },
        {
          id: "secretive",
          run: 'echo "plain=p" >> "$GITHUB_OUTPUT"; echo "secret=x hidden-value" >> "$GITHUB_OUTPUT"',
        },
        { id: "reader", run: "echo '${{ steps.secretive.outputs.secret }}'" },
      ],
      outputs: {
        plain: "${{ steps.secretive.outputs.plain }}",
        secret: "${{ steps.secretive.outputs.secret }}",
        empty: "${{ steps.secretive.outputs.none }}",
      },
    });
  });
  afterAll(() => rmSync(workspace, { recursive: true }));

  const step = (id: string): StepResult => {
    const found = result.steps.find((row) => row.id === id);
    if (found === undefined) throw new Error(`no step ${id}`);
    return found;
  };
  const said = (id: string): string[] => {
    const { log } = step(id);
    const body = log.slice(log.findIndex((line) => line.kind === "endgroup") + 1);
    return body.map((line) => `${line.kind}: ${line.text}`);
  };
  const errors = (id: string): string[] =>
    step(id)
      .annotations.filter(({ level }) => level === "error")
      .map(({ message }) => message);

  test("commands take effect and are no plain lines", () => {
    expect(said("lines").filter((line) => !line.startsWith("notice"))).toEqual([
      "warning: 100%\nnext",
      "group: G",
      "endgroup: ",
      "debug: d",
      "command: ::group::again",
      "group: again",
      "command: ::add-mask::***",
      "command: ::echo::off",
      "command: ::stop-commands::***",
      "plain: ::error::not a command",
      "command: ::***::",
      "error: broken",
      "plain: error: src/b.ts:9 broken",
      "plain: ::unknown::stays",
    ]);
  });

  test("annotations carry their place, relative to the workspace", () => {
    const [warning] = step("lines").annotations.filter(({ level }) => level === "warning");
    expect(warning).toEqual({
      level: "warning",
      message: "100%\nnext",
      step: "lines",
      stage: "main",
      title: "T:t",
      file: "a.ts",
      line: "3",
      col: "1",
      endLine: "4",
    });
    expect(step("lines").annotations).toContainEqual(expect.objectContaining({ level: "notice", message: "n" }));
    expect(step("lines").annotations).toContainEqual(expect.objectContaining({ file: "src/b.ts", line: "9" }));
  });

  test("deprecated commands still work and warn", () => {
    expect(step("old")).toMatchObject({ outputs: { a: "1\n2" }, state: { s: "kept" }, conclusion: "success" });
    expect(step("old").annotations.map(({ message }) => message.split(".")[0])).toEqual([
      "The `set-output` command is deprecated and will be disabled soon",
      "The `save-state` command is deprecated and will be disabled soon",
    ]);
  });

  test("a refused command fails the step although its process ends well", () => {
    expect(step("refused")).toMatchObject({ outcome: "failure", conclusion: "success", exitCode: 0 });
    expect(errors("refused").filter((_message, at) => at % 2 === 0)).toEqual([
      "Unable to process command '::set-env name=A::1' successfully.",
      "Unable to process command '::echo::maybe' successfully.",
      "Unable to process command '::stop-commands::error' successfully.",
    ]);
    expect(result.env).toEqual({ SET: "1", b: "1" });
    expect(result.path).toEqual(["/opt/x"]);
  });

  test("a step has ten annotations of each level, and messages are cut", () => {
    const levels = step("many").annotations.map(({ level }) => level);
    for (const level of ["error", "warning", "notice"] as const) {
      expect(levels.filter((one) => one === level)).toHaveLength(annotationsPerLevel);
    }
    const logged = step("many").log.filter((line) => line.kind === "error");
    expect(logged).toHaveLength(13);
    expect(logged.at(-1)?.text).toHaveLength(messageLimit);
  });

  test("a malformed command file fails the step, and what stands before the fault counts", () => {
    expect(step("broken")).toMatchObject({ outcome: "failure", outputs: { a: "1" }, summary: "fine\n" });
    expect(errors("broken")).toEqual([
      "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
      "Unable to process file command 'output' successfully.",
      "Invalid format 'bad'",
    ]);
  });

  test("command files count after a failure too, and the summary is scrubbed", () => {
    expect(step("failing")).toMatchObject({ outcome: "failure", exitCode: 4, outputs: { a: "1" }, summary: "v=***\n" });
    expect(errors("failing")).toEqual(["Process completed with exit code 4."]);
  });

  test("a summary over 1 MiB is lost with an error, one of 1 MiB is kept", () => {
    expect(step("large")).toMatchObject({ conclusion: "success", summary: "" });
    expect(errors("large")[0]).toMatch(/upload aborted, supports content up to a size of 1024k, got 1024k/);
    expect(step("fits").summary).toHaveLength(1024 * 1024 + 1);
    expect(result.summary).toHaveLength(1024 * 1024 + 1 + "fine\nv=***\n".length);
  });

  test("a secret passes between steps, but not out of the job", () => {
    expect(said("reader")).toEqual(["plain: x ***"]);
    expect(step("reader").log.at(-1)?.masked).toBe(true);
    expect(result.outputs).toEqual({ plain: "p" });
    expect(result.droppedOutputs).toEqual(["secret"]);
    expect(result.annotations.at(-1)).toMatchObject({
      level: "warning",
      stage: "job",
      message: "Skip output 'secret' since it may contain secret.",
    });
  });
});
