import { type Chart, findChartVersionFault, parseChart } from "../../helm/chart-reference.ts";
import { findNamespaceFault, findReleaseNameFault } from "../../helm/helm-names.ts";
import { isTree, type Tree } from "../../helm/value-tree.ts";
import { parseDuration } from "../../kit/duration.ts";
import type { ReleaseOrder } from "./release-order.ts";
import type { Inputs } from "./request.ts";

/** A chart that has to be there first, such as an operator whose CRDs the release is made of. */
export type PreRelease = ReleaseOrder;

const KEYS = ["chart", "repository", "version", "namespace", "values", "timeout"] as const;

/** Reads `pre-releases`; what is wrong is added to the problems, each with the name of its entry. */
export function readPreReleases(inputs: Inputs, problems: string[]): readonly PreRelease[] {
  return Object.entries(inputs.preReleases).flatMap(([name, entry]) => {
    const found = isTree(entry) ? readOne(name, entry, inputs) : ["expected a mapping with at least chart"];
    if (!Array.isArray(found)) return [found as PreRelease];
    problems.push(...found.map((problem) => `pre-releases: ${name}: ${problem}`));
    return [];
  });
}

function readOne(name: string, entry: Tree, inputs: Inputs): PreRelease | readonly string[] {
  const problems: string[] = [];
  const text = (key: (typeof KEYS)[number]): string | undefined => {
    const value = entry[key];
    if (value === undefined || typeof value === "string") return value;
    // A version 2.10 would be 2.1.
    problems.push(`${key}: expected a text: put it in quotes`);
    return undefined;
  };
  const chart = parseChart(text("chart") ?? "", text("repository"));
  const [version, namespace, values] = [text("version"), text("namespace") ?? name, entry["values"] ?? {}];
  const timeout = text("timeout");
  const timeoutMs = timeout === undefined ? inputs.timeout : parseDuration(timeout);
  for (const key of Object.keys(entry)) {
    if (!KEYS.some((known) => known === key)) problems.push(`expected only ${KEYS.join(", ")}, got ${key}`);
  }
  const faults = "problems" in chart ? [] : listVersionFaults(version, chart.value);
  problems.push(...faults.map((fault) => `version: ${fault}`));
  if ("problems" in chart) problems.push(...chart.problems.map(({ message }) => `chart: ${message}`));
  if (!isTree(values)) problems.push("values: expected a mapping");
  if (timeoutMs === undefined) problems.push("timeout: expected a duration such as 90s or 5m");
  const nameFault = findReleaseNameFault(name);
  if (nameFault !== undefined) problems.push(`its key is the release's name: ${nameFault}`);
  const namespaceFault = findNamespaceFault(namespace);
  if (nameFault === undefined && namespaceFault !== undefined) problems.push(`namespace: ${namespaceFault}`);
  if ("problems" in chart || problems.length > 0 || !isTree(values) || timeoutMs === undefined) return problems;
  return {
    name,
    namespace,
    chart: chart.value,
    version,
    valueFiles: [],
    values,
    secretValues: {},
    set: [],
    setString: [],
    setFile: [],
    setJson: [],
    timeoutMs,
    wait: "watch",
    force: inputs.conflicts === "force",
    takeOwnership: inputs.takeOwnership,
    crds: "apply",
    test: false,
    smoke: undefined,
  };
}

/** What is wrong with a chart's version, at most one thing. */
export function listVersionFaults(version: string | undefined, chart: Chart): readonly string[] {
  const fault = version === undefined ? undefined : findChartVersionFault(version, chart);
  return fault === undefined ? [] : [fault];
}
