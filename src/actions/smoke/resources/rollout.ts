import { UserError } from "../../../kit/user-error.ts";
import type { KubeObject, ObjectKind, ObjectRef } from "../../../kubernetes/kube-object.ts";
import type { Cause } from "../../../rollout/cause.ts";
import { isStatusless } from "../../../rollout/kinds/custom-rules.ts";
import { hasReadiness, isCustom } from "../../../rollout/kinds/judge-object.ts";
import { fieldOf } from "../../../rollout/read-field.ts";
import { kindOf, refOf } from "../../../rollout/seen.ts";
import { type RolloutTrack, trackRollout } from "../../../rollout/track-rollout.ts";
import type { Part, Verdict } from "../../../rollout/verdict.ts";
import { listWatchedKinds } from "../../../rollout/watched-kinds.ts";
import { PATIENCE } from "../../helm-deploy/patience.ts";
import { pickRelated } from "../related-objects.ts";
import type { Scope } from "../scope.ts";
import { type Finding, holds, type Judge, never, notYet } from "./finding.ts";
import { listOptional } from "./list-optional.ts";

const MAKES_PODS = /^(?:Pod|apps\/.*|batch\/Job)$/;

/**
 * A rollout by the judgement of helm-deploy, and stricter where that lets pass what only is not wrong: a custom resource
 * without a status, a Job that is suspended.
 *
 * @throws UserError `smoke-spec-invalid` for a kind that is ready as soon as it is there
 */
export function judgeByRollout(kind: ObjectKind, scope: Scope): Judge {
  if (!hasReadiness(kindOf(kind))) {
    throw new UserError(
      "smoke-spec-invalid",
      `rollout: expected a kind that can be unready, such as Deployment or Job, got ${kind.kind} of ${kind.apiVersion}. Of kinds that are ready as soon as they are there say exists: true.`,
    );
  }
  let track: RolloutTrack | undefined;
  return {
    expected: "rolled out and ready",
    open: async (objects) => {
      const wanted = objects.map((object) => ({ ...refOf(object), hook: false }));
      const lists = listWatchedKinds(wanted).map(({ needed, namespace, ...each }) =>
        needed ? scope.watches.list(each, namespace) : listOptional(scope, each, namespace),
      );
      const at = scope.world.now();
      const all = await Promise.all(lists);
      // Of what is asked by labels or by address any object may count.
      const seen = MAKES_PODS.test(kindOf(kind)) ? pickRelated(objects, all) : all.flat();
      track = trackRollout(track, { at, startedAt: scope.startedAt, wanted, objects: seen }, PATIENCE);
      const { verdict } = track;
      const parts = new Map(verdict.parts.map((part) => [keyOf(part.ref), part]));
      return (object) => judge(object, parts.get(keyOf(refOf(object))), verdict, at);
    },
  };
}

function judge(object: KubeObject, part: Part | undefined, verdict: Verdict, at: Date): Finding {
  if (part === undefined) return notYet("not there yet");
  const { state, told } = part;
  const cause = findCause(verdict, part.ref);
  if (state === "failed") return never(cause?.sentence ?? told);
  if (state === "progressing") return notYet(cause === undefined ? told : `${told}; ${cause.sentence}`);
  if (kindOf(object) === "batch/Job" && fieldOf(object, "spec", "suspend") === true) return notYet("it is suspended");
  const silent = isCustom(kindOf(object)) && !isStatusless(kindOf(object)) && fieldOf(object, "status") === undefined;
  if (silent) return notYet("it has no status, so that nobody says whether it is ready");
  const until = verdict.state === "ready" ? verdict.settleUntil : undefined;
  if (until !== undefined && until > at) return notYet(`${told}, and looked at for a while, since it has just begun`);
  return holds(told);
}

function findCause(verdict: Verdict, ref: ObjectRef): Cause | undefined {
  const all = verdict.state === "failed" ? verdict.causes : verdict.doubts;
  return all.find(({ subject, also }) => [subject, ...also].some((each) => keyOf(each) === keyOf(ref)));
}

function keyOf(ref: ObjectRef): string {
  return `${kindOf(ref)} ${ref.namespace ?? ""} ${ref.name}`;
}
