// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type JobResult, runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

const rows = (result: JobResult): string[] =>
  result.steps.map(({ id, stage, conclusion }) => `${stage} ${id}: ${conclusion}`);
const plain = (result: JobResult, id: string): string[] => {
  const lines = result.steps.filter((step) => step.id === id).flatMap((step) => step.log);
  return lines.filter((line) => line.kind === "plain" || line.kind === "error").map((line) => line.text);
};

describe("a job", () => {
  test("runs pre before all steps, and posts after them, the one that registered last first, also after a failure", async () => {
    const result = await runJob({
      repositoryRoot,
      steps: [
        {
          id: "early",
          uses: "$/actions/early",
          with: { main: "put('STATE', 'k=v\\n')", post: "say('saw ' + env.STATE_k)" },
        },
        {
          id: "fails",
          uses: "$/actions/probe",
          with: { main: "put('STATE', 'x=1\\n'); process.exit(3)", post: "say(env.STATE_x)" },
        },
        { id: "skipped", uses: "$/actions/probe", with: { pre: "put('OUTPUT', 'p=1\\n')" } },
        { id: "rescue", if: "failure() && steps.fails.outcome == 'failure'", run: "true" },
      ],
    });
    expect(rows(result)).toEqual([
      "pre early: skipped",
      "pre fails: success",
      "pre skipped: success",
      "main early: success",
      "main fails: failure",
      "main skipped: skipped",
      "main rescue: success",
      "post early: success",
      "post skipped: success",
      "post fails: success",
    ]);
    expect(result).toMatchObject({ conclusion: "failure", orphans: [], droppedOutputs: [] });
    expect(result.steps[4]).toMatchObject({ exitCode: 3, name: "Run $/actions/probe", state: { x: "1" } });
    expect(
      result.log.filter((line) => line.stage === "post" && line.kind === "plain").map((line) => line.text),
    ).toEqual(["Post job cleanup.", "saw v", "Post job cleanup.", "Post job cleanup.", "1"]);
  });

  test("shows what it leaves in RUNNER_TEMP once every post stage is over, and then empties that", async () => {
    const temps: string[] = [];
    const left: string[] = [];
    const keep = (word: string): string => `(await import("node:fs")).writeFileSync(env.RUNNER_TEMP + "/${word}", "")`;
    await runJob({
      repositoryRoot,
      steps: [{ uses: "$/actions/probe", with: { main: keep("main"), post: keep("post") } }],
      onEnd: (temp) => {
        temps.push(temp);
        left.push(...readdirSync(temp));
      },
    });
    expect(left).toEqual(expect.arrayContaining(["main", "post"]));
    expect(temps.map((temp) => existsSync(temp))).toEqual([false]);
  });

  test("tells outcome from conclusion, and hands outputs and variables on", async () => {
    const result = await runJob({
      repositoryRoot,
      env: { WHO: "${{ vars.who }}", FROM: "${{ github.event.number }}" },
      vars: { who: "job" },
      secrets: { TOKEN: "hunter22", MANY: "line one\nline two" },
      github: { event: { number: 12 } },
      defaults: { shell: "sh", workingDirectory: "." },
      steps: [
        { id: "soft", continueOnError: "${{ env.WHO == 'job' }}", run: "exit 5" },
        {
          id: "text",
          name: "Say ${{ steps.soft.outcome }}",
          run: "echo '${{ steps.soft.outcome }}/${{ steps.soft.conclusion }} ${{ job.status }}'; echo $0",
        },
        {
          id: "hides",
          shell: "bash",
          env: { T: "${{ secrets.TOKEN }}" },
          run: 'set -o | grep -q "pipefail.*on"; echo "$T line two ${{ github.token }} $FROM"',
        },
        { id: "wrong", if: "env.", run: "true" },
        { id: "nowhere", if: "always()", workingDirectory: "missing", run: "true" },
        { id: "noshell", if: "always()", shell: "fish", run: "true" },
        { id: "python", if: "always()", shell: "sh -eu {0}", run: "echo $undefined_variable" },
      ],
      outputs: { soft: "${{ steps.soft.outcome }}" },
    });
    expect(rows(result)).toEqual([
      "main soft: success",
      "main text: success",
      "main hides: success",
      "main wrong: failure",
      "main nowhere: failure",
      "main noshell: failure",
      "main python: failure",
    ]);
    expect(result.steps[0]).toMatchObject({ outcome: "failure", exitCode: 5 });
    expect(result.steps[1]?.name).toBe("Say failure");
    expect(plain(result, "text").slice(-2)).toEqual(["failure/success success", expect.stringMatching(/\.sh$/)]);
    expect(plain(result, "hides").at(-1)).toBe("*** *** *** 12");
    expect(plain(result, "wrong")[0]).toMatch(/^Cannot evaluate "env\."/);
    expect(plain(result, "nowhere").at(-1)).toMatch(/working directory '.*\/missing'. No such file or directory$/);
    expect(plain(result, "noshell")[0]).toMatch(/^Invalid shell option/);
    expect(result.outputs).toEqual({ soft: "failure" });
  });

  test("fails before its first step when an action cannot be had", async () => {
    const failed = await Promise.all(
      ["$/actions/none", "octo/other@v1", "docker://alpine", "$/actions/deep"].map((uses) =>
        runJob({ repositoryRoot, steps: [{ run: "true" }, { uses }] }),
      ),
    );
    expect(failed.map(({ steps, conclusion }) => [steps.length, conclusion])).toEqual(failed.map(() => [0, "failure"]));
    expect(failed.map(({ annotations }) => annotations[0]?.message)).toEqual([
      expect.stringMatching(/^Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '.*\/actions\/none'\.$/),
      expect.stringContaining("map it with `replace`"),
      expect.stringContaining("container actions are not supported"),
      "Composite action depth exceeded max depth 9",
    ]);
  });

  test("can break the command files and run node with further arguments", async () => {
    const main = "try { put('OUTPUT', 'a=1'); } catch (error) { say(error.code); } say(process.execArgv);";
    const steps = [{ uses: "$/actions/early", with: { main } }];
    const [missing, unwritable] = await Promise.all(
      (["missing", "unwritable"] as const).map((commandFiles) =>
        runJob({ repositoryRoot, steps, commandFiles, nodeArguments: ["--no-deprecation"] }),
      ),
    );
    expect(missing?.log.at(-1)?.text).toBe("--no-deprecation");
    expect(unwritable?.log.at(-2)?.text).toBe("EISDIR");
    expect(missing?.steps[0]?.outputs).toEqual({});
  });
});
