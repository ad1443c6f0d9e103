import { readFile } from "node:fs/promises";

/** The event that started the workflow, as GitHub wrote it down; undefined when there is none that can be read. */
export async function readEvent(path: string | undefined): Promise<unknown> {
  if (path === undefined || path === "") return undefined;
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
