import { diff } from "node:util";

const CONTEXT_LINES = 2;

/** The lines that differ between what stands and what should stand, with a little around them. */
export function showDiff(stands: string, should: string): string {
  const changes = diff(stands.split("\n"), should.split("\n"));
  const near = (index: number): boolean =>
    changes.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1).some(([operation]) => operation !== 0);
  // util.diff calls "insert" what stands only in its first argument.
  const sign = { [-1]: "+", 0: " ", 1: "-" };
  const shown = changes.map(([operation, line], index) => (near(index) ? `${sign[operation]} ${line}` : undefined));
  return shown
    .filter((line, index) => line !== undefined || index === 0 || shown[index - 1] !== undefined)
    .map((line) => line ?? "  …")
    .join("\n");
}
