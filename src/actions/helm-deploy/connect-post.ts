import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Runner } from "../../kit/runner.ts";
import { removeScratchFolder } from "../../kit/scratch-folder.ts";
import type { RunRecord } from "./record.ts";
import { FOLDER_KIND, FOLDER_STATE, RECORD_FILE } from "./state.ts";

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
  // Nearly every job has concluded, and loads nothing of a cluster here.
  const { endHelm } = await import("./connect-left-helm.ts");
  await endHelm(record, folder, runner);
}
