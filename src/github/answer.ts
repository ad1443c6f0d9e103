/** What of an answer tells why GitHub refuses. Header names are in lower case. */
export interface RefusingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** GitHub's own words: `message`, and the messages of `errors`. */
  readonly words: string;
}

/** When GitHub would answer again, and which of its limits that is. */
export interface Pause {
  readonly limit: "primary" | "secondary";
  readonly waitMs: number;
}

const SECONDARY = /secondary rate limit|abuse detection/i;
const PRIMARY = /rate limit (?:already )?exceeded/i;
/** "wait for at least one minute before retrying" (troubleshooting-the-rest-api). */
const UNTOLD_MS = 60_000;

/** The pause that an answer asks for; undefined when it refuses for another reason. */
export function readPause({ status, headers, words }: RefusingAnswer, now: Date): Pause | undefined {
  if (status !== 403 && status !== 429 && status !== 200) return undefined;
  const retryAfter = readNumber(headers["retry-after"]);
  const secondary = SECONDARY.test(words);
  if (retryAfter !== undefined && (status !== 200 || secondary))
    return { limit: secondary || !PRIMARY.test(words) ? "secondary" : "primary", waitMs: retryAfter * 1000 };
  const reset = readNumber(headers["x-ratelimit-reset"]);
  const spent = readNumber(headers["x-ratelimit-remaining"]) === 0 && (status !== 200 || PRIMARY.test(words));
  if (!secondary && (spent || PRIMARY.test(words)) && reset !== undefined) {
    // GitHub's clock, where it tells it: the runner's may be wrong.
    const told = Date.parse(`${headers["date"] ?? ""}`);
    const here = Number.isNaN(told) ? now.getTime() : told;
    return { limit: "primary", waitMs: Math.max(0, reset * 1000 - here) + 1_000 };
  }
  if (secondary || status === 429) return { limit: "secondary", waitMs: UNTOLD_MS };
  return PRIMARY.test(words) ? { limit: "primary", waitMs: UNTOLD_MS } : undefined;
}

function readNumber(value: string | number | undefined): number | undefined {
  return /^\d{1,12}$/.test(`${value ?? ""}`) ? Number(value) : undefined;
}
