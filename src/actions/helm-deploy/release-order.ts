import type { Chart } from "../../helm/chart-reference.ts";
import type { Tree } from "../../helm/value-tree.ts";

/** One release as it is wanted: the step's own, or one that has to be there before it. */
export interface ReleaseOrder {
  readonly name: string;
  readonly namespace: string;
  readonly chart: Chart;
  readonly version: string | undefined;
  /** Paths; a later one wins. */
  readonly valueFiles: readonly string[];
  /** They win over the files. */
  readonly values: Tree;
  /** They win over all but `--set`. */
  readonly secretValues: Tree;
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setFile: readonly string[];
  readonly setJson: readonly string[];
  readonly timeoutMs: number;
  readonly wait: "watch" | "helm" | "none";
  /** Takes fields that somebody else manages. */
  readonly force: boolean;
  readonly takeOwnership: boolean;
  readonly crds: "apply" | "install-only" | "skip";
  readonly test: boolean;
  /** Undefined where nothing is asked of it. */
  readonly smoke: SmokeWish | undefined;
}

/** What a release has to show before it counts as deployed. */
export interface SmokeWish {
  /** Files and globs. */
  readonly spec: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}
