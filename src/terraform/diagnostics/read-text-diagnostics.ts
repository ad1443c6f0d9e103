import type { Diagnostic } from "../stream-event.ts";

const HEAD = /^(Error|Warning): (.*)$/;
const PLACE = /^ {2}(?:on|with) (\S+?)(?: line (\d+))?(?:, in .*|:|,)?\s*$/;

/** Stands above the errors that it speaks of, and is none itself. */
const ANNOUNCEMENT = /^(?:Terraform|OpenTofu) encountered problems during initiali[sz]ation/;

/**
 * Reads the errors and warnings out of what terraform prints for people, with or without its frames: `init` and
 * `workspace` speak like that, and every command before it knows that it should speak JSON.
 */
export function readTextDiagnostics(text: string): readonly Diagnostic[] {
  const lines = stripAnsi(text)
    .split(/\r?\n/)
    .map((line) => line.replace(/^[╷│╵] ?/, ""));
  const heads = lines.flatMap((line, index) => (HEAD.test(line) ? [index] : []));
  return heads
    .map((from, nth) => readOne(lines.slice(from, heads[nth + 1])))
    .filter(({ summary }) => !ANNOUNCEMENT.test(summary));
}

function readOne([head = "", ...rest]: readonly string[]): Diagnostic {
  const [, word, first = ""] = HEAD.exec(head) ?? [];
  // A long summary goes on in the next lines, up to the first empty one.
  const wrapped = rest.slice(0, Math.max(0, rest.indexOf("")));
  const summary = [first, ...wrapped].join(" ").trim();
  const body = rest.slice(wrapped.length);
  const place = body.map((line) => PLACE.exec(line)).find((found) => found?.[2] !== undefined && found !== null);
  const address = body.map((line) => /^ {2}with (\S+),$/.exec(line)?.[1]).find((found) => found !== undefined);
  const detail = body.filter((line) => !PLACE.test(line) && !/^ {2,}\d+: /.test(line));
  return {
    severity: word === "Warning" ? "warning" : "error",
    summary,
    detail: detail.join("\n").trim(),
    address,
    range: place == null ? undefined : { file: place[1] ?? "", line: Number(place[2]) },
  };
}

function stripAnsi(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one.
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
