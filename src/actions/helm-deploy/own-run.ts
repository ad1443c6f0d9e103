import type { RunLabels } from "../../helm/run-labels.ts";
import type { JobFacts } from "../terraform/world.ts";

/** Whether a release was left by this very job. */
export function isOwnRun(labels: RunLabels | undefined, job: JobFacts): boolean {
  if (labels === undefined || job.runId === undefined || job.repositoryId === "") return false;
  const { repositoryId, runId, attempt } = labels;
  return repositoryId === job.repositoryId && runId === job.runId && attempt === job.attempt;
}
