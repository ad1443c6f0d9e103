import { UserError } from "../../../kit/user-error.ts";
import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import { refOf } from "../../../rollout/seen.ts";
import { judgeColdStart, tellBudget } from "../../../smoke/cold-start.ts";
import type { Coldstart } from "../../../smoke/spec/checks/coldstart.ts";
import { explainMaker, explainScaler } from "../coldstart/explain-late.ts";
import { type Hearing, hearJobs, hearReplicas } from "../coldstart/hear.ts";
import { beginWatching, hearChanges } from "../coldstart/watch.ts";
import { readScaler, type ScalerRef } from "../keda/scaler.ts";
import type { Checker, Look } from "../look.ts";
import type { Scope } from "../scope.ts";

const MOST_INVOLVED = 3;

/** How long it takes from a message until its work is done and nothing runs any more, by when it was heard of. */
export const coldstartChecker: Checker<"coldstart"> = {
  prepare: (payload, scope) => beginWatching(readScaler(payload, scope), scope),
  begin: (payload, scope) => {
    const ref = readScaler(payload, scope);
    // What kept a pod from starting is told on when the pod is gone.
    const before: string[] = [];
    return { look: () => lookAtStart(payload, ref, scope, before) };
  },
};

async function lookAtStart(payload: Coldstart, ref: ScalerRef, scope: Scope, before: string[]): Promise<Look> {
  const expected = `${ref.kind} ${ref.name}: ${tellBudget(payload)}`;
  const publishedAtMs = readPublished(scope);
  const { heard, makers, warm } = await hear(ref, publishedAtMs, scope);
  const involved = [ref, ...makers.slice(0, MOST_INVOLVED).map(refOf)];
  if (warm !== undefined) {
    const seen = `it was no cold start: ${warm} already ran when the message was published`;
    return { state: "never", expected, seen, involved };
  }
  const { state, phases, told, wanting } = judgeColdStart(heard, { publishedAtMs, nowMs: scope.elapsed() }, payload);
  const seen = wanting === undefined ? [told] : [told, ...(await explain(ref, makers[0], scope, before))];
  return { state, expected, seen: seen.join("; "), involved, phases };
}

async function explain(
  ref: ScalerRef,
  maker: KubeObject | undefined,
  scope: Scope,
  before: string[],
): Promise<readonly string[]> {
  const cause = maker === undefined ? undefined : await explainMaker(maker, ref, scope);
  if (cause !== undefined) {
    before.splice(0, before.length, cause);
    return [cause];
  }
  const told = await explainScaler(ref, scope);
  return [...(told === undefined ? [] : [told]), ...before.map((one) => `before: ${one}`)];
}

function readPublished({ memory }: Scope): number {
  if (memory.publishedAtMs !== undefined) return memory.publishedAtMs;
  throw new UserError(
    "smoke-nothing-published",
    "A cold start begins with a message, and nothing was published before it in this test.\nTo do: put {nats: {publish: {subject: …}}} before it.",
  );
}

async function hear(ref: ScalerRef, publishedAtMs: number, scope: Scope): Promise<Hearing> {
  const changes = await hearChanges(ref, publishedAtMs, scope);
  return ref.kind === "ScaledJob" ? hearJobs(ref.name, changes, publishedAtMs) : hearReplicas(changes, publishedAtMs);
}
