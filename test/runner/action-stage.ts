import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ActionSource, ResolvedAction } from "./action-source.ts";
import { runChild } from "./child-process.ts";
import { applyCommandFiles } from "./command-file-effects.ts";
import { createLineHandler } from "./command-processor.ts";
import { runComposite } from "./composite.ts";
import { processEnvironment, shownEnvironment } from "./environment.ts";
import { createCommandFiles } from "./file-commands.ts";
import { evaluateInputs } from "./inputs.ts";
import type { SignalTimes, Status } from "./job.ts";
import { type Frame, StepCancelled } from "./job-run.ts";
import { runScript } from "./script-step.ts";
import { addIssue, write } from "./stage-record.ts";
import { hasPost, resolveInstance } from "./step-instance.ts";

/** Runs the body of a step in a stage: fresh command files, inputs, the process or composite, then the files' effects. */
export async function runStage(frame: Frame, source: ActionSource, registerPost: () => void): Promise<Status> {
  const { run, instance, stage } = frame;
  const action = frame.step.uses === undefined ? undefined : resolveInstance(instance, source);
  if (action?.local === true && action.manifest.runs.kind === "node" && action.manifest.runs.pre !== undefined) {
    addIssue(frame.record, "warning", `\`pre\` execution is not supported for local action from '${action.display}'`);
  }
  if (stage !== "post" && !instance.postRegistered && hasPost(instance)) {
    instance.postRegistered = true;
    registerPost();
  }
  const files = createCommandFiles(run.folders.temp, run.job.commandFiles ?? "normal");
  Object.assign(frame.github, files, { action_repository: action?.repository, action_ref: action?.ref });
  try {
    return action === undefined ? await runScript(frame) : await runAction(frame, action, source);
  } finally {
    await applyCommandFiles(frame, files);
  }
}

async function runAction(frame: Frame, action: ResolvedAction, source: ActionSource): Promise<Status> {
  const inputs = evaluateInputs(frame, action);
  describe(frame, action, inputs);
  if (action.standIn !== undefined) return action.standIn.run(frame, inputs);
  const { runs } = action.manifest;
  if (runs.kind === "composite") return await runComposite(frame, action, runs, inputs, source);
  const { job, folders } = frame.run;
  if (job.omitStages?.includes(frame.stage) === true) return "success";
  const target = join(action.folder, runs[frame.stage] ?? "");
  if (!existsSync(target)) throw new Error(`File not found: '${target}'`);
  const exitCode = await runProcess(frame, {
    file: job.node ?? process.execPath,
    args: [...(job.nodeArguments ?? []), target],
    cwd: folders.workspace,
    env: processEnvironment(frame, inputs),
  });
  return exitCode === 0 ? "success" : "failure";
}

/** The collapsed head of a step's log. */
function describe(frame: Frame, action: ResolvedAction, inputs: Readonly<Record<string, string>>): void {
  const { record } = frame;
  if (frame.stage === "post") {
    write(record, "plain", "Post job cleanup.");
    return;
  }
  write(record, "group", `Run ${action.display}`);
  const given = Object.entries(inputs).filter(([, value]) => value !== "");
  if (given.length > 0) writeBlock(frame, "with:", given);
  writeEnvironment(frame);
  write(record, "endgroup", "");
}

/** The `env:` block of a step's head. */
export function writeEnvironment(frame: Frame): void {
  const shown = Object.entries(shownEnvironment(frame));
  if (shown.length > 0) writeBlock(frame, "env:", shown);
}

function writeBlock(frame: Frame, title: string, pairs: ReadonlyArray<readonly [string, string]>): void {
  write(frame.record, "plain", title);
  for (const [name, value] of pairs) {
    for (const line of `  ${name}: ${value}`.split("\n")) write(frame.record, "plain", line);
  }
}

/** What is special to one process of a step. */
export interface StepProcess {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The waits of runner 2.336 (ProcessInvoker.cs). */
const realTimes = { interruptMs: 7500, terminateMs: 2500, streamsMs: 5000 } satisfies SignalTimes;

/** Runs a step's process and returns its exit code; throws StepCancelled when the step was ended from outside. */
export async function runProcess(frame: Frame, request: StepProcess): Promise<number> {
  const { record, cancel, run } = frame;
  if (statSync(request.cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(
      `An error occurred trying to start process '${request.file}' with working directory '${resolve(request.cwd)}'. No such file or directory`,
    );
  }
  const from = Date.now();
  const exit = await runChild({
    ...realTimes,
    ...run.job.cancel?.signals,
    ...request,
    onLine: createLineHandler(frame),
    cancel: cancel.signal,
  });
  const { name, uses = "a script" } = frame.step;
  run.job.onProcess?.({ step: name ?? uses, stage: frame.stage, from, to: Date.now() });
  record.exitCode = exit.exitCode;
  record.signal = exit.signal;
  record.signalsSent = exit.signalsSent;
  // The runner throws after a cancel, even when the process ended well.
  if (cancel.signal.aborted) throw new StepCancelled("cancelled");
  return exit.exitCode;
}
