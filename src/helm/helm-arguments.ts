import type { Chart } from "./chart-reference.ts";
import type { HelmOrder } from "./helm-order.ts";
import type { HelmVersion } from "./helm-version.ts";

/**
 * What helm is called with. A value is joined to its flag, and names stand behind `--`, so that no text from outside is
 * ever taken for a flag.
 */
type Parameters = readonly string[];

export interface TemplateFacts {
  /**
   * Whether templates may look into the cluster (`lookup`). Helm 4 then also asks it what it can do, and refuses objects
   * of kinds that it does not know yet, such as those of the chart's own CRDs.
   */
  readonly online: boolean;
  /** Whether the release is there already, which templates may ask. */
  readonly upgrade: boolean;
  /** Objects that are there without helm are no reason to render nothing. */
  readonly adopt?: boolean;
  /** `v1.36.3`: for all but helm 4 online. */
  readonly kubeVersion?: string;
  /** `apps/v1`, `apps/v1/Deployment`, besides those that helm knows by itself. */
  readonly apiVersions?: readonly string[];
}

/** Renders a chart with its hooks and its folder `crds`. Nothing is changed. */
export function makeTemplateArguments(order: HelmOrder, { major }: HelmVersion, facts: TemplateFacts): Parameters {
  const { online, upgrade, adopt = order.takeOwnership, kubeVersion, apiVersions = [] } = facts;
  const asks = online && major === 4;
  return [
    "template",
    ...makeTarget(order),
    ...(online ? ["--dry-run=server"] : []),
    ...(upgrade ? ["--is-upgrade"] : []),
    ...(asks && adopt ? ["--take-ownership"] : []),
    ...(asks || kubeVersion === undefined ? [] : [`--kube-version=${kubeVersion}`]),
    ...(asks ? [] : apiVersions.map((version) => `--api-versions=${version}`)),
    "--include-crds",
    ...makeValues(order),
    "--",
    order.release,
    order.chart,
  ];
}

export interface UpgradeFacts {
  /** They are on the release from its first moment, also while it is pending. */
  readonly labels: Readonly<Record<string, string>>;
  /** Kept with a revision that was deployed. */
  readonly description: string;
  /** Whether all kinds of the chart may be listed and watched: helm 4's watcher fails where it may not, after applying. */
  readonly mayWatch: boolean;
}

/**
 * Installs or upgrades. Helm never rolls back by itself: it would take away what shows why it failed.
 *
 * Fields are forced only together with server-side apply: helm 4 refuses it for a release that helm 3 wrote.
 */
export function makeUpgradeArguments(order: HelmOrder, { major }: HelmVersion, facts: UpgradeFacts): Parameters {
  const labels = Object.entries(facts.labels).map(([name, value]) => `${name}=${value}`);
  return [
    "upgrade",
    "--install",
    ...makeTarget(order),
    makeTimeout(order.timeoutMs),
    ...makeWait(order.wait, major, facts.mayWatch),
    ...makeForce(order.force, major),
    ...(order.takeOwnership ? ["--take-ownership"] : []),
    ...(order.skipCrds ? ["--skip-crds"] : []),
    ...(labels.length === 0 ? [] : [`--labels=${labels.join(",")}`]),
    ...(facts.description === "" ? [] : [`--description=${facts.description}`]),
    ...makeValues(order),
    "--",
    order.release,
    order.chart,
  ];
}

type Target = Pick<HelmOrder, "release" | "namespace" | "context">;

/** Goes back to a revision that is named: helm's own choice is the one before, whatever became of it. */
export function makeRollbackArguments(
  order: Target & Pick<HelmOrder, "timeoutMs" | "force">,
  revision: number,
  { major }: HelmVersion,
  mayWatch = true,
): Parameters {
  return [
    "rollback",
    ...makeTarget(order),
    makeTimeout(order.timeoutMs),
    ...makeWait(true, major, mayWatch),
    ...makeForce(order.force, major),
    "--",
    order.release,
    String(revision),
  ];
}

/**
 * Takes a release's objects away, with all that they have made, and what is known of its revisions, and waits until they
 * are gone. Helm 4 asks for each by its name: its watcher takes a right to list and watch every kind.
 */
export function makeUninstallArguments(
  order: Target & Pick<HelmOrder, "timeoutMs">,
  { major }: HelmVersion,
): Parameters {
  return [
    "uninstall",
    ...makeTarget(order),
    makeTimeout(order.timeoutMs),
    ...makeWait(true, major, false),
    // In the background, pods would outlive the Deployment that helm waits for.
    "--cascade=foreground",
    "--ignore-not-found",
    "--",
    order.release,
  ];
}

/**
 * Runs the chart's tests. What they print is read by ourselves: `--logs` comes too late for a pod that is deleted.
 *
 * @param tests names of those that are run; all where empty. Of a name that no test has, helm says nothing
 */
export function makeTestArguments(
  order: Target & Pick<HelmOrder, "timeoutMs">,
  tests: readonly string[] = [],
): Parameters {
  const filters = tests.map((name) => `--filter=name=${name}`);
  return ["test", ...makeTarget(order), makeTimeout(order.timeoutMs), ...filters, "--", order.release];
}

/** All revisions, as JSON. */
export function makeHistoryArguments(order: Target): Parameters {
  return ["history", ...makeTarget(order), "--output=json", "--", order.release];
}

/** The newest revision, as JSON; in `info.description` is the whole error of one that failed. */
export function makeStatusArguments(order: Target): Parameters {
  return ["status", ...makeTarget(order), "--output=json", "--", order.release];
}

/** Downloads a chart's archive into a folder. A folder or an archive that is here has nothing to be downloaded. */
export function makePullArguments(chart: Chart, version: string | undefined, folder: string): Parameters {
  return ["pull", `--destination=${folder}`, ...makeSource(chart, version)];
}

/** A chart's Chart.yaml. */
export function makeShowChartArguments(chart: Chart, version: string | undefined): Parameters {
  return ["show", "chart", ...makeSource(chart, version)];
}

/** Brings the charts that a chart in a folder needs, in the versions of its Chart.lock. */
export function makeDependencyArguments(folder: string): Parameters {
  return ["dependency", "build", "--", folder];
}

/**
 * Logs in to a registry. The password goes to stdin.
 *
 * @param host without scheme or path, which helm 4 refuses
 */
export function makeRegistryLoginArguments(host: string, user: string): Parameters {
  return ["registry", "login", `--username=${user}`, "--password-stdin", "--", host];
}

function makeSource(chart: Chart, version: string | undefined): Parameters {
  const at = version === undefined ? [] : [`--version=${version}`];
  switch (chart.kind) {
    case "repository":
      return [...at, `--repo=${chart.url}`, "--", chart.name];
    case "oci":
      return [...at, "--", chart.reference];
    case "url":
      return ["--", chart.url];
    case "folder":
    case "archive":
      return ["--", chart.path];
  }
}

function makeTarget({ namespace, context }: Target): Parameters {
  return [`--namespace=${namespace}`, ...(context === undefined ? [] : [`--kube-context=${context}`])];
}

/** Helm takes 0 for half a minute, and Go knows no fraction of a nanosecond. */
function makeTimeout(milliseconds: number): string {
  return `--timeout=${Math.max(1, Math.ceil(milliseconds))}ms`;
}

/** Without a word helm 4 waits for hooks only, and helm 3 does so always. */
function makeWait(wait: boolean, major: 3 | 4, mayWatch: boolean): Parameters {
  if (major === 3) return wait ? ["--wait"] : [];
  if (!wait) return ["--wait=hookOnly"];
  return [mayWatch ? "--wait=watcher" : "--wait=legacy"];
}

function makeForce(force: boolean, major: 3 | 4): Parameters {
  return force && major === 4 ? ["--server-side=true", "--force-conflicts"] : [];
}

function makeValues({ valueFiles, set, setString, setFile, setJson }: HelmOrder): Parameters {
  return [
    // This one flag is a line of CSV.
    ...valueFiles.map((path) => `--values=${/[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path}`),
    ...set.map((line) => `--set=${line}`),
    ...setString.map((line) => `--set-string=${line}`),
    ...setFile.map((line) => `--set-file=${line}`),
    ...setJson.map((line) => `--set-json=${line}`),
  ];
}
