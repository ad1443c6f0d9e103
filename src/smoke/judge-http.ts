import { demandAll, type JudgedAnswer, type Judging } from "./http-demands.ts";
import { queryJson } from "./json-path.ts";
import { parseJson } from "./parse-json.ts";
import { findPattern } from "./pattern.ts";
import type { Http } from "./spec/checks/http.ts";

export interface HttpVerdict {
  readonly holds: boolean;
  /** The status and the time, and what is not as it has to be. */
  readonly seen: string;
  /** For later checks, by name. */
  readonly captures: Readonly<Record<string, string>>;
}

/** What an answer has to be, in a line. */
export function tellHttp(check: Http): string {
  const names = Object.keys(check.captures ?? {});
  const demands = demandAll(check).map(({ expected }) => expected);
  return [...demands, ...(names.length === 0 ? [] : [`something to capture as ${names.join(", ")}`])].join(", ");
}

/** Whether an answer is what it has to be, and what later checks take from it. */
export function judgeHttp(check: Http, answer: JudgedAnswer, at: Judging): HttpVerdict {
  const missed = demandAll(check).filter((demand) => !demand.holds(answer, at));
  const found = Object.entries(check.captures ?? {}).map(([name, from]) => [name, capture(from, answer)] as const);
  const captures = found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const lost = found.flatMap(([name, value]) => (value === undefined ? [`nothing to capture as ${name}`] : []));
  const wrong = [...new Set(missed.map((demand) => demand.seen(answer, at))), ...lost];
  return {
    holds: wrong.length === 0,
    seen: [`status ${answer.status} in ${Math.round(answer.latencyMs)} ms`, ...wrong].join(", "),
    captures: Object.fromEntries(captures),
  };
}

function capture(from: NonNullable<Http["captures"]>[string], answer: JudgedAnswer): string | undefined {
  if ("header" in from) return answer.headers[from.header.toLowerCase()];
  if (answer.cut) return undefined;
  if ("regex" in from) {
    const groups = findPattern(from.regex, answer.body);
    return groups?.[1] ?? groups?.[0];
  }
  const [value] = queryJson(from.jsonpath, parseJson(answer.body));
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}
