import { decodePayload } from "../claims.ts";

/** What came back from GitHub, or that nothing did. */
export type Answer =
  | {
      readonly status: number;
      /** Its `Date` header. */
      readonly date: string | undefined;
      readonly retryAfterMs: number | undefined;
      readonly body: string;
    }
  | { readonly fault: string };

export type Reading =
  /** `lifeMs` is what is left of it by GitHub's own clock; undefined when the token does not say. */
  | { readonly kind: "token"; readonly value: string; readonly lifeMs: number | undefined }
  /** Worth another try. `status` is GitHub's, 503 when there was none. */
  | {
      readonly kind: "again";
      readonly status: number;
      readonly message: string;
      readonly waitMs: number | undefined;
    }
  | { readonly kind: "refused"; readonly status: number; readonly message: string };

/** GitHub says 403 to requests that it lets through a second later; 401 is the end of the job's own token. */
const PASSING: ReadonlySet<number> = new Set([403, 408, 409, 425, 429, 500, 502, 503, 504]);
const LONGEST_WORDS = 300;

/** What an answer of GitHub's token service comes to. @param receivedAt stands in for a missing `Date` header. */
export function readAnswer(answer: Answer, receivedAt: Date): Reading {
  if ("fault" in answer) {
    const message = `GitHub's token service was not reached: ${quote(answer.fault)}`;
    return { kind: "again", status: 503, message, waitMs: undefined };
  }
  const { status, body, retryAfterMs: waitMs } = answer;
  const fields = parseObject(body);
  if (status >= 200 && status < 300) {
    const value = fields?.["value"];
    if (typeof value === "string" && value !== "") {
      return { kind: "token", value, lifeMs: readLife(value, answer.date, receivedAt) };
    }
    // An intercepting proxy's page.
    const message = `GitHub's token service answered HTTP ${status} without a token.`;
    return { kind: "again", status: 502, message, waitMs };
  }
  const said = fields?.["message"];
  const message = `GitHub's token service answered HTTP ${status}${typeof said === "string" ? `: ${quote(said)}` : ""}`;
  return PASSING.has(status) ? { kind: "again", status, message, waitMs } : { kind: "refused", status, message };
}

function readLife(token: string, date: string | undefined, receivedAt: Date): number | undefined {
  const expires = decodePayload(token)?.["exp"];
  if (typeof expires !== "number") return undefined;
  const sent = Date.parse(date ?? "");
  // The header is cut to a second, so that it may be later already.
  return expires * 1000 - (Number.isNaN(sent) ? receivedAt.getTime() : sent + 999);
}

/** Words of somebody else's as they may be passed on: short, and with nothing in them that looks like a token. */
function quote(words: string): string {
  return words.replace(/[\w-]{16,}\.[\w-]{8,}\.[\w-]*/g, "***").slice(0, LONGEST_WORDS);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
