import { readFile } from "node:fs/promises";
import { ensureInterrupted } from "../../kit/detached-process.ts";
import { readInputs } from "../../kit/read-inputs.ts";
import type { Runner } from "../../kit/runner.ts";
import { removeScratchFolder } from "../../kit/scratch-folder.ts";
import { waitForEnd } from "../../kit/wait-for-end.ts";
import { connectIn } from "./connect.ts";
import { readRecord } from "./connect-record.ts";
import { findRelay, stopRelay } from "./connect-relay.ts";
import { findCall } from "./connect-tool.ts";
import { parseRecord } from "./record.ts";
import { spec } from "./spec.ts";
import { FOLDER_STATE } from "./state.ts";
import { type OrphanedCall, takeOver } from "./take-over.ts";

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
  const inputs = readInputs(spec, runner.environment, runner.mask);
  const world = connectIn(runner, inputs, { folder, prefix: "post-" });
  return takeOver(record, connectCall(folder), { inputs, world });
}

function connectCall(folder: string): OrphanedCall | undefined {
  const call = findCall(folder);
  if (call === undefined) return undefined;
  const readLines = async (path: string): Promise<readonly string[]> => (await readFile(path, "utf8")).split("\n");
  return {
    name: call.name,
    interrupt: () => void ensureInterrupted(call.process),
    waitForEnd: (limitMs, onTick) => waitForEnd(call.process, { limitMs, onTick }),
    readLines: async () => ({
      stdout: await readLines(call.process.stdout),
      stderr: await readLines(call.process.stderr),
    }),
  };
}
