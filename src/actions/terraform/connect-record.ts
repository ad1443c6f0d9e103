import { renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { renderRecord } from "./record.ts";
import { RECORD_FILE } from "./state.ts";
import type { World } from "./world.ts";

/**
 * Writes down where the run is. What cannot be written down at all is not begun; a disk that fills up later costs the
 * record its last lines, and not the run its end.
 *
 * @param begun whether there is a record already, as post finds one
 */
export function connectRecord(
  folder: string,
  { redact, log }: { readonly redact: Runner["redact"]; readonly log: Pick<Runner["log"], "warning"> },
  begun: boolean,
): World["record"] {
  let written = begun;
  let warned = false;
  return (record) => {
    try {
      // Post never finds half of it: until the new one is whole, the old one stands.
      writeFileSync(draftIn(folder), renderRecord(record, redact), { mode: 0o600 });
      // Over a file that is there, ext4 writes the new one out to the disk first, which takes ten times as long.
      rmSync(join(folder, RECORD_FILE), { force: true });
      renameSync(draftIn(folder), join(folder, RECORD_FILE));
      written = true;
    } catch (cause) {
      const because = cause instanceof Error ? cause.message : String(cause);
      if (!written) throw new UserError("runner-files", `Nothing was done: ${folder} cannot be written.`, { cause });
      if (!warned) log.warning(`Where the run is could not be written down for its post step: ${because}`);
      warned = true;
    }
  };
}

/** What was written last; undefined where nothing was. A kill may have come between the old name and the new one. */
export async function readRecord(folder: string): Promise<string | undefined> {
  for (const path of [join(folder, RECORD_FILE), draftIn(folder)]) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

function draftIn(folder: string): string {
  return join(folder, `${RECORD_FILE}.new`);
}
