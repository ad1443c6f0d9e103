import type { ReleaseRecord } from "./release-record.ts";

const NAME = "mayfly-smoke-failed";

/**
 * The label of a revision whose smoke test has failed; `null` takes it away. Helm hands labels on to later revisions and
 * to copies, and so it names the one that it is about.
 */
export function renderSmokeLabel(revision: number, failed: boolean): Readonly<Record<string, string | null>> {
  return { [NAME]: failed ? String(revision) : null };
}

/** Whether the smoke test of just this revision has failed, although helm calls it deployed. */
export function hasFailedSmoke({ labels, revision }: Pick<ReleaseRecord, "labels" | "revision">): boolean {
  return labels[NAME] === String(revision);
}
