import { explainHelm, type HelmFault } from "../../helm/explain-helm.ts";
import { makeUpgradeArguments } from "../../helm/helm-arguments.ts";
import { renderRunLabels } from "../../helm/run-labels.ts";
import { UserError } from "../../kit/user-error.ts";
import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import type { Cause } from "../../rollout/cause.ts";
import type { Wanted } from "../../rollout/snapshot.ts";
import { helmFault } from "./helm-fault.ts";
import { PATIENCE } from "./patience.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import { createProgressLine } from "./progress-line.ts";
import type { Session } from "./session.ts";
import { type RolloutWatch, watchRollout } from "./watch-rollout.ts";

export interface UpgradeFacts {
  readonly chart: PreparedChart;
  readonly wanted: readonly Wanted[];
  readonly willChange: (ref: ObjectRef) => boolean;
  /** Whether all kinds of the chart may be watched: helm 4 fails after it has applied where it may not. */
  readonly mayWatch: boolean;
}

/** How a rollout ended. */
export type Ending =
  | { readonly kind: "ready" }
  | {
      readonly kind: "failed";
      readonly causes: readonly Cause[];
      readonly error: UserError;
      readonly watch: RolloutWatch;
    }
  | { readonly kind: "cancelled" };

/**
 * Lets helm upgrade or install, and watches what becomes of it. As soon as it is certain that the rollout fails, helm is
 * told to stop, which marks the revision as failed.
 */
export async function upgrade(session: Session, facts: UpgradeFacts): Promise<Ending> {
  const { world, helm, job, teller } = session;
  const { chart } = facts;
  const { order } = chart;
  const watching = chart.watched;
  const beganAt = teller.elapsed();
  const say = createProgressLine(world, order.release);
  const watch = watchRollout({
    cluster: world.cluster,
    world,
    namespace: order.namespace,
    wanted: watching ? facts.wanted : [],
    willChange: facts.willChange,
    patience: PATIENCE,
    onVerdict: (verdict, parts) => {
      say(verdict);
      teller.tell({ parts });
    },
  });
  try {
    await watch.synced;
    const stop = new AbortController();
    const parameters = makeUpgradeArguments(order, helm.version, {
      labels: renderRunLabels(job),
      description: job.runUrl,
      mayWatch: facts.mayWatch,
    });
    const running = helm.run({ name: "upgrade", parameters, stop: stop.signal });
    const first = await Promise.race([
      running.then((outcome) => ({ outcome })),
      ...(watching ? [watch.failed.then((causes) => ({ causes }))] : []),
    ]);
    if ("causes" in first) {
      for (const cause of first.causes) world.log.info(world.redact(`${cause.code}: ${cause.sentence}`));
      // The evidence is read while the pods are there: helm takes nothing away when it is told to stop.
      stop.abort();
      await running;
      return world.cancelled.aborted
        ? { kind: "cancelled" }
        : { kind: "failed", causes: first.causes, error: explainCauses(session, first.causes), watch };
    }
    const { outcome } = first;
    if (world.cancelled.aborted) return { kind: "cancelled" };
    watch.applied();
    if (outcome.exitCode !== 0) {
      const fault = explainHelm(outcome.stderr, { version: helm.version, chart: chart.folder });
      return { ...blame(session, watch, fault, watching), watch };
    }
    if (watching) {
      const left = Math.max(0, order.timeoutMs - (teller.elapsed() - beganAt));
      const verdict = await watch.settle(left);
      if (world.cancelled.aborted) return { kind: "cancelled" };
      if (verdict.state !== "ready") {
        const causes = verdict.state === "failed" ? verdict.causes : verdict.doubts;
        return { kind: "failed", causes, error: explainCauses(session, causes), watch };
      }
    }
    teller.tell({ readyMs: teller.elapsed() - beganAt });
    return { kind: "ready" };
  } finally {
    watch.end();
  }
}

/** helm has given up: what the cluster shows says more than helm does, unless helm was refused right away. */
function blame(
  session: Session,
  watch: RolloutWatch,
  fault: HelmFault,
  watching: boolean,
): Omit<Extract<Ending, { kind: "failed" }>, "watch"> {
  const verdict = watch.verdict();
  const shown = verdict.state === "failed" ? verdict.causes : verdict.state === "progressing" ? verdict.doubts : [];
  const waited = fault.code === "helm-timeout" || fault.code === "hook-failed" || fault.code === "helm-not-ready";
  const causes = watching && waited ? shown : [];
  const error = causes.length > 0 ? explainCauses(session, causes) : helmFault(session, fault);
  return { kind: "failed", causes, error };
}

/** The first cause says it; the others are told beside it. */
function explainCauses({ world }: Session, causes: readonly Cause[]): UserError {
  const [first] = causes;
  if (first === undefined) {
    const text = "The rollout was not ready in time, and nothing in the cluster says why. See the evidence.";
    return new UserError("rollout-timeout", text);
  }
  const others = causes.slice(1).map(({ sentence }) => `Also: ${sentence}`);
  const said = first.said === "" || first.sentence.includes(first.said) ? [] : [`Kubernetes said: ${first.said}`];
  const text = [first.sentence, `To do: ${first.fix}`, ...said, ...others].join("\n");
  return new UserError("rollout-failed", world.redact(text));
}
