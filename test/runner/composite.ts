import type { CompositeRuns } from "./action-manifest.ts";
import type { ActionSource, ResolvedAction } from "./action-source.ts";
import { runStage } from "./action-stage.ts";
import { interpolate } from "./expressions.ts";
import { runFrame } from "./frame-runner.ts";
import type { Conclusion, Status } from "./job.ts";
import { type CompositeStatus, type Frame, sharedContexts, stepContexts } from "./job-run.ts";
import { hasPre, type StepInstance } from "./step-instance.ts";

/** Runs one stage of a composite: its steps in order, or for post those that registered one, in reverse. */
export async function runComposite(
  frame: Frame,
  action: ResolvedAction,
  runs: CompositeRuns,
  inputs: Readonly<Record<string, string>>,
  source: ActionSource,
): Promise<Status> {
  const composite: CompositeStatus = { status: "success" };
  for (const child of childrenFor(frame)) {
    const inner = createInnerFrame(frame, child, composite, action, inputs);
    const name = child.step.name ?? child.step.uses ?? "run";
    const { outcome, conclusion } = await runFrame(inner, name, conditionFor(child, frame.stage), () =>
      // The composite registered its own post already; the child's only has to be known.
      runStage(inner, source, () => {}),
    );
    if (conclusion === "failure" || conclusion === "cancelled") composite.status = worse(composite.status, conclusion);
    if (frame.stage === "main") remember(child, frame, inner, { outcome, conclusion });
  }
  if (frame.stage === "main") {
    const { env } = stepContexts(frame);
    const contexts = { ...sharedContexts(frame.run, frame.github), env, inputs, steps: frame.instance.scope };
    for (const [name, template] of Object.entries(runs.outputs)) frame.outputs[name] = interpolate(template, contexts);
  }
  return composite.status;
}

function childrenFor(frame: Frame): readonly StepInstance[] {
  const { children } = frame.instance;
  if (frame.stage === "pre") return children.filter(hasPre);
  if (frame.stage === "post") return children.filter((child) => child.postRegistered).toReversed();
  return children;
}

function conditionFor(child: StepInstance, stage: Frame["stage"]): string | boolean {
  return stage === "main" ? (child.step.if ?? "success()") : stageCondition(child, stage);
}

/** `pre-if` or `post-if`; a composite has none and leaves the choice to its steps. */
export function stageCondition(instance: StepInstance, stage: "pre" | "post"): string {
  const runs = instance.action?.manifest.runs;
  if (runs?.kind !== "node") return "always()";
  return stage === "pre" ? runs.preIf : runs.postIf;
}

const severity = { success: 0, failure: 1, cancelled: 2 } as const;

/** The graver of two statuses: a cancel outweighs a failure. */
export const worse = (a: Status, b: Status): Status => (severity[a] >= severity[b] ? a : b);

function createInnerFrame(
  outer: Frame,
  child: StepInstance,
  composite: CompositeStatus,
  action: ResolvedAction,
  inputs: Readonly<Record<string, string>>,
): Frame {
  const cancel = new AbortController();
  // Linked: what ends the composite ends the step inside, even one whose own `if` would go on.
  if (outer.cancel.signal.aborted) cancel.abort();
  else outer.cancel.signal.addEventListener("abort", () => cancel.abort(), { once: true });
  return {
    run: outer.run,
    record: outer.record,
    instance: child,
    step: child.step,
    stage: outer.stage,
    scope: outer.instance.scope,
    inputs,
    github: { ...outer.github, action_path: action.folder, action_status: composite.status },
    parent: composite,
    overrides: new Map(outer.overrides),
    cancel,
    outputs: {},
    commandFailed: false,
  };
}

function remember(
  child: StepInstance,
  frame: Frame,
  inner: Frame,
  result: { readonly outcome: Conclusion; readonly conclusion: Conclusion },
): void {
  if (child.step.id !== undefined) frame.instance.scope[child.step.id] = { outputs: inner.outputs, ...result };
}
