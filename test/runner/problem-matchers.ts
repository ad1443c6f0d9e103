import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";

interface Pattern {
  readonly regexp: RegExp;
  readonly groups: Readonly<Record<string, number>>;
  readonly loop: boolean;
}

interface Matcher {
  readonly owner: string;
  readonly severity: string;
  readonly patterns: readonly Pattern[];
  /** What the patterns before `at` have found. */
  found: Record<string, string>;
  at: number;
}

/** An issue that a problem matcher read from a line. */
export interface MatchedIssue {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly place: Readonly<Record<string, string>>;
}

/** The problem matchers of a job, newest first. */
export interface ProblemMatchers {
  /** Adds the matchers of a JSON file; throws when it cannot be read. */
  add(file: string): void;
  remove(owner: string): void;
  /** Owners that a JSON file names. */
  owners(file: string): readonly string[];
  match(line: string): MatchedIssue | undefined;
}

const groupNames = ["file", "line", "column", "code", "message", "severity", "fromPath"];

function readMatchers(file: string): readonly Matcher[] {
  const config = JSON.parse(readFileSync(file, "utf8")) as {
    readonly problemMatcher?: ReadonlyArray<{
      readonly owner: string;
      readonly severity?: string;
      readonly pattern: ReadonlyArray<Readonly<Record<string, string | number | boolean>>>;
    }>;
  };
  return (config.problemMatcher ?? []).map(({ owner, severity, pattern }) => ({
    owner,
    severity: severity ?? "error",
    patterns: pattern.map((one) => ({
      regexp: new RegExp(String(one["regexp"])),
      groups: Object.fromEntries(
        groupNames.filter((name) => one[name] !== undefined).map((name) => [name, Number(one[name])]),
      ),
      loop: one["loop"] === true,
    })),
    found: {},
    at: 0,
  }));
}

/** No matchers; file names of issues become relative to `workspace`. */
export function createProblemMatchers(workspace: string): ProblemMatchers {
  let matchers: readonly Matcher[] = [];
  const remove = (owner: string): void => {
    matchers = matchers.filter((matcher) => matcher.owner.toLowerCase() !== owner.toLowerCase());
  };
  return {
    add: (file) => {
      for (const matcher of readMatchers(file)) {
        remove(matcher.owner);
        matchers = [matcher, ...matchers];
      }
    },
    remove,
    owners: (file) => readMatchers(file).map((matcher) => matcher.owner),
    match: (line) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are taken away before matching, as the runner does
      const plain = line.replace(/\x1b\[[0-9;]*m?/g, "");
      for (const matcher of matchers) {
        const found = step(matcher, plain);
        if (found === undefined) continue;
        for (const other of matchers) if (other !== matcher) restart(other);
        return toIssue(found, matcher.severity, workspace);
      }
      return undefined;
    },
  };
}

function restart(matcher: Matcher): void {
  matcher.at = 0;
  matcher.found = {};
}

/** Feeds a line to a matcher; the captures when its last pattern matched. */
function step(matcher: Matcher, line: string): Readonly<Record<string, string>> | undefined {
  const pattern = matcher.patterns[matcher.at];
  const match = pattern?.regexp.exec(line);
  if (pattern === undefined || match === null || match === undefined) {
    const started = matcher.at > 0;
    restart(matcher);
    return started ? step(matcher, line) : undefined;
  }
  const captures = Object.entries(pattern.groups).map(([name, group]) => [name, match[group] ?? ""]);
  const found = { ...matcher.found, ...Object.fromEntries(captures) };
  if (matcher.at < matcher.patterns.length - 1) {
    matcher.found = found;
    matcher.at += 1;
    return undefined;
  }
  // A looping last pattern keeps what the earlier ones found and takes the next line too.
  if (!pattern.loop) restart(matcher);
  return found;
}

function toIssue(
  found: Readonly<Record<string, string>>,
  severity: string,
  workspace: string,
): MatchedIssue | undefined {
  const message = found["message"] ?? "";
  const level = (found["severity"] || severity).toLowerCase();
  if (message.trim() === "" || (level !== "error" && level !== "warning" && level !== "notice")) return undefined;
  const file = found["file"];
  const place = {
    ...(file === undefined ? {} : { file: isAbsolute(file) ? relative(workspace, resolve(file)) : file }),
    ...(found["line"] === undefined ? {} : { line: found["line"] }),
    ...(found["column"] === undefined ? {} : { col: found["column"] }),
  };
  return { level, message, place };
}
