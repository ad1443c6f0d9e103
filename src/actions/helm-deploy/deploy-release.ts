import { comparePlan, isEmpty } from "../../helm/plan.ts";
import { readManifest } from "../../helm/read-manifest.ts";
import type { ReleaseRecord } from "../../helm/release-record.ts";
import { UserError } from "../../kit/user-error.ts";
import type { ObjectRef } from "../../kubernetes/kube-object.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import type { Cause } from "../../rollout/cause.ts";
import type { Wanted } from "../../rollout/snapshot.ts";
import type { Smoke } from "../smoke/take-smoke.ts";
import { applyCrds } from "./apply-crds.ts";
import { awaitUrl } from "./await-url.ts";
import { mayWatch } from "./check-access.ts";
import { collectEvidence } from "./evidence.ts";
import { explainFailure } from "./explain-failure.ts";
import { isReady } from "./is-ready.ts";
import { clearPending, takeTurn } from "./lock.ts";
import { ensureNamespace } from "./namespace.ts";
import type { NamespaceWish } from "./namespace-wish.ts";
import { mayBeOwnRevision } from "./own-revision.ts";
import { choosePatience } from "./patience.ts";
import { preflight } from "./preflight.ts";
import { prepareChart } from "./prepare-chart.ts";
import type { ReleaseFacts } from "./release-facts.ts";
import type { ReleaseOrder } from "./release-order.ts";
import { renderRelease } from "./render-release.ts";
import { rollBack } from "./roll-back.ts";
import { runTests } from "./run-tests.ts";
import type { Session } from "./session.ts";
import type { SmokeFacts } from "./smoke-release.ts";
import { type Ending, upgrade } from "./upgrade.ts";
import type { RolloutWatch } from "./watch-rollout.ts";

export interface DeployOptions {
  /** Written just before helm starts, into a namespace that is there. */
  readonly before?: () => Promise<void>;
  readonly namespace: NamespaceWish;
  /** Whether it is found out where the release is reached. */
  readonly address: boolean;
}

/**
 * Brings one release to what is wanted: rendered and looked at before anything is changed, watched while helm works,
 * rolled back when it fails.
 *
 * @throws UserError that says why it failed, once everything is looked after
 */
export async function deployRelease(session: Session, order: ReleaseOrder, options: DeployOptions): Promise<void> {
  const { teller, request, world } = session;
  teller.begin({ name: order.name, namespace: order.namespace, chart: order.chart.given });
  session.record({ release: order.name, namespace: order.namespace, rollback: undefined });
  const chart = await prepareChart(session, order);
  const { history, refusal } = await readTurn(session, order);
  beginRest(session, order);
  const rendered = await teller.phase("render", () => renderRelease(session, chart, { upgrade: history.length > 0 }));
  const smoke =
    order.smoke && (await (await import("./smoke-release.ts")).prepareSmoke(session, order, order.smoke, rendered));
  const takeSmoke = async (facts: Pick<SmokeFacts, "mayWatch" | "changed">): Promise<void> => {
    if (smoke === undefined) return;
    const { url = request.url } = teller.release();
    const known: Smoke = { ...smoke, order: { ...smoke.order, url } };
    await (await import("./smoke-release.ts")).smokeRelease(session, { ...facts, smoke: known, chart });
  };
  const findAddress = async (untilMs: number): Promise<void> => {
    if (options.address) teller.tell({ url: await awaitUrl(session, rendered.objects, untilMs) });
  };
  // A chart that does not render makes no namespace.
  const namespaceExists = await ensureNamespace(session, order.namespace, options.namespace);
  const deployed = history.find(({ record }) => record.status === "deployed")?.record;
  const plan = comparePlan(readBefore(deployed, order.namespace), [...rendered.objects, ...rendered.hooks]);
  const facts: ReleaseFacts = { chart, rendered, history, plan, namespaceExists };
  const refused = refusal ?? rendered.refused;
  if (refused === undefined) teller.tell({ plan, previous: deployed?.revision, revision: history[0]?.record.revision });
  const [watchable, patience] = await teller.phase("preflight", () =>
    Promise.all([
      mayWatch(session, rendered, order.namespace),
      choosePatience(session, rendered),
      preflight(session, facts),
    ]),
  );
  // Who lacks a right is told of all of them by the preflight; what it does not know of is told here.
  if (refused !== undefined) throw refused;
  if (request.planOnly) return teller.tell({ status: "planned" });
  const wanted = listWanted(facts);
  if (request.skipIfUnchanged && isEmpty(plan) && history[0]?.record.status === "deployed") {
    if (await isReady(session, wanted)) {
      // They are no part of the release, and may have changed.
      await options.before?.();
      teller.tell({ status: "unchanged" });
      await findAddress(teller.elapsed() + order.timeoutMs);
      return takeSmoke({ mayWatch: watchable, changed: false });
    }
    world.log.info(`${order.name} stands as it would be made, but is not ready: it is deployed again.`);
  }
  if (order.crds === "apply") await applyCrds(session, rendered.crds);
  await options.before?.();
  const untilMs = teller.elapsed() + order.timeoutMs;
  const ending = await teller.phase(history.length === 0 ? "install" : "upgrade", () =>
    upgrade(session, {
      chart,
      wanted,
      patience,
      revision: (history[0]?.record.revision ?? 0) + 1,
      willChange: (ref) => !plan.unchanged.some((one) => isSame(one, ref)),
      mayWatch: watchable,
    }),
  );
  await conclude(session, facts, { ending, mayWatch: watchable });
  await findAddress(untilMs);
  if (order.test) await runTests(session, chart, watchable);
  await takeSmoke({ mayWatch: watchable, changed: true });
}

/** What comes after helm's rendering is begun while nothing else is to do. Who needs it gets the fault, if there is one. */
function beginRest({ world, request }: Session, { smoke }: ReleaseOrder): void {
  const begun = [
    request.checks.has("pull") ? world.azure?.readCluster() : undefined,
    ...(smoke === undefined ? [] : [import("./smoke-release.ts")]),
    ...(request.checkUrl ? [import("./ask-address.ts")] : []),
    ...(smoke !== undefined || request.checkUrl ? [import("../../smoke/read-spec.ts")] : []),
  ];
  for (const one of begun) one?.catch(() => undefined);
}

/** Who may not even see what there is of a release goes on to the preflight, which knows all that is missing. */
async function readTurn(session: Session, order: ReleaseOrder) {
  try {
    return { history: await takeTurn(session, order), refusal: undefined };
  } catch (error) {
    if (session.world.readRefusal(error)?.status !== 403) throw error;
    return { history: [], refusal: error };
  }
}

/** What is left to do once helm has ended. @throws UserError unless all is ready */
async function conclude(
  session: Session,
  facts: ReleaseFacts,
  { ending, mayWatch }: { readonly ending: Ending; readonly mayWatch: boolean },
): Promise<void> {
  const { teller, world } = session;
  const { order } = facts.chart;
  const { releases } = await readLast(session, order);
  const [newest] = releases;
  teller.tell({
    revision: newest?.record.revision,
    appVersion: newest?.record.chart.appVersion ?? "",
    chartVersion: newest?.record.chart.version ?? "",
    chart: newest === undefined ? teller.release().chart : `${newest.record.chart.name} ${newest.record.chart.version}`,
  });
  const ours = newest !== undefined && isOurs(session, facts, newest, ending);
  // helm has ended, and so nobody works on it any more.
  if (ours && newest.record.status.startsWith("pending-")) {
    await clearPending(world.lastingCluster, newest);
    teller.note(`helm had left revision ${newest.record.revision} pending; it was cleared.`);
  }
  if (ending.kind === "cancelled") {
    teller.tell({ status: "cancelled" });
    throw new UserError(
      "cancelled",
      `The job was cancelled while ${order.release} was rolled out. It is not rolled back.`,
    );
  }
  if (ending.kind === "ready") {
    teller.tell({ status: "deployed" });
    if (session.request.evidence === "always") await keepEvidence(session, order.release, ending.watch, []);
    return;
  }
  const { causes, fault, watch } = ending;
  teller.tell({ status: "failed", causes });
  const evidence = await keepEvidence(session, order.release, watch, causes);
  const error = explainFailure(session, causes, fault, evidence);
  if (session.request.rollback === "on-failure" && ours && order.wait) await rollBack(session, facts.chart, mayWatch);
  throw error;
}

/** Whether helm has made the newest revision in this step: another one that was faster has the same number. */
function isOurs({ job }: Session, { history }: ReleaseFacts, { record }: StoredRelease, ending: Ending): boolean {
  if (record.revision === history[0]?.record.revision) return false;
  const raced = ending.kind === "failed" && /^helm-(?:locked|raced)$/.test(ending.fault?.code ?? "");
  return !raced && mayBeOwnRevision(record, job);
}

async function keepEvidence(session: Session, release: string, watch: RolloutWatch, causes: readonly Cause[]) {
  if (session.request.evidence === "never") return undefined;
  const evidence = await collectEvidence(session, release, watch.snapshot(), causes);
  session.teller.keep(evidence);
  return evidence;
}

async function readLast({ world }: Session, order: ReleaseFacts["chart"]["order"]) {
  return world.readReleases(order.namespace, order.release);
}

function readBefore(deployed: ReleaseRecord | undefined, namespace: string) {
  const parts = [deployed?.manifest ?? "", ...(deployed?.hooks ?? []).map(({ manifest }) => manifest)];
  const read = readManifest(parts.join("\n---\n"), namespace);
  return "value" in read ? read.value : [];
}

function listWanted({ rendered }: ReleaseFacts): readonly Wanted[] {
  const named =
    (hook: boolean) =>
    (one: { readonly object: ReleaseFacts["rendered"]["objects"][number]["object"] }): Wanted => {
      const { apiVersion, kind, metadata } = one.object;
      return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, hook };
    };
  return [...rendered.objects.map(named(false)), ...rendered.hooks.map(named(true))];
}

function isSame(one: ObjectRef, other: ObjectRef): boolean {
  return one.kind === other.kind && one.name === other.name && (one.namespace ?? "") === (other.namespace ?? "");
}
