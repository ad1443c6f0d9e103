import { TaskFailure } from "./failure.ts";
import type { Step } from "./task.ts";

/** A step waits for the one before it, or for those it names; nothing runs side by side here. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const ids = new Set(steps.map(({ id }) => id));
  if (ids.size < steps.length) throw new TaskFailure("failed to create DAG: step IDs must be unique");
  const ordered: Step[] = [];
  const done = () => new Set(ordered.map(({ id }) => id));
  while (ordered.length < steps.length) {
    const ready = steps.find((step, index) => {
      const before =
        step.when?.filter((id) => id !== "-") ?? steps.slice(Math.max(index - 1, 0), index).map(({ id }) => id);
      const missing = before.find((id) => !ids.has(id));
      if (missing !== undefined)
        throw new TaskFailure(`failed to create DAG: step ${step.id} waits for ${missing}, which does not exist`);
      return !ordered.includes(step) && before.every((id) => done().has(id));
    });
    if (ready === undefined) throw new TaskFailure("failed to create DAG: a cycle was found");
    ordered.push(ready);
  }
  return ordered;
}
