import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureInterrupted } from "../../kit/detached-process.ts";
import type { Runner } from "../../kit/runner.ts";
import { removeScratchFolder } from "../../kit/scratch-folder.ts";
import { waitForEnd } from "../../kit/wait-for-end.ts";
import { connectCluster } from "../../kubernetes/connect-cluster.ts";
import { listReleaseRecords } from "../../kubernetes/read-release-records.ts";
import { readJob } from "../read-job.ts";
import { clusterOptions } from "./connect.ts";
import { findHelm } from "./connect-helm.ts";
import { clearPending } from "./lock.ts";
import { isOwnRevision, isOwnRollback } from "./own-revision.ts";
import type { RunRecord } from "./record.ts";
import { FOLDER_KIND, FOLDER_STATE, RECORD_FILE } from "./state.ts";

/** helm needs a request or two to mark its release as failed; one that hangs is not waited for longer. */
const HELM_WAIT_MS = 60_000;

/** Ends what main left: helm is waited for, the release is not left pending, and nothing of ours outlives the job. */
export async function endRun(runner: Runner): Promise<void> {
  const folder = runner.state(FOLDER_STATE);
  if (folder === "") return;
  try {
    await endIn(folder, runner);
  } finally {
    const left = await removeScratchFolder(folder, FOLDER_KIND, runner.tempFolder);
    if (left !== undefined) runner.log.warning(`Left in place: ${left}.`);
  }
}

async function endIn(folder: string, runner: Runner): Promise<void> {
  const text = await readFile(join(folder, RECORD_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const record = JSON.parse(text) as RunRecord;
  if (record.concluded) return;
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
