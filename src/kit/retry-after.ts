/** Headers of an answer, by name in any case. */
interface Headers {
  get(name: string): string | undefined;
}

/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds or as an HTTP date, or Azure's forms in
 * milliseconds. Undefined when it asks for nothing, or for nonsense.
 */
export function readRetryAfter(headers: Headers, now: Date): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const milliseconds = toCount(headers.get(name));
    if (milliseconds !== undefined) return milliseconds;
  }
  return parseRetryAfter(headers.get("retry-after"), now);
}

/** Milliseconds of a `Retry-After` header: seconds or an HTTP date. */
export function parseRetryAfter(text: string | undefined, now: Date): number | undefined {
  const seconds = toCount(text);
  if (seconds !== undefined) return seconds * 1000;
  const date = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}
