import { BlobFailure } from "./failure.ts";

/** Bytes asked for: from `start` up to `end`, which is not included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * `bytes=0-499`, `bytes=500-`; undefined where none is asked for. `x-ms-range` goes before `Range`.
 * @throws BlobFailure 416 where the blob ends before it
 */
export function readRange(headers: Readonly<Record<string, string>>, bytes: number): Range | undefined {
  const text = headers["x-ms-range"] ?? headers["range"];
  if (text === undefined) return undefined;
  const [, from, to = ""] = /^bytes=(\d+)-(\d*)$/.exec(text) ?? [];
  const start = Number(from);
  if (from === undefined || start >= bytes) {
    const message = "The range specified is invalid for the current size of the resource.";
    throw new BlobFailure(416, "InvalidRange", message, {}, { "content-range": `bytes */${bytes}` });
  }
  return { start, end: to === "" ? bytes : Math.min(Number(to) + 1, bytes) };
}
