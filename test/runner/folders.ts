import {
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

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

/** Copies a repository to where a checkout would bring it, without any node_modules. */
export function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true, filter: (source) => source === from || !uncommitted.has(basename(source)) });
}

/**
 * Brings parts of a repository to where the runner would have downloaded them, without any node_modules. Nobody writes there:
 * the files are the same ones where the file system can say so, since to copy them takes ten times as long, for every job.
 */
export function linkTree(from: string, to: string, parts: readonly string[]): void {
  for (const part of parts) if (existsSync(join(from, part))) linkEach(join(from, part), join(to, part));
}

function linkEach(from: string, to: string): void {
  if (uncommitted.has(basename(from))) return;
  if (!lstatSync(from).isDirectory()) {
    mkdirSync(dirname(to), { recursive: true });
    linkFile(from, to);
    return;
  }
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isFile()) linkFile(source, target);
    else linkEach(source, target);
  }
}

function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Another disk, or another user's file.
    cpSync(from, to);
  }
}
