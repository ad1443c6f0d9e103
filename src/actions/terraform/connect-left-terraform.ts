import { readFile } from "node:fs/promises";
import { ensureInterrupted } from "../../kit/detached-process.ts";
import { readInputs } from "../../kit/read-inputs.ts";
import type { Runner } from "../../kit/runner.ts";
import { waitForEnd } from "../../kit/wait-for-end.ts";
import { connectIn } from "./connect.ts";
import { findCall } from "./connect-tool.ts";
import type { RunRecord } from "./record.ts";
import { spec } from "./spec.ts";
import { type OrphanedCall, takeOver } from "./take-over.ts";

/** Takes over from a main that is gone. Returns whether terraform is over, too. */
export function endTerraform(record: RunRecord, folder: string, runner: Runner): Promise<boolean> {
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
