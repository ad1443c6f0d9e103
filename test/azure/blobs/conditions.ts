import type { Blob } from "./blob.ts";
import { BlobFailure } from "./failure.ts";

type Headers = Readonly<Record<string, string>>;

/** @throws BlobFailure 409 or 412 where the request's conditions do not let it write over what is there */
export function requireConditions(headers: Headers, before: Blob | undefined): void {
  if (headers["if-none-match"] === "*" && before !== undefined) {
    throw new BlobFailure(409, "BlobAlreadyExists", "The specified blob already exists.");
  }
  const none = headers["if-none-match"];
  if (!matches(headers, before) || (none !== undefined && none === before?.etag)) throw conditionNotMet();
}

/**
 * @returns true where the reader has it already
 * @throws BlobFailure 412
 */
export function requireReadConditions(headers: Headers, blob: Blob): boolean {
  if (!matches(headers, blob)) throw conditionNotMet();
  const since = Date.parse(headers["if-modified-since"] ?? "");
  return headers["if-none-match"] === blob.etag || seconds(blob.modified) <= since;
}

function matches(headers: Headers, blob: Blob | undefined): boolean {
  const match = headers["if-match"];
  const unmodified = Date.parse(headers["if-unmodified-since"] ?? "");
  if (blob !== undefined && seconds(blob.modified) > unmodified) return false;
  return match === undefined || match === blob?.etag || (match === "*" && blob !== undefined);
}

/** Headers tell times in whole seconds. */
function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}

function conditionNotMet(): BlobFailure {
  const message = "The condition specified using HTTP conditional header(s) is not met.";
  return new BlobFailure(412, "ConditionNotMet", message);
}
