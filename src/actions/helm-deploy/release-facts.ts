import type { ReleasePlan } from "../../helm/plan.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import type { PreparedChart } from "./prepare-chart.ts";
import type { Rendered } from "./render-release.ts";

/** All that is known of a release before anything is changed. */
export interface ReleaseFacts {
  readonly chart: PreparedChart;
  readonly rendered: Rendered;
  /** Newest first; empty before the first install. */
  readonly history: readonly StoredRelease[];
  /** Against the newest revision that was deployed. */
  readonly plan: ReleasePlan;
  /** Whether the namespace is there: without it the server can be asked little. */
  readonly namespaceExists: boolean;
}
