import type { Log } from "../../src/kit/runner.ts";

/** A log that keeps what it is told, plain lines and notices apart from what is wrong, in what there is by then. */
export function recordLog(into: () => { readonly lines: string[]; readonly warnings: string[] }): Omit<Log, "debug"> {
  return {
    info: (line) => void into().lines.push(line),
    notice: (line) => void into().lines.push(line),
    warning: (line) => void into().warnings.push(line),
    error: (line) => void into().warnings.push(line),
    group: (_, work) => work(),
  };
}
