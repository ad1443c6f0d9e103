import type { ActionSource, ResolvedAction } from "./action-source.ts";
import type { Step } from "./job.ts";
import type { StepsScope } from "./job-run.ts";

/** A step of this run, the same object in all its stages. */
export interface StepInstance {
  readonly step: Step;
  /** Its id, or a name that begins with `__` and cannot be referred to. */
  readonly contextName: string;
  readonly depth: number;
  readonly around: ResolvedAction | undefined;
  /** Undefined for `run`, and for `./` until the step starts. */
  action: ResolvedAction | undefined;
  /** Steps of its composite. */
  children: readonly StepInstance[];
  /** The steps context of its composite, kept for post. */
  readonly scope: StepsScope;
  /** From GITHUB_STATE, shared by its stages only. */
  readonly state: Map<string, string>;
  postRegistered: boolean;
}

/** Composite levels below a step that the runner allows (Constants.CompositeActionsMaxDepth). */
export const maxCompositeDepth = 9;

/** Makes the instances of a list of steps and resolves what can be resolved before the job starts. */
export function createInstances(
  steps: readonly Step[],
  source: ActionSource,
  around?: ResolvedAction,
  depth = 0,
): readonly StepInstance[] {
  if (depth > maxCompositeDepth) throw new Error(`Composite action depth exceeded max depth ${maxCompositeDepth}`);
  const taken = new Map<string, number>();
  return steps.map((step) => {
    const instance: StepInstance = {
      step,
      contextName: step.id ?? generateName(step, taken),
      depth,
      around,
      action: undefined,
      children: [],
      scope: {},
      state: new Map(),
      postRegistered: false,
    };
    if (step.uses?.startsWith("./") === false) resolveInstance(instance, source);
    return instance;
  });
}

/** Resolves the action of a step, and of the steps inside it. */
export function resolveInstance(instance: StepInstance, source: ActionSource): ResolvedAction {
  if (instance.action !== undefined) return instance.action;
  const { step, around, depth } = instance;
  const action = source.resolve(step.uses ?? "", around);
  if (action.manifest.runs.kind === "composite") {
    instance.children = createInstances(action.manifest.runs.steps, source, action, depth + 1);
    // Only the workspace's own actions may not be there before the job runs; inside one of them they are.
    if (action.local) for (const child of instance.children) if (child.step.uses) resolveInstance(child, source);
  }
  instance.action = action;
  return action;
}

/** Whether a stage before the first step belongs to this step. */
export function hasPre(instance: StepInstance): boolean {
  const { action } = instance;
  if (action === undefined || action.local) return false;
  const { runs } = action.manifest;
  return runs.kind === "node" ? runs.pre !== undefined : instance.children.some(hasPre);
}

/** Whether something is to run after the job for this step. */
export function hasPost(instance: StepInstance): boolean {
  const runs = instance.action?.manifest.runs;
  if (runs === undefined) return false;
  return runs.kind === "node" ? runs.post !== undefined : instance.children.some(hasPost);
}

/** `__run`, `__self`, `__owner_name`, and `_2` and so on for repetitions: what GitHub calls steps without an id. */
function generateName(step: Step, taken: Map<string, number>): string {
  const uses = step.uses?.split("@")[0];
  const base =
    uses === undefined
      ? "__run"
      : uses.startsWith("./")
        ? "__self"
        : `__${uses.replace(/^\$\//, "").replaceAll("/", "_")}`;
  const count = (taken.get(base) ?? 0) + 1;
  taken.set(base, count);
  return count === 1 ? base : `${base}_${count}`;
}
