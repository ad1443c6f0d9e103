import type { ReleasePlan } from "../../helm/plan.ts";
import type { ObjectRef } from "../../kubernetes/kube-object.ts";

const MOST_LINES = 200;

/** A plan as lines of a diff: what comes, what goes, and each field that changes. */
export function listPlanLines({ added, changed, removed }: ReleasePlan): readonly string[] {
  const lines = [
    ...added.map((ref) => `+ ${nameOf(ref)}`),
    ...changed.flatMap(({ ref, fields }) => [
      `! ${nameOf(ref)}`,
      ...fields.flatMap(({ path, before, after }) => [
        ...(before === undefined ? [] : [`-   ${path}: ${before}`]),
        ...(after === undefined ? [] : [`+   ${path}: ${after}`]),
      ]),
    ]),
    ...removed.map((ref) => `- ${nameOf(ref)}`),
  ];
  const left = lines.length - MOST_LINES;
  return left <= 0 ? lines : [...lines.slice(0, MOST_LINES), `  … and ${left} more lines`];
}

function nameOf({ kind, name }: ObjectRef): string {
  return `${kind}/${name}`;
}
