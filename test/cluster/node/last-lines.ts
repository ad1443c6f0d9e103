import { existsSync, readFileSync } from "node:fs";

const TOLD_LINES = 15;

/** The end of a log, indented, for a message; says so when there is nothing. */
export function lastLines(file: string, count = TOLD_LINES): string {
  const text = existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  if (text === "") return "  (it is empty)";
  return text
    .split("\n")
    .slice(-count)
    .map((line) => `  ${line.slice(0, 500)}`)
    .join("\n");
}
