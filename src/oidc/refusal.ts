import type { IdTokenClaims } from "./claims.ts";
import { type EntraMeaning, findMeaning, UNKNOWN_REFUSAL } from "./entra-codes.ts";

/** Who asked for what: what a refusal is explained with. */
export interface LoginAttempt {
  readonly tenantId: string;
  readonly clientId: string;
  readonly cloud: string;
  /** The audience that the cloud's federated credentials have unless somebody chose another. */
  readonly usualAudience: string | undefined;
  readonly claims: IdTokenClaims | undefined;
}

/** Entra's answer to a token request that it refused, read from the wire. */
export interface EntraAnswer {
  readonly status: number;
  /** `invalid_client` and the like. */
  readonly error: string | undefined;
  readonly description: string | undefined;
  readonly aadsts: number | undefined;
  readonly traceId: string | undefined;
  readonly correlationId: string | undefined;
  /** Entra's clock when it answered. */
  readonly at: Date | undefined;
  readonly retryAfter: string | undefined;
}

/** A refused login: what was asked, what Entra answered, what that means. */
export interface Refusal {
  readonly attempt: LoginAttempt;
  readonly answer: EntraAnswer;
  readonly meaning: EntraMeaning;
  /** The runner's clock when the answer came. */
  readonly receivedAt: Date;
}

/**
 * Reads the body of a refused token request.
 *
 * @param header reads a response header by its lower-case name.
 */
export function parseEntraAnswer(
  status: number,
  body: string,
  header: (name: string) => string | undefined,
): EntraAnswer {
  const json = parseObject(body);
  const text = (name: string): string | undefined => {
    const value = json[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const description = text("error_description");
  const codes: unknown = json["error_codes"];
  const listed = Array.isArray(codes) ? codes.find((code) => typeof code === "number") : undefined;
  const named = /AADSTS(\d+)/.exec(description ?? "")?.[1];
  const date = Date.parse(header("date") ?? "");
  return {
    status,
    error: text("error"),
    description: description === undefined ? undefined : stripTrailer(description),
    aadsts: listed ?? (named === undefined ? undefined : Number(named)),
    traceId: text("trace_id") ?? header("x-ms-request-id"),
    correlationId: text("correlation_id") ?? header("client-request-id"),
    at: Number.isNaN(date) ? undefined : new Date(date),
    retryAfter: header("retry-after"),
  };
}

/** What an answer means; a 5xx or 429 without a known number is a busy server. */
export function explainAnswer(answer: EntraAnswer): EntraMeaning {
  const known = findMeaning(answer.aadsts);
  if (known !== undefined) return known;
  return isBusyStatus(answer.status) ? (findMeaning(90033) ?? UNKNOWN_REFUSAL) : UNKNOWN_REFUSAL;
}

/** Statuses of Entra, GitHub and ARM that mean "later", not "no". */
export function isBusyStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

// Newer descriptions end in "Trace ID: … Correlation ID: … Timestamp: …", older ones have these on lines of their own.
function stripTrailer(description: string): string {
  return description.replace(/\s*Trace ID:[\s\S]*$/, "").trim();
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
