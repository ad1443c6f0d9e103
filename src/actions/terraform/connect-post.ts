import type { Runner } from "../../kit/runner.ts";
import { removeScratchFolder } from "../../kit/scratch-folder.ts";
import { readRecord } from "./connect-record.ts";
import { findRelay, stopRelay } from "./connect-relay.ts";
import { parseRecord } from "./record.ts";
import { FOLDER_STATE } from "./state.ts";

/** Ends what main left, and removes what is not to outlive the job. */
export async function endRun(runner: Runner): Promise<void> {
  const folder = runner.state(FOLDER_STATE);
  if (folder === "") return;
  let over = true;
  try {
    over = await endIn(folder, runner);
  } finally {
    // A terraform that still works needs both.
    if (over) {
      await stopLeftRelay(folder);
      const left = await removeScratchFolder(
        folder,
        { prefix: "mayfly-terraform-", maker: "terraform" },
        runner.tempFolder,
      );
      if (left !== undefined) runner.log.warning(`Left in place: ${left}.`);
    }
  }
}

/** terraform may have outlived main, and asked for tokens until now. */
async function stopLeftRelay(folder: string): Promise<void> {
  const relay = await findRelay(folder);
  if (relay !== undefined) await stopRelay(relay);
}

async function endIn(folder: string, runner: Runner): Promise<boolean> {
  const text = await readRecord(folder);
  if (text === undefined) return true;
  const record = parseRecord(text);
  if (record.concluded && record.tidy !== false) return true;
  // Nearly every job has concluded, and loads nothing of terraform or Azure here.
  const { endTerraform } = await import("./connect-left-terraform.ts");
  return endTerraform(record, folder, runner);
}
