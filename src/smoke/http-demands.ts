import { queryJson } from "./json-path.ts";
import { matchValue, tellMatcher } from "./match-value.ts";
import { parseJson } from "./parse-json.ts";
import type { Http } from "./spec/checks/http.ts";
import type { Matcher } from "./spec/matcher.ts";
import { shorten, tellValue } from "./tell-value.ts";

/** An answer, as far as it is judged. */
export interface JudgedAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is only the beginning of it. */
  readonly cut?: boolean;
  readonly latencyMs: number;
  /** The last one asked, after redirects. */
  readonly url: string;
  readonly certificate: { readonly expiresAt: Date; readonly subject: string; readonly issuer: string } | undefined;
}

export interface Judging {
  readonly now: Date;
  /** Takes secrets out of a text. */
  redact(text: string): string;
}

/** What has to be true of an answer. */
export interface Demand {
  readonly expected: string;
  holds(answer: JudgedAnswer, at: Judging): boolean;
  /** What stands there instead. */
  seen(answer: JudgedAnswer, at: Judging): string;
}

/** All that a check asks of an answer; a status in any case. */
export function demandAll(check: Http): readonly Demand[] {
  const { headers = {}, body, jsonpath = {}, redirect, maxLatency, certificate } = check;
  return [
    demandStatus(check),
    ...Object.entries(headers).map(([name, matcher]) => demandHeader(name, matcher)),
    ...(body === undefined ? [] : [demandBody(body)]),
    ...Object.entries(jsonpath).map(([path, matcher]) => demandJson(path, matcher)),
    ...(redirect === undefined ? [] : [demandRedirect(redirect, check.followRedirects)]),
    ...(maxLatency === undefined ? [] : [demandLatency(maxLatency)]),
    ...(certificate === undefined ? [] : [demandCertificate(certificate.daysLeft)]),
  ];
}

const FIRST_REDIRECT = 300;
const FIRST_FAILURE = 400;

/**
 * A check that names no status takes none that says that something failed, nor that somebody else has the answer, such
 * as a page to log in, unless it is a redirect that is asked for.
 */
function demandStatus({ status: wanted, redirect }: Http): Demand {
  const any = wanted === undefined ? undefined : [wanted].flat();
  const most = redirect === undefined ? FIRST_REDIRECT : FIRST_FAILURE;
  return {
    expected: any === undefined ? `status below ${most}` : `status ${any.join(" or ")}`,
    holds: ({ status }) => (any === undefined ? status < most : any.includes(status)),
    seen: quoteBody,
  };
}

function demandHeader(name: string, matcher: Matcher): Demand {
  const read = ({ headers }: JudgedAnswer): string | undefined => headers[name.toLowerCase()];
  return {
    expected: `header ${name} ${tellMatcher(matcher)}`,
    holds: (answer) => matchValue(matcher, read(answer)),
    seen: (answer, { redact }) => {
      const value = read(answer);
      return value === undefined ? `no header ${name}` : `header ${name} ${tellValue(redact(value))}`;
    },
  };
}

function demandBody(matcher: Matcher): Demand {
  return {
    expected: `body ${tellMatcher(matcher)}`,
    holds: ({ body, cut = false }) => !cut && matchValue(matcher, body),
    seen: quoteBody,
  };
}

function demandJson(path: string, matcher: Matcher): Demand {
  return {
    expected: `${path} ${tellMatcher(matcher)}`,
    holds: ({ body, cut = false }) => {
      const value = parseJson(body);
      // Of what is no JSON nothing is told, not even that something is not in it.
      return !cut && value !== undefined && matchValue(matcher, queryJson(path, value)[0]);
    },
    seen: (answer, at) => {
      const value = parseJson(answer.body);
      if (value === undefined || answer.cut) return `${answer.cut ? "" : "no JSON: "}${quoteBody(answer, at)}`;
      const [found] = queryJson(path, value);
      return found === undefined ? `nothing at ${path}` : `${path} ${tellRedacted(found, at)}`;
    },
  };
}

/** On a line. Secrets are taken out before it is cut, since half of one would not be known for one. */
function tellRedacted(value: unknown, { redact }: Judging): string {
  return typeof value === "string" ? tellValue(redact(value)) : shorten(redact(tellValue(value, Infinity)), 80);
}

function demandRedirect(matcher: Matcher, followed: boolean): Demand {
  const read = ({ status, headers, url }: JudgedAnswer): string | undefined => {
    if (followed) return url;
    return status >= 300 && status < 400 ? headers["location"] : undefined;
  };
  return {
    expected: `a redirect to ${tellMatcher(matcher)}`,
    holds: (answer) => matchValue(matcher, read(answer)),
    seen: (answer, { redact }) => {
      const place = read(answer);
      return place === undefined ? "no redirect" : `a redirect to ${tellValue(redact(place))}`;
    },
  };
}

function demandLatency(mostMs: number): Demand {
  return {
    expected: `an answer within ${mostMs} ms`,
    holds: ({ latencyMs }) => latencyMs <= mostMs,
    seen: ({ latencyMs }) => `an answer after ${Math.ceil(latencyMs)} ms`,
  };
}

const DAY_MS = 86_400_000;

function demandCertificate(daysLeft: number): Demand {
  return {
    expected: `a certificate that is valid for ${daysLeft} more days`,
    holds: ({ certificate }, { now }) =>
      certificate !== undefined && certificate.expiresAt.getTime() - now.getTime() >= daysLeft * DAY_MS,
    seen: ({ certificate }, { now }) => {
      if (certificate === undefined) return "no TLS";
      const { expiresAt, subject } = certificate;
      const days = Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS);
      return `the certificate of ${subject} expires on ${expiresAt.toISOString().slice(0, 10)}, in ${days} days`;
    },
  };
}

const LONGEST_QUOTE = 120;

/** The beginning of a body on a line, without secrets. */
function quoteBody({ body, cut = false }: JudgedAnswer, { redact }: Judging): string {
  if (cut) return "a body of more than 1 MiB, of which only the beginning was read";
  const line = redact(body)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line === "" ? "no body" : `body ${JSON.stringify(shorten(line, LONGEST_QUOTE))}`;
}
