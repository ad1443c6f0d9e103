import type { Log } from "../../kit/runner.ts";

/** What the list needs of the world: files below the workspace, and a place to tell. */
export interface World {
  /** The text of a file; undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** Paths of the files `image-*.json` in a folder, sorted; none when there is no such folder. */
  listRecords(folder: string): Promise<readonly string[]>;
  readonly log: Pick<Log, "info" | "error">;
  summarize(markdown: string): Promise<void>;
}
