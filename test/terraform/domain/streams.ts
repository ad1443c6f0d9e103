import { readFileSync } from "node:fs";
import { readStreamLine, readStreamTime } from "../../../src/terraform/read-stream.ts";
import type { StreamEvent } from "../../../src/terraform/stream-event.ts";
import { createWorkLog, type WorkFacts } from "../../../src/terraform/work-log.ts";

/** What terraform 1.11.4 really printed; `streams/README.md` says of what. */
export function readRecorded(file: string): string {
  return readFileSync(new URL(`streams/${file}`, import.meta.url), "utf8");
}

/** A recorded stream, with milliseconds since its first line. */
export function readStream(name: string): readonly { readonly event: StreamEvent; readonly atMs: number }[] {
  const lines = readRecorded(`${name}.ndjson`)
    .split("\n")
    .filter((line) => line !== "");
  const from = readStreamTime(lines[0] ?? "")?.getTime() ?? 0;
  return lines.map((line) => ({
    event: readStreamLine(line),
    atMs: Math.max(0, (readStreamTime(line)?.getTime() ?? from) - from),
  }));
}

/** What became of recorded calls, one after the other. */
export function readWork(...names: readonly string[]): WorkFacts {
  const log = createWorkLog();
  for (const name of names) for (const { event, atMs } of readStream(name)) log.read(event, atMs);
  return log.facts();
}
