import { mkdtempSync } from "node:fs";
import { lstat, mkdtemp, realpath, rm } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { UserError } from "./user-error.ts";

/** What an action's folders below the runner's scratch folder are called: they are told from others by it. */
export interface FolderKind {
  /** `mayfly-az-`. */
  readonly prefix: string;
  /** `azure-login`, for what is said of a folder of another name. */
  readonly maker: string;
}

/**
 * Makes a folder that only this user can read (0700) below the runner's scratch folder.
 *
 * @throws UserError `runner-files` when that cannot be written.
 */
export async function makeScratchFolder({ prefix }: FolderKind, tempFolder: string): Promise<string> {
  try {
    return await mkdtemp(join(tempFolder, prefix));
  } catch (cause) {
    throw new UserError("runner-files", `RUNNER_TEMP (${tempFolder}) cannot be written. Mend the runner.`, { cause });
  }
}

/**
 * The same before anything else is begun: what cannot be written down is not done.
 *
 * @throws UserError `runner-files` when that cannot be written.
 */
export function makeScratchFolderSync({ prefix }: Pick<FolderKind, "prefix">, tempFolder: string): string {
  try {
    return mkdtempSync(join(tempFolder, prefix));
  } catch (cause) {
    const text = `Nothing was done: RUNNER_TEMP (${tempFolder}) cannot be written. Mend the runner.`;
    throw new UserError("runner-files", text, { cause });
  }
}

/**
 * Removes a folder that `makeScratchFolder` made, and nothing else: not one outside the scratch folder, not one of
 * another name, not what a link points at. Returns why it was left, or undefined when it is gone.
 */
export async function removeScratchFolder(
  folder: string,
  { prefix, maker }: FolderKind,
  tempFolder: string,
): Promise<string | undefined> {
  if (!isAbsolute(folder) || !basename(folder).startsWith(prefix))
    return `${folder} is not a folder that ${maker} makes`;
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return `${folder} is not a folder any more`;
  if ((await realpath(dirname(folder))) !== (await realpath(tempFolder))) return `${folder} is outside ${tempFolder}`;
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  return undefined;
}
