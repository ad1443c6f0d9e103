import { renameSync, writeFileSync } from "node:fs";
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
      // In one step: post never finds half of it.
      const draft = join(folder, `${RECORD_FILE}.new`);
      writeFileSync(draft, renderRecord(record, redact), { mode: 0o600 });
      renameSync(draft, join(folder, RECORD_FILE));
      written = true;
    } catch (cause) {
      const because = cause instanceof Error ? cause.message : String(cause);
      if (!written) throw new UserError("runner-files", `Nothing was done: ${folder} cannot be written.`, { cause });
      if (!warned) log.warning(`Where the run is could not be written down for its post step: ${because}`);
      warned = true;
    }
  };
}
