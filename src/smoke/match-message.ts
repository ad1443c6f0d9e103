import { queryJson } from "./json-path.ts";
import { matchValue, tellMatcher } from "./match-value.ts";
import { parseJson } from "./parse-json.ts";
import type { Matcher } from "./spec/matcher.ts";

/** What a message has to be. */
export interface MessageMatcher {
  readonly data?: Matcher | undefined;
  /** By paths of RFC 9535: the first value that each finds. */
  readonly jsonpath?: Readonly<Record<string, Matcher>> | undefined;
}

/** Whether a message is what it has to be. A path finds nothing in what is no JSON. @throws TookTooLong */
export function matchMessage({ data, jsonpath = {} }: MessageMatcher, text: string): boolean {
  if (data !== undefined && !matchValue(data, text)) return false;
  const paths = Object.entries(jsonpath);
  if (paths.length === 0) return true;
  const parsed = parseJson(text);
  return paths.every(([path, matcher]) =>
    matchValue(matcher, parsed === undefined ? undefined : queryJson(path, parsed)[0]),
  );
}

/** What a message has to be, on a line: `$.id == 7 and data contains "ok"`; empty where nothing is asked of it. */
export function tellMessageMatcher({ data, jsonpath = {} }: MessageMatcher): string {
  return [
    ...(data === undefined ? [] : [`data ${tellMatcher(data)}`]),
    ...Object.entries(jsonpath).map(([path, matcher]) => `${path} ${tellMatcher(matcher)}`),
  ].join(" and ");
}
