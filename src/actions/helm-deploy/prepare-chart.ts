import type { Chart } from "../../helm/chart-reference.ts";
import { explainHelm } from "../../helm/explain-helm.ts";
import { makePullArguments } from "../../helm/helm-arguments.ts";
import type { HelmOrder } from "../../helm/helm-order.ts";
import { mergeTrees } from "../../helm/value-tree.ts";
import { UserError } from "../../kit/user-error.ts";
import { helmFault } from "./helm-fault.ts";
import type { ReleaseOrder } from "./release-order.ts";
import type { Session } from "./session.ts";

/** A chart that lies on this machine, with all its values in files. */
export interface PreparedChart {
  /** What helm is told. */
  readonly order: HelmOrder;
  /** The chart's folder, as the workspace has it: where its templates are annotated; undefined for one from elsewhere. */
  readonly folder: string | undefined;
  /** Whether the rollout is watched besides, and judged by what the cluster shows. */
  readonly watched: boolean;
}

/**
 * Brings a release's chart to this machine, once, and writes its values into files of the step.
 *
 * @throws UserError `bad-input` for what is not on this machine, `chart-missing`, `chart-denied`, …
 */
export async function prepareChart(session: Session, order: ReleaseOrder): Promise<PreparedChart> {
  const { world } = session;
  const problems: string[] = [];
  for (const path of order.valueFiles) {
    if ((await world.files.kindOf(world.files.resolve(path))) === "file") continue;
    problems.push(`values: expected a file, got ${path}: there is none at ${world.files.resolve(path)}`);
  }
  const { chart } = order;
  const local = chart.kind === "folder" || chart.kind === "archive" ? world.files.resolve(chart.path) : undefined;
  if (local !== undefined && (await world.files.kindOf(local)) === undefined) {
    problems.push(`chart: expected a chart's folder or .tgz, got ${order.chart.given}: there is nothing at ${local}`);
  }
  if (problems.length > 0) throw new UserError("bad-input", problems.join("\n"));
  const path = local ?? (await pull(session, order));
  const files = order.valueFiles.map((file) => world.files.resolve(file));
  const own = await writeValues(session, order);
  return {
    folder: chart.kind === "folder" ? chart.path : undefined,
    watched: order.wait === "watch",
    order: {
      release: order.name,
      namespace: order.namespace,
      chart: path,
      valueFiles: [...files, ...own],
      set: order.set,
      setString: order.setString,
      setFile: order.setFile,
      setJson: order.setJson,
      timeoutMs: order.timeoutMs,
      wait: order.wait !== "none",
      force: order.force,
      takeOwnership: order.takeOwnership,
      skipCrds: order.crds !== "install-only",
      context: session.request.kubeContext,
    },
  };
}

/** Downloads a chart, so that what was looked at is what is deployed. */
async function pull(session: Session, order: ReleaseOrder): Promise<string> {
  const { helm, world } = session;
  const folder = await world.files.makeFolder(`chart-${order.name}`);
  await logIn(session, order.chart);
  const parameters = makePullArguments(order.chart, order.version, folder);
  const done = await session.teller.phase("pull chart", () => helm.run({ name: "pull", parameters }));
  if (done.exitCode !== 0)
    throw helmFault(session, explainHelm(done.stderr, { version: helm.version, chart: undefined }));
  const [archive] = (await world.files.list(folder)).filter((name) => name.endsWith(".tgz"));
  if (archive === undefined)
    throw new UserError("chart-missing", `helm pulled ${order.chart.given}, and there is no .tgz.`);
  return `${folder}/${archive}`;
}

/** Charts in a registry of Azure are pulled with the job's own identity. */
async function logIn({ world }: Session, chart: Chart): Promise<void> {
  const host = chart.kind === "oci" ? chart.reference.replace(/^oci:\/\//, "").split("/")[0] : undefined;
  const login = host === undefined ? undefined : await world.azure?.findLogin(host);
  if (host !== undefined && login !== undefined) await world.logIn(host, login);
}

/** A value on a command line is for everybody on the machine to read. */
async function writeValues({ world }: Session, order: ReleaseOrder): Promise<readonly string[]> {
  const values = mergeTrees(order.values, order.secretValues);
  if (Object.keys(values).length === 0) return [];
  // JSON is YAML.
  return [await world.files.writeSecret(`values-${order.name}.yaml`, JSON.stringify(values))];
}
