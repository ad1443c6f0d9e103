/** A piece of a text that becomes another one, by its place in the text as it is. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits that do not overlap. Every line keeps its number.
 *
 * @throws Error when an edit would take lines away or add some before the end of the text
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text: replacement } of [...edits].sort((one, other) => one.start - other.start)) {
    if (start < at) throw new Error(`Two edits overlap at ${start}`);
    const taken = countLines(text.slice(start, end));
    if (end < text.length && countLines(replacement) > taken) throw new Error(`An edit adds lines at ${start}`);
    result += text.slice(at, start) + replacement + "\n".repeat(Math.max(0, taken - countLines(replacement)));
    at = end;
  }
  return result + text.slice(at);
}

const countLines = (text: string): number => text.split("\n").length - 1;
