import { matchesWildcard } from "../wildcard/matches.ts";
import { createPatternMatcher, findPatternFault, type IgnorePattern, readIgnoreLines } from "./ignore-pattern.ts";
import type { Parsed, Problem } from "./problem.ts";

/** What `.dockerignore` says of paths: relative to the context, with `/` between the parts. */
export interface IgnoreRules {
  ignores(path: string): boolean;
  /** True when nothing below an ignored folder could be taken in again, so that nobody needs to look. */
  prunes(folder: string): boolean;
}

/**
 * The files that may hold a build's rules, best first; the first that is there counts, alone. BuildKit looks beside the
 * Dockerfile first (https://docs.docker.com/build/concepts/context/#filename-and-location); the plain builder knows only
 * the second.
 */
export function listIgnoreFiles(dockerfile: string, context: string): readonly string[] {
  return [`${dockerfile}.dockerignore`, `${context.replace(/\/+$/, "")}/.dockerignore`];
}

/**
 * The rules of a `.dockerignore`, as Docker reads them: the last line that fits a path, or a folder above it, decides.
 *
 * The Dockerfile and the `.dockerignore` may be ignored as any other file: then no `COPY` finds them, while the builder
 * gets them in another way.
 *
 * Problems have the code `dockerignore-invalid`, all lines' at once.
 */
export function parseIgnoreRules(text: string): Parsed<IgnoreRules> {
  const patterns = readIgnoreLines(text);
  const [first, ...others] = patterns.flatMap((pattern) => findFault(pattern));
  if (first !== undefined) return { problems: [first, ...others] };
  const rules = patterns.map((pattern) => ({ ...pattern, matches: createPatternMatcher(pattern.text) }));
  const exceptions = patterns.filter(({ includes }) => includes);
  const askFolder = remember(rules.map(({ matches }) => matches));
  return {
    value: {
      ignores: (path) => {
        const above = askFolder(folderOf(path));
        const last = rules.findLast(({ matches }, index) => above[index] === true || matches(path));
        return last?.includes === false;
      },
      prunes: (folder) => exceptions.every(({ text: pattern }) => !mayMatchBelow(pattern, folder)),
    },
  };
}

/** A context from which nothing is left out. */
export const NO_IGNORE_RULES: IgnoreRules = { ignores: () => false, prunes: () => true };

/** Rules that leave some files in, as a builder needs them that gets its Dockerfile inside the context. */
export function keepFiles({ ignores, prunes }: IgnoreRules, kept: readonly string[]): IgnoreRules {
  return {
    ignores: (path) => !kept.includes(path) && ignores(path),
    prunes: (folder) => !kept.some((path) => path.startsWith(`${folder}/`)) && prunes(folder),
  };
}

function findFault(pattern: IgnorePattern): readonly Problem[] {
  const { text, includes } = pattern;
  const fault = findPatternFault(pattern);
  if (fault === undefined) return [];
  return [
    {
      code: "dockerignore-invalid",
      message: `The line "${includes ? "!" : ""}${text}" of .dockerignore ${fault}. Docker refuses such a line.`,
    },
  ];
}

/** Folders whose answers are kept at hand; a walk asks for one folder's entries after the other. */
const MEMORY_FOLDERS = 1000;

/** For each rule whether it fits a folder or one above it. */
function remember(matchers: readonly ((path: string) => boolean)[]): (folder: string) => readonly boolean[] {
  const folders = new Map<string, readonly boolean[]>();
  const ask = (folder: string): readonly boolean[] => {
    if (folder === "") return [];
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const above = ask(folderOf(folder));
    const found = matchers.map((matches, index) => above[index] === true || matches(folder));
    if (folders.size >= MEMORY_FOLDERS) folders.clear();
    folders.set(folder, found);
    return found;
  };
  return ask;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** Whether an exception could fit something below a folder; where that is not plain to see, it could. */
function mayMatchBelow(pattern: string, folder: string): boolean {
  if (/[[\]\\{}|^]/.test(pattern)) return true;
  const parts = pattern.split("/");
  for (const [index, name] of folder.split("/").entries()) {
    const part = parts[index];
    if (part === undefined || part.includes("**")) return true;
    if (!matchesWildcard(name, part)) return false;
  }
  return true;
}
