import { fitLabel } from "./helm-names.ts";

/** Which job made a revision of a release. */
export interface RunLabels {
  readonly repositoryId: string;
  readonly runId: number;
  readonly attempt: number;
  /** The job's id in its workflow, for people: cut to what a label can hold. */
  readonly job: string;
  readonly runnerEnvironment: "github-hosted" | "self-hosted";
  /**
   * The revision that these labels were written for. Helm hands labels on to later revisions, also those that somebody
   * makes by hand: only where this is the revision's own number are they its own.
   */
  readonly revision: number;
  /** Whether the run did not make the revision, but has begun to take it away. */
  readonly uninstalling?: boolean;
}

/** A job as GitHub tells it of itself. */
export interface RunFacts {
  readonly repositoryId: string;
  /** Undefined where no run of GitHub's works. */
  readonly runId: number | undefined;
  readonly attempt: number;
  readonly job: string;
  readonly runnerEnvironment: "github-hosted" | "self-hosted";
}

const NAMES = {
  repositoryId: "mayfly-repository-id",
  runId: "mayfly-run-id",
  attempt: "mayfly-run-attempt",
  job: "mayfly-job",
  runnerEnvironment: "mayfly-runner",
  revision: "mayfly-revision",
} as const;
const UNINSTALLING = "mayfly-uninstalling";

/**
 * The labels by which a revision tells who made it, from its first moment on. Without a run the labels of an earlier
 * one are taken away (`null` does so for helm).
 */
export function renderRunLabels(job: RunFacts, revision: number): Readonly<Record<string, string>> {
  if (job.runId === undefined || !/^\d+$/.test(job.repositoryId)) {
    return Object.fromEntries(Object.values(NAMES).map((name) => [name, "null"]));
  }
  return {
    [NAMES.repositoryId]: job.repositoryId,
    [NAMES.runId]: String(job.runId),
    [NAMES.attempt]: String(job.attempt),
    [NAMES.job]: fitLabel(job.job),
    [NAMES.runnerEnvironment]: job.runnerEnvironment,
    [NAMES.revision]: String(revision),
  };
}

/**
 * The labels by which a revision tells who takes it away, to be written before that begins. Undefined where no run of
 * GitHub's works.
 */
export function renderUninstallLabels(job: RunFacts, revision: number): Readonly<Record<string, string>> | undefined {
  const labels = renderRunLabels(job, revision);
  return readRunLabels(labels) === undefined ? undefined : { ...labels, [UNINSTALLING]: String(revision) };
}

/** Reads labels strictly, since locks are cleared because of them: undefined for anything odd. */
export function readRunLabels(labels: Readonly<Record<string, string>>): RunLabels | undefined {
  const [repositoryId = "", runnerEnvironment] = [labels[NAMES.repositoryId], labels[NAMES.runnerEnvironment]];
  const [runId, attempt, revision] = [NAMES.runId, NAMES.attempt, NAMES.revision].map((name) =>
    readCount(labels[name]),
  );
  if (!/^[1-9]\d*$/.test(repositoryId) || runId === undefined || attempt === undefined || revision === undefined) {
    return undefined;
  }
  if (runnerEnvironment !== "github-hosted" && runnerEnvironment !== "self-hosted") return undefined;
  const uninstalling = labels[UNINSTALLING] === String(revision) ? { uninstalling: true } : {};
  return { repositoryId, runId, attempt, job: labels[NAMES.job] ?? "", runnerEnvironment, revision, ...uninstalling };
}

function readCount(text: string | undefined): number | undefined {
  const count = /^[1-9]\d*$/.test(text ?? "") ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) ? count : undefined;
}
