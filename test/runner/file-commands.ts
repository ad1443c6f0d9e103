import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The kinds of command files, in the order in which the runner reads them, with the prefix of each file's name. */
export const commandFilePrefixes = {
  path: "add_path_",
  env: "set_env_",
  step_summary: "step_summary_",
  state: "save_state_",
  output: "set_output_",
} as const;

export type CommandFileKind = keyof typeof commandFilePrefixes;
/** Kind to path. The kind is also the name in the github context: `output` becomes GITHUB_OUTPUT. */
export type CommandFiles = Readonly<Record<CommandFileKind, string>>;

/** Creates fresh, empty command files in the runner's temporary folder, or breaks them on purpose. */
export function createCommandFiles(temp: string, breakAs: "normal" | "missing" | "unwritable"): CommandFiles {
  const folder = join(temp, "_runner_file_commands");
  mkdirSync(folder, { recursive: true });
  const suffix = randomUUID();
  const files: Record<string, string> = {};
  for (const [kind, prefix] of Object.entries(commandFilePrefixes)) {
    const path = join(folder, prefix + suffix);
    // A folder cannot be written as a file, not even by root, for whom a read-only mode means nothing.
    if (breakAs === "unwritable") mkdirSync(path);
    else writeFileSync(path, "");
    if (breakAs === "missing") rmSync(path);
    files[kind] = path;
  }
  return files as CommandFiles;
}

/** The text of a command file, or undefined when the step removed it; a symbolic link is refused, as by the runner. */
export async function readCommandFile(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return undefined;
  if (stats.isSymbolicLink()) throw new Error(`Refusing to access symbolic link at '${path}'.`);
  return await readFile(path, "utf8");
}

/**
 * The pairs of a GITHUB_ENV, GITHUB_OUTPUT or GITHUB_STATE file. Pairs before a malformed line are yielded, then it
 * throws the runner's own message: those pairs do take effect on GitHub, too.
 */
export function* parsePairs(text: string): Generator<readonly [name: string, value: string]> {
  let index = 0;
  const readLine = (): { readonly line: string; readonly ended: boolean } | undefined => {
    if (index >= text.length) return undefined;
    const start = index;
    const newline = text.indexOf("\n", index);
    index = newline < 0 ? text.length : newline + 1;
    return { line: text.slice(start, newline < 0 ? text.length : newline), ended: newline >= 0 };
  };
  for (let read = readLine(); read !== undefined; read = readLine()) {
    const { line } = read;
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [line.slice(0, equals), line.slice(equals + 1)];
      continue;
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    const name = line.slice(0, heredoc);
    const delimiter = line.slice(heredoc + 2);
    if (name === "" || delimiter === "") {
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    }
    const start = index;
    let end = index;
    for (let inner = readLine(); inner?.line !== delimiter; inner = readLine()) {
      if (inner === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      if (!inner.ended) throw new Error("Invalid value. EOF marker missing new line.");
      end = index - 1;
    }
    yield [name, text.slice(start, Math.max(start, end))];
  }
}
