import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** From when to when something was at work, in milliseconds since 1970. */
export type Span = readonly [from: number, to: number];

/** Programs that note when they were at work. */
export interface ToolClock {
  /** To be put before PATH. */
  readonly folder: string;
  spans(): Promise<readonly Span[]>;
}

/** Puts a clock around each program: a script of its name that runs it, and writes down from when to when. */
export async function clockTools(folder: string, programs: Readonly<Record<string, string>>): Promise<ToolClock> {
  const book = join(folder, "spans.txt");
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(book, "");
  for (const [name, path] of Object.entries(programs)) {
    const clock = `at=$EPOCHREALTIME\n"${path}" "$@"\ncode=$?\necho "$at $EPOCHREALTIME" >>"${book}"\nexit $code\n`;
    await writeFile(join(bin, name), `#!/bin/bash\nLC_ALL=C\n${clock}`, { mode: 0o755 });
  }
  return {
    folder: bin,
    spans: async () => {
      const lines = (await readFile(book, "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => {
        const [from = Number.NaN, to = Number.NaN] = line.split(" ").map((seconds) => Number(seconds) * 1_000);
        return [from, to] as const;
      });
    },
  };
}

/** How long at least one of them was at work, in milliseconds: what two do side by side counts once. */
export function sumSpans(spans: readonly Span[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
