import { explainHelm } from "../../helm/explain-helm.ts";
import { makeTemplateArguments } from "../../helm/helm-arguments.ts";
import { type ManifestObject, readManifest } from "../../helm/read-manifest.ts";
import { listLeaves } from "../../helm/value-tree.ts";
import { UserError } from "../../kit/user-error.ts";
import { helmFault } from "./helm-fault.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { Session } from "./session.ts";

/** What a chart comes to with these values, before anything is sent. */
export interface Rendered {
  /** Without hooks, tests and CRDs. */
  readonly objects: readonly ManifestObject[];
  readonly hooks: readonly ManifestObject[];
  /** Of the chart's folder `crds`. */
  readonly crds: readonly ManifestObject[];
  /** Why the cluster was not asked, where it does not let us: what templates look up there is missing then. */
  readonly refused: UserError | undefined;
}

/**
 * Renders a chart with all that this cluster knows and says, and masks what its Secrets hold.
 *
 * @throws UserError `chart-render-failed`, `values-invalid`, …, with file and line where helm tells them
 */
export async function renderRelease(
  session: Session,
  chart: PreparedChart,
  { upgrade }: { readonly upgrade: boolean },
): Promise<Rendered> {
  const { helm, world, kubeVersion } = session;
  const render = async (online: boolean, more: { readonly adopt?: boolean } = {}) => {
    const facts = { online, upgrade, kubeVersion, ...more };
    const done = await helm.run({
      name: "template",
      parameters: makeTemplateArguments(chart.order, helm.version, facts),
    });
    return done.exitCode === 0 ? done : explainHelm(done.stderr, { version: helm.version, chart: chart.folder });
  };
  const asked = await render(true);
  // Those of the folder crds belong to no release: applied for one, they stand in the way of the next.
  const foreign = "code" in asked && asked.code === "not-owned" && asked.object?.kind === "CustomResourceDefinition";
  const online = foreign ? await render(true, { adopt: true }) : asked;
  // A chart that brings its own CRDs makes objects of kinds that the cluster does not know yet.
  const alone = "code" in online && (online.code === "crd-missing" || online.code === "cluster-forbidden");
  const done = alone ? await render(false) : online;
  // A helm that was told to stop in the middle may end as if all was well, with half of what it had to print.
  refuseCancelled(world, "helm to render the chart");
  if ("code" in done) throw helmFault(session, done);
  const read = readManifest(done.stdout, chart.order.namespace);
  if ("problems" in read) {
    throw new UserError("chart-render-failed", read.problems.map(({ message }) => message).join("\n"));
  }
  for (const object of read.value) maskSecret(object, world.mask);
  const live = read.value.filter(({ hook }) => hook === undefined);
  return {
    objects: live.filter(({ crd }) => !crd),
    hooks: read.value.filter(({ hook }) => hook !== undefined && !hook.events.includes("test")),
    crds: live.filter(({ crd }) => crd),
    refused: "code" in online && online.code === "cluster-forbidden" ? helmFault(session, online) : undefined,
  };
}

/** Shorter ones would blank out ordinary words. */
const SHORTEST = 4;

function maskSecret({ object }: ManifestObject, mask: (secret: string) => void): void {
  if (object.kind !== "Secret") return;
  const texts = listLeaves(object["stringData"]);
  const data = listLeaves(object["data"]);
  const decoded = data.map((value) => Buffer.from(value, "base64").toString("utf8"));
  for (const value of [...texts, ...decoded, ...data]) if (value.trim().length >= SHORTEST) mask(value);
}
