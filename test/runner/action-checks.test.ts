import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  expectDeclaredOutputs,
  expectEndsOnInterrupt,
  expectErrorWithoutCommandFiles,
  expectPermissionHint,
  expectPostWithoutState,
  expectRepeatablePost,
} from "./action-checks.ts";
import { type ActionRun, runAction } from "./run-action.ts";
import { runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");

/** The action `probe`, which does what its inputs say. */
const probe = (inputs: Readonly<Record<string, string>>): ActionRun => ({
  repositoryRoot,
  action: "probe",
  with: inputs,
  // Only the stages that have something to do: a process each is what these tests cost.
  omitStages: (["pre", "main", "post"] as const).filter((stage) => inputs[stage] === undefined),
});
const ready = ({ last }: { readonly last: { readonly text: string } }): boolean => last.text === "ready";

describe("a check of an action", () => {
  test("sees outputs that are missing or not declared", async () => {
    const run: ActionRun = { repositoryRoot, action: "inputs" };
    const result = await runAction(run);
    const withOutputs = (outputs: Readonly<Record<string, string>>) => ({
      ...result,
      main: { ...result.main, outputs },
    });
    expect(() => expectDeclaredOutputs(run, result)).not.toThrow();
    expect(() => expectDeclaredOutputs(run, withOutputs({}))).toThrow("inputs does not set seen");
    expect(() => expectDeclaredOutputs(run, withOutputs({ seen: "", more: "" }))).toThrow("inputs sets more");
  });

  test("sees a post that needs state, or works only once", async () => {
    const needy = probe({ post: "if (env.STATE_a !== '1') process.exit(2)", main: "put('STATE', 'a=1\\n')" });
    const once = probe({ post: "fs.rmSync('file')", main: "fs.writeFileSync('file', '')" });
    await Promise.all([
      expect(expectPostWithoutState(needy)).rejects.toThrow("fails in post without state: exit code 2"),
      expect(expectRepeatablePost(needy)).resolves.toMatchObject({ conclusion: "success" }),
      expect(expectRepeatablePost(once)).rejects.toThrow("fails in post number 2"),
    ]);
  });

  test("sees who does not end on SIGINT", async () => {
    const wait = "say('ready'); await sleep(60000)";
    const deaf = probe({ main: `process.on('SIGINT', () => {}); ${wait}` });
    await Promise.all([
      expect(expectEndsOnInterrupt(probe({ main: wait }), ready)).resolves.toMatchObject({ conclusion: "cancelled" }),
      expect(expectEndsOnInterrupt({ ...deaf, cancel: { signals: { interruptMs: 100 } } }, ready)).rejects.toThrow(
        "probe needs SIGINT, SIGTERM to end",
      ),
    ]);
  });

  test("sees who does not name the missing permission, or fails without a word", async () => {
    const hint = "say('::error::grant permissions: id-token: write'); process.exit(1)";
    await Promise.all([
      expect(expectPermissionHint(probe({ main: hint }))).resolves.toBeUndefined(),
      expect(expectPermissionHint(probe({ main: "process.exit(1)" }))).rejects.toThrow("does not name the permission"),
      expect(expectErrorWithoutCommandFiles(probe({ main: "put('OUTPUT', 'a=1')" }))).rejects.toThrow(
        "probe fails silently in main when command files are unwritable",
      ),
    ]);
  });
});

test("what a caller's callback throws comes out of the job, after its cleaning up", async () => {
  const fault = new Error("from the callback");
  const steps = [{ run: "echo ready; exec sleep 60" }];
  const when = (): boolean => {
    throw fault;
  };
  await expect(runJob({ repositoryRoot, steps, cancel: { when } })).rejects.toBe(fault);
});
