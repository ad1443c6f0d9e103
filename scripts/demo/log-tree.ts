import type { LogLine } from "../../test/runner/job.ts";

/** A line of a step's log as GitHub numbers it; one that opens a group holds the group's lines. */
export interface LogNode {
  readonly number: number;
  readonly line: LogLine;
  readonly lines?: readonly LogNode[];
}

/**
 * The lines of a step as GitHub shows them: numbered from 1, debug lines and ends of groups left out. Groups do not
 * nest: a new one ends the last, and one that nobody ends goes to the end of the step.
 */
export function buildLogTree(log: readonly LogLine[]): readonly LogNode[] {
  const roots: LogNode[] = [];
  let open: LogNode[] | undefined;
  let number = 0;
  for (const line of log) {
    if (line.kind === "debug") continue;
    if (line.kind === "endgroup") {
      open = undefined;
      continue;
    }
    number += 1;
    if (line.kind === "group") {
      open = [];
      roots.push({ number, line, lines: open });
    } else (open ?? roots).push({ number, line });
  }
  return roots;
}
