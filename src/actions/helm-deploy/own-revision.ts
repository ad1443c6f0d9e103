import { fitLabel } from "../../helm/helm-names.ts";
import type { ReleaseRecord } from "../../helm/release-record.ts";
import { readRunLabels, renderRunLabels } from "../../helm/run-labels.ts";
import type { JobFacts } from "../job-facts.ts";
import type { RunRecord } from "./record.ts";

type Revision = Pick<ReleaseRecord, "revision" | "status" | "description" | "labels">;
type Job = Pick<JobFacts, "repositoryId" | "runId" | "attempt" | "job">;

/**
 * Whether a revision was begun by this very job: by its labels, which helm hands on to later revisions, so that they
 * count only for the one whose number they name. Where no run of GitHub's works there are none, and nothing is certain.
 */
export function isOwnRevision({ labels, revision }: Pick<Revision, "labels" | "revision">, job: Job): boolean {
  const found = readRunLabels(labels);
  if (found === undefined || job.runId === undefined) return false;
  return (
    found.repositoryId === job.repositoryId &&
    found.runId === job.runId &&
    found.attempt === job.attempt &&
    found.job === fitLabel(job.job) &&
    found.revision === revision
  );
}

/** The same, and where no run of GitHub's works whatever no other run has made. */
export function mayBeOwnRevision(revision: Pick<Revision, "labels" | "revision">, job: JobFacts): boolean {
  const labelled = readRunLabels(renderRunLabels(job, revision.revision)) !== undefined;
  return labelled ? isOwnRevision(revision, job) : readRunLabels(revision.labels) === undefined;
}

/** Whether a pending revision is the rollback that this job has begun: helm gives it the labels of its target. */
export function isOwnRollback({ status, revision, description }: Revision, begun: RunRecord["rollback"]): boolean {
  return (
    begun !== undefined &&
    status === "pending-rollback" &&
    revision === begun.revision &&
    description === `Rollback to ${begun.target}`
  );
}
