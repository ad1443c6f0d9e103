import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import { type Condition, findCondition, isObserved, listConditions } from "../../../rollout/condition.ts";
import { kindOf } from "../../../rollout/seen.ts";
import type { Resources } from "../../../smoke/spec/checks/resources.ts";
import { type Finding, holds, type Judge, never, notYet } from "./finding.ts";

interface Wanted {
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
}

/** A condition has to say something of the object as it now is: one of an earlier generation says nothing. */
export function judgeByCondition(condition: NonNullable<Resources["condition"]>): Judge {
  const wanted: Wanted =
    typeof condition === "string"
      ? { type: condition, status: "True", reason: undefined }
      : { ...condition, reason: condition.reason };
  return {
    expected: `condition ${tell(wanted.type, wanted.status, wanted.reason ?? "")}`,
    open: async () => (object) => judge(object, wanted),
  };
}

function judge(object: KubeObject, { type, status, reason }: Wanted): Finding {
  const found = findCondition(object, type);
  const over = found?.status === status ? undefined : findEnd(object, type);
  if (over !== undefined) return never(`the Job is over: ${tellCondition(over)}`);
  if (found === undefined) {
    const others = listConditions(object).map((each) => each.type);
    return notYet(`no condition ${type}${others.length === 0 ? ", nor any other" : `, only ${others.join(", ")}`}`);
  }
  const { observedGeneration = Number.POSITIVE_INFINITY } = found;
  if (!isObserved(object) || observedGeneration < (object.metadata.generation ?? 0)) {
    return notYet(`${tellCondition(found)}, from before its last change`);
  }
  const same = found.status === status && (reason === undefined || found.reason === reason);
  return same ? holds(tellCondition(found)) : notYet(tellCondition(found));
}

/** A Job that has failed will never be complete, and the other way round. */
function findEnd(object: KubeObject, type: string): Condition | undefined {
  if (kindOf(object) !== "batch/Job" || (type !== "Complete" && type !== "Failed")) return undefined;
  const other = findCondition(object, type === "Complete" ? "Failed" : "Complete");
  return other?.status === "True" ? other : undefined;
}

function tellCondition({ type, status, reason, message }: Condition): string {
  return `${tell(type, status, reason)}${message === "" || status === "True" ? "" : `: ${message}`}`;
}

function tell(type: string, status: string, reason: string): string {
  return `${type}=${status}${reason === "" ? "" : ` (${reason})`}`;
}
