import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Files } from "./world.ts";

/** Where terraform leaves the state that it cannot store. */
export const ERRORED = "errored.tfstate";

/** SHA-256 of the state that a terraform has left in a folder; undefined where there is none. */
export async function digestErrored(folder: string, files: Pick<Files, "read">): Promise<string | undefined> {
  const bytes = await files.read(join(folder, ERRORED));
  return bytes === undefined ? undefined : createHash("sha256").update(bytes).digest("hex");
}
