import { code, plain } from "../kit/markdown.ts";

/** Colours and cursor movements of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one.
const TERMINAL = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
/** Controls, and what turns the direction of writing: what is read would not be what is there. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown as numbers.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A text of somebody else's as it may stand in a report: no terminal's commands, nothing invisible, and no comment of
 * HTML, since such a one marks our own comments. Lines stay lines.
 */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(TERMINAL, "")
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`)
    .replaceAll("<!--", "<!\u200b--");
}

/** The beginning of a text, with what is missing said in numbers. */
export function clip(text: string, mostCharacters: number): string {
  if (text.length <= mostCharacters) return text;
  const shown = text.slice(0, mostCharacters).toWellFormed();
  return `${shown}… (${text.length - mostCharacters} more characters)`;
}

const LONGEST_LINE = 400;

/** A short text as plain words of a line. */
export function words(text: string, mostCharacters = LONGEST_LINE): string {
  return plain(clean(clip(text, mostCharacters)));
}

/** A short text in a code span. */
export function span(text: string, mostCharacters = LONGEST_LINE): string {
  return code(clean(clip(text, mostCharacters)));
}

/** `3 resources`, `1 resource`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
