import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Runner } from "../kit/runner.ts";
import { type FolderKind, makeScratchFolder } from "../kit/scratch-folder.ts";

/**
 * Writes an action's JSON report, without any secret, into a folder of its own that lasts as long as the job. Returns its
 * path.
 *
 * @throws UserError `runner-files`
 */
export async function writeReport(
  json: string,
  kind: FolderKind,
  runner: Pick<Runner, "redact" | "tempFolder">,
): Promise<string> {
  const path = join(await makeScratchFolder(kind, runner.tempFolder), "report.json");
  await writeFile(path, runner.redact(json), { mode: 0o600 });
  return path;
}
