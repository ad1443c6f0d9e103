import { join } from "node:path";
import { readManifest } from "./action-manifest.ts";
import type { JobLog, StepResult } from "./job.ts";
import { type ActionResult, type ActionRun, runAction } from "./run-action.ts";

// What every action must stand, whatever it does. Each check throws an Error that says what was wrong.

/** The outputs that an action's action.yml declares. */
export function declaredOutputs(repositoryRoot: string, action: string): readonly string[] {
  return readManifest(join(repositoryRoot, "actions", action)).outputs;
}

/** Every declared output is set (an empty value counts), and no other. */
export function expectDeclaredOutputs(run: ActionRun, result: ActionResult): void {
  const declared = [...declaredOutputs(run.repositoryRoot, run.action)].sort();
  const set = Object.keys(result.main.outputs).sort();
  const missing = declared.filter((name) => !set.includes(name));
  const undeclared = set.filter((name) => !declared.includes(name));
  refuse(run, missing.length > 0, `does not set ${missing.join(", ")}`);
  refuse(run, undeclared.length > 0, `sets ${undeclared.join(", ")}, which action.yml does not declare`);
}

/** Post ends well when main never ran and left no state, as after a cancel before the first line. */
export async function expectPostWithoutState(run: ActionRun): Promise<void> {
  const { post } = await runAction({ ...run, omitStages: ["pre", "main"] });
  refuse(run, post === undefined, "has no post stage");
  refuse(run, post?.conclusion !== "success", `fails in post without state: ${describe(post)}`);
}

/** Post ends well a second time. Returns the result, whose rows end with both posts. */
export async function expectRepeatablePost(run: ActionRun): Promise<ActionResult> {
  const result = await runAction({ ...run, repeatPosts: true });
  const posts = result.steps.filter((step) => step.stage === "post");
  refuse(run, posts.length !== 2, "has no post stage");
  for (const [at, post] of posts.entries()) {
    refuse(run, post.conclusion !== "success", `fails in post number ${at + 1}: ${describe(post)}`);
  }
  return result;
}

/** Main, cancelled at the given moment, ends by itself on SIGINT, before the runner's SIGTERM. */
export async function expectEndsOnInterrupt(run: ActionRun, when: (log: JobLog) => boolean): Promise<ActionResult> {
  const result = await runAction({ ...run, cancel: { ...run.cancel, when } });
  const { signalsSent, conclusion } = result.main;
  refuse(run, conclusion !== "cancelled", `was not running when the cancel was to come: ${describe(result.main)}`);
  refuse(run, signalsSent.join() !== "SIGINT", `needs ${signalsSent.join(", ")} to end`);
  return result;
}

/** Without `id-token: write` main fails, and an error names that permission. */
export async function expectPermissionHint(run: ActionRun): Promise<void> {
  const { idToken: _withheld, ...rest } = run;
  const { main } = await runAction({ ...rest, permissions: {} });
  refuse(run, main.outcome !== "failure", "does not fail without id-token: write");
  const named = main.annotations.some(({ level, message }) => level === "error" && message.includes("id-token: write"));
  refuse(run, !named, `does not name the permission id-token: write: ${describe(main)}`);
}

/** With command files that are missing or cannot be written, a failing stage says so in an error. */
export async function expectErrorWithoutCommandFiles(run: ActionRun): Promise<void> {
  for (const commandFiles of ["missing", "unwritable"] as const) {
    const result = await runAction({ ...run, commandFiles });
    for (const step of result.steps.filter(({ outcome }) => outcome === "failure")) {
      const silent = !step.annotations.some(({ level }) => level === "error");
      refuse(run, silent, `fails silently in ${step.stage} when command files are ${commandFiles}`);
    }
  }
}

function refuse(run: ActionRun, wrong: boolean, what: string): void {
  if (wrong) throw new Error(`${run.action} ${what}`);
}

function describe(step: StepResult | undefined): string {
  const error = step?.annotations.find(({ level }) => level === "error")?.message;
  return `exit code ${step?.exitCode}, ${error ?? step?.log.at(-1)?.text ?? "nothing said"}`;
}
