import { ensureInterrupted } from "../../kit/detached-process.ts";
import type { Runner } from "../../kit/runner.ts";
import { waitForEnd } from "../../kit/wait-for-end.ts";
import { connectCluster } from "../../kubernetes/connect-cluster.ts";
import { listReleaseRecords } from "../../kubernetes/read-release-records.ts";
import { readJob } from "../read-job.ts";
import { clusterOptions } from "./connect.ts";
import { findHelm } from "./connect-helm.ts";
import { clearPending } from "./lock.ts";
import { isOwnRevision, isOwnRollback } from "./own-revision.ts";
import type { RunRecord } from "./record.ts";

/** helm needs a request or two to mark its release as failed; one that hangs is not waited for longer. */
const HELM_WAIT_MS = 60_000;

/** Waits for the helm of a main that is gone, and clears what it leaves pending, where that is this job's. */
export async function endHelm(record: RunRecord, folder: string, runner: Runner): Promise<void> {
  const helm = findHelm(folder);
  // Whatever is pending then is somebody else's.
  if (helm === undefined) return;
  ensureInterrupted(helm);
  runner.log.info(`waiting for helm to wind up ${record.release}`);
  if (!(await waitForEnd(helm, { limitMs: HELM_WAIT_MS }))) {
    runner.log.warning(`helm still works on ${record.release}, and the runner ends it with this job.`);
    return;
  }
  const cluster = connectCluster(clusterOptions(runner, record, runner.cancelled));
  const { releases } = await listReleaseRecords(cluster, record.namespace, record.release);
  const [newest] = releases;
  if (newest === undefined || !newest.record.status.startsWith("pending-")) return;
  const ours = isOwnRevision(newest.record, await readJob(runner)) || isOwnRollback(newest.record, record.rollback);
  if (!ours) return;
  await clearPending(cluster, newest);
  runner.log.info(`${record.release} revision ${newest.record.revision} was left pending by this job; it was cleared.`);
}
