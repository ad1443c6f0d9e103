import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** The folders of a runner, all below one fresh folder outside the repository. */
export interface Folders {
  readonly root: string;
  readonly home: string;
  readonly temp: string;
  readonly toolCache: string;
  readonly actions: string;
  readonly workspace: string;
  /** RUNNER_WORKSPACE, the parent of the workspace. */
  readonly runnerWorkspace: string;
}

/** Makes the folders of a runner for a repository `owner/name`; the caller's workspace is used as it is. */
export function createFolders(repository: string, workspace: string | undefined): Folders {
  // realpath: macOS has its temporary folder behind a symbolic link, and child processes see the real one.
  const root = realpathSync(mkdtempSync(join(tmpdir(), "mayfly-runner-")));
  const name = basename(repository);
  const work = join(root, "work");
  const folders: Folders = {
    root,
    home: join(root, "home"),
    temp: join(work, "_temp"),
    toolCache: join(work, "_tool"),
    actions: join(work, "_actions"),
    runnerWorkspace: join(work, name),
    workspace: workspace === undefined ? join(work, name, name) : realpathSync(workspace),
  };
  const { root: _made, ...toMake } = folders;
  for (const folder of Object.values(toMake)) mkdirSync(folder, { recursive: true });
  return folders;
}

/** Removes all that a job left on its runner. */
export function removeFolders(folders: Folders): void {
  rmSync(folders.root, { recursive: true, force: true, maxRetries: 3 });
}

/** Empties RUNNER_TEMP. */
export function emptyTemp(folders: Folders): void {
  rmSync(folders.temp, { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(folders.temp, { recursive: true });
}

/** Names that no commit holds, so that a copy of a working tree is nearer to a checkout. */
const uncommitted = new Set(["node_modules", ".git", "lib", "coverage", "demo-report"]);

/**
 * Copies parts of a repository to where the runner would have downloaded it, without any node_modules.
 * `parts` undefined means everything.
 */
export function copyTree(from: string, to: string, parts?: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  const filter = (source: string): boolean => !uncommitted.has(basename(source));
  if (parts === undefined) {
    cpSync(from, to, { recursive: true, filter: (source) => source === from || filter(source) });
    return;
  }
  for (const part of parts) {
    const source = join(from, part);
    if (existsSync(source)) cpSync(source, join(to, part), { recursive: true, filter });
  }
}
