import { parseChart } from "../../helm/chart-reference.ts";
import { isTree, type Tree } from "../../helm/value-tree.ts";
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
  const text = (key: (typeof KEYS)[number]): string | undefined =>
    entry[key] === undefined ? undefined : String(entry[key]);
  const chart = parseChart(text("chart") ?? "", text("repository"));
  const values = entry["values"] ?? {};
  const problems = [
    ...Object.keys(entry)
      .filter((key) => !KEYS.some((known) => known === key))
      .map((key) => `expected only ${KEYS.join(", ")}, got ${key}`),
    ...("problems" in chart ? chart.problems.map(({ message }) => `chart: ${message}`) : []),
    ...(isTree(values) ? [] : ["values: expected a mapping"]),
    ...(/^[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?$/.test(name) ? [] : ["expected a release's name as its key"]),
  ];
  if ("problems" in chart || problems.length > 0 || !isTree(values)) return problems;
  return {
    name,
    namespace: text("namespace") ?? name,
    chart: chart.value,
    version: text("version"),
    valueFiles: [],
    values,
    secretValues: {},
    set: [],
    setString: [],
    setFile: [],
    setJson: [],
    timeoutMs: inputs.timeout,
    wait: "watch",
    rollback: inputs.rollback,
    force: inputs.conflicts === "force",
    takeOwnership: inputs.takeOwnership,
    crds: "apply",
    test: false,
  };
}
