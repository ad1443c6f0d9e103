import { explainHelm, type HelmFault } from "../../helm/explain-helm.ts";
import { makeUpgradeArguments } from "../../helm/helm-arguments.ts";
import { renderRunLabels } from "../../helm/run-labels.ts";
import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import type { Cause } from "../../rollout/cause.ts";
import type { Wanted } from "../../rollout/snapshot.ts";
import type { Patience } from "../../rollout/verdict.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import { createProgressLine } from "./progress-line.ts";
import type { Session } from "./session.ts";
import { type RolloutWatch, watchRollout } from "./watch-rollout.ts";

export interface UpgradeFacts {
  readonly chart: PreparedChart;
  readonly wanted: readonly Wanted[];
  readonly willChange: (ref: ObjectRef) => boolean;
  readonly patience: Patience;
  /** The number that this revision will have. */
  readonly revision: number;
  /** Whether all kinds of the chart may be watched: helm 4 fails after it has applied where it may not. */
  readonly mayWatch: boolean;
}

/** How a rollout ended. */
export type Ending =
  | { readonly kind: "ready"; readonly watch: RolloutWatch }
  | {
      readonly kind: "failed";
      readonly causes: readonly Cause[];
      /** What helm says, where the cluster shows nothing that says more. */
      readonly fault: HelmFault | undefined;
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
    patience: facts.patience,
    onVerdict: (verdict, parts) => {
      say(verdict);
      teller.tell({ parts });
    },
  });
  try {
    await watch.synced;
    const stop = new AbortController();
    const parameters = makeUpgradeArguments(order, helm.version, {
      labels: renderRunLabels(job, facts.revision),
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
        : { kind: "failed", causes: first.causes, fault: undefined, watch };
    }
    const { outcome } = first;
    if (world.cancelled.aborted) return { kind: "cancelled" };
    watch.applied();
    if (outcome.exitCode !== 0) {
      const fault = explainHelm(outcome.stderr, { version: helm.version, chart: chart.folder });
      const causes = watching && isWait(fault) ? listShown(watch) : [];
      return { kind: "failed", causes, fault, watch };
    }
    if (watching) {
      const left = Math.max(0, order.timeoutMs - (teller.elapsed() - beganAt));
      const verdict = await watch.settle(left);
      if (world.cancelled.aborted) return { kind: "cancelled" };
      if (verdict.state !== "ready") {
        return { kind: "failed", causes: listShown(watch), fault: undefined, watch };
      }
      // What is ready and still looks wrong stops nothing, and is not passed over in silence.
      for (const { sentence, fix } of verdict.doubts) world.log.warning(world.redact(`${sentence}\nTo do: ${fix}`));
    }
    teller.tell({ readyMs: teller.elapsed() - beganAt });
    return { kind: "ready", watch };
  } finally {
    watch.end();
  }
}

/** Whether helm has only waited in vain: then the cluster shows more than helm says. */
function isWait({ code }: HelmFault): boolean {
  return code === "helm-timeout" || code === "hook-failed" || code === "helm-not-ready";
}

function listShown(watch: RolloutWatch): readonly Cause[] {
  const verdict = watch.verdict();
  if (verdict.state === "failed") return verdict.causes;
  // What is said of something that is ready stops nothing.
  return verdict.state === "progressing" ? verdict.doubts : [];
}
