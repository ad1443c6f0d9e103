import type { styleText } from "node:util";
import type { LogLine } from "../../test/runner/job.ts";

type Style = Parameters<typeof styleText>[0];
/** Gives a text its look, where the terminal has looks to give. */
export type Paint = (style: Style, text: string) => string;

/** How the terminal marks what GitHub colours. */
const MARKS: Readonly<Record<"error" | "warning" | "notice", readonly [Style, string]>> = {
  error: ["red", "Error"],
  warning: ["yellow", "Warning"],
  notice: ["cyan", "Notice"],
};

/** Prints a job's log while it comes, with each group folded to its title and the number of its lines. */
export function createTerminalLog(print: (line: string) => void, paint: Paint): (line: LogLine) => void {
  let group: { readonly title: string; lines: number } | undefined;
  const close = (): void => {
    if (group === undefined) return;
    const count = `${group.lines} line${group.lines === 1 ? "" : "s"}`;
    print(`  ${paint("dim", "▸")} ${paint("bold", group.title)} ${paint("dim", `(${count} folded)`)}`);
    group = undefined;
  };
  return (line) => {
    if (line.kind === "debug") return;
    if (line.kind === "group" || line.kind === "endgroup") {
      close();
      if (line.kind === "group") group = { title: line.text, lines: 0 };
      return;
    }
    if (line.kind === "error" || line.kind === "warning" || line.kind === "notice") {
      close();
      const [style, word] = MARKS[line.kind];
      for (const [index, text] of line.text.split("\n").entries()) {
        print(`  ${paint(style, index === 0 ? `${word}: ${text}` : `  ${text}`)}`);
      }
      return;
    }
    if (group !== undefined) group.lines += 1;
    else print(`  ${line.text === "Post job cleanup." ? paint("dim", line.text) : line.text}`);
  };
}
