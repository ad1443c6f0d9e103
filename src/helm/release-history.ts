import type { ReleaseRecord } from "./release-record.ts";
import { hasFailedSmoke } from "./smoke-label.ts";

type Revision = Pick<ReleaseRecord, "revision" | "status" | "description"> & Partial<Pick<ReleaseRecord, "labels">>;

/**
 * The revision to go back to: the newest that is deployed, else the newest that was deployed once; never one that
 * failed, also its smoke test, was left pending, or that somebody has gone back from before.
 *
 * @param bad a revision that proved to be bad although helm calls it deployed: only older ones count, and none that it
 *   is a copy of
 */
export function chooseRollbackTarget(records: readonly Revision[], bad = Number.POSITIVE_INFINITY): number | undefined {
  const older = records
    .filter(({ revision }) => revision < bad)
    .filter((one) => !wasAbandoned(one, records))
    .filter((one) => !wasRefused(one, records))
    .filter(({ revision }) => findOrigin(revision, records) !== findOrigin(bad, records))
    .toSorted((one, other) => other.revision - one.revision);
  const deployed = older.find(({ status }) => status === "deployed");
  return (deployed ?? older.find(wasDeployed))?.revision;
}

/**
 * A rollback that fails marks the revision before it as superseded, whatever became of that: its description still
 * says.
 */
function wasDeployed({ status, description }: Revision): boolean {
  const never = /^(?:Initial install underway|Preparing upgrade)$|^(?:Upgrade|Release|Rollback|Install) ".*" failed\b/s;
  return status === "superseded" && !never.test(description);
}

/** Somebody went from it to an older one. */
function wasAbandoned({ revision }: Revision, records: readonly Revision[]): boolean {
  return records.some((later) => {
    const target = targetOf(later);
    return later.revision > revision && target !== undefined && target < revision;
  });
}

/** Its smoke test has failed, or that of what it is a copy of. */
function wasRefused({ revision }: Revision, records: readonly Revision[]): boolean {
  const origin = findOrigin(revision, records);
  return records.some(
    (one) =>
      (one.revision === revision || one.revision === origin) &&
      hasFailedSmoke({ labels: one.labels ?? {}, revision: one.revision }),
  );
}

/** A rollback makes a new revision of an older one: the one that was not made so. */
function findOrigin(revision: number, records: readonly Revision[]): number {
  const found = records.find((one) => one.revision === revision);
  const target = found === undefined ? undefined : targetOf(found);
  return target === undefined || target >= revision ? revision : findOrigin(target, records);
}

function targetOf({ description }: Revision): number | undefined {
  const [, target] = /^Rollback to (\d+)$/.exec(description) ?? [];
  return target === undefined ? undefined : Number(target);
}
