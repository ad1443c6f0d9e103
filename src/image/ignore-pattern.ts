import { posix } from "node:path";
import dockerignore from "@balena/dockerignore";

/** One line of `.dockerignore`. */
export interface IgnorePattern {
  /** `!`: it takes in again what an earlier line left out. */
  readonly includes: boolean;
  /** Cleaned: without slashes at its ends, `./` and `..`. */
  readonly text: string;
}

/**
 * The lines that count, read as moby reads them: a comment begins with `#` in the first column, white space around a
 * pattern is nothing, and so is a slash at either end. It cleans twice (ignorefile.ReadAll, then patternmatcher.New), and
 * looks for the `!` again in between: so `/!name` is an exception as well.
 */
export function readIgnoreLines(text: string): readonly IgnorePattern[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  return lines.flatMap((line) => {
    const pattern = line.startsWith("#") ? "" : line.trim();
    if (pattern === "") return [];
    const [, mark = "", path = ""] = /^(!?)\s*(.*)$/s.exec(pattern) ?? [];
    const again = clean(`${mark}${path === "" ? "" : clean(path).replace(/^\/(?=.)/, "")}`.trim());
    return [{ includes: again.startsWith("!"), text: again.replace(/^!/, "") }];
  });
}

/** Go's filepath.Clean. */
function clean(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, "");
}

/** What Docker would refuse a pattern for, in words; undefined when it takes it. */
export function findPatternFault({ text }: IgnorePattern): string | undefined {
  if (text === "") return "has nothing behind its !";
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === "\\") {
      at += 1;
      if (at === text.length) return "ends with a backslash";
      if (/[a-z0-9]/i.test(text.charAt(at)) && !ESCAPES.test(text.charAt(at))) {
        return `has a backslash before "${text.charAt(at)}": write / between folders`;
      }
    } else if (letter === "[") {
      const end = endOfClass(text, at);
      if (end === undefined) return "has a [ without a good end";
      at = end;
    }
  }
  try {
    createPatternMatcher(text)("x");
    return undefined;
  } catch {
    // Docker makes a regular expression of it as well, and does not escape everything.
    return "holds signs that make no pattern";
  }
}

/** Letters that a backslash turns into something else, since Docker makes a regular expression of a pattern. */
const ESCAPES = /[abBdDfnrsStvwW]/;

/** Where a class such as `[a-z]` ends, by the rules of Go's filepath.Match; undefined for one that is none. */
function endOfClass(text: string, start: number): number | undefined {
  let at = text.charAt(start + 1) === "^" ? start + 2 : start + 1;
  const readOne = (): string | undefined => {
    const escaped = text.charAt(at) === "\\";
    const letter = text.charAt(escaped ? at + 1 : at);
    at += escaped ? 2 : 1;
    return letter === "" || (!escaped && /[\]-]/.test(letter)) ? undefined : letter;
  };
  do {
    const low = readOne();
    if (low === undefined) return undefined;
    if (text.charAt(at) !== "-") continue;
    at += 1;
    const high = readOne();
    if (high === undefined || high < low) return undefined;
  } while (text.charAt(at) !== "]");
  return at;
}

/** How often a matcher is asked before a fresh one takes its place: the library remembers every path it was asked for. */
const MEMORY_PATHS = 20_000;

/** Whether a path fits a pattern. Of folders above it nothing is asked here. */
export function createPatternMatcher(text: string): (path: string) => boolean {
  const pattern = translate(text);
  if (pattern === undefined) return () => false;
  // Its types know it as a module with a default, and so it is called.
  const make = () => dockerignore.default({ ignorecase: false }).add(pattern);
  let matcher = make();
  let asked = 0;
  return (path) => {
    asked += 1;
    if (asked % MEMORY_PATHS === 0) matcher = make();
    return matcher.ignores(path);
  };
}

/**
 * A pattern in the words of @balena/dockerignore 1.0.2, which ports an older moby: since then moby takes a pattern without
 * wildcards as it is (`c++`), escapes more characters, and reads `**name` as "ends with name".
 */
function translate(text: string): string | undefined {
  // No path of a context begins with a slash, and none is the context itself.
  if (text === "." || text.startsWith("/")) return undefined;
  const plain = (part: string): boolean => !/[*?[\]\\]/.test(part);
  if (plain(text)) return begin(escapeSigns(text, true));
  const [, suffix] = /^\*\*(.*)$/s.exec(text) ?? [];
  if (suffix !== undefined && plain(suffix))
    return `**${suffix === "" || suffix.startsWith("/") ? "" : "/*"}${escapeSigns(suffix, true)}`;
  const [, prefix] = /^(.*)\*\*$/s.exec(text) ?? [];
  if (prefix !== undefined && plain(prefix)) return `${begin(escapeSigns(prefix, true))}**`;
  return begin(escapeSigns(text, false));
}

/**
 * Signs that mean something to a regular expression, each as a class of its own. Where a pattern has wildcards, moby
 * escapes fewer of them: its table has no room for `{`, `|` and `}` (patternmatcher v0.6.0, shouldEscape).
 */
function escapeSigns(text: string, literal: boolean): string {
  const signs = literal ? /[+(){}|^]/g : /\\[\s\S]|\[\^?(?:\\[\s\S]|[^\]\\])+\]|[+()]/g;
  return text.replace(signs, (sign) => {
    if (sign === "\\a") return "\\u0007";
    if (sign.length > 1) return sign;
    return sign === "^" ? "\\^" : `[${sign}]`;
  });
}

/** The library takes these for a comment and for an exception. */
function begin(pattern: string): string {
  return pattern.replace(/^[#!]/, (sign) => `[${sign}]`);
}
