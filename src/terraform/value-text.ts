import { entriesOf, isList, isNumber, isObject, type Json } from "./exact-json.ts";
import { type Hide, SENSITIVE } from "./hide-values.ts";
import { isMarked, markBelow } from "./planned-change.ts";

/** What stands for a value that terraform learns only when it applies. */
export const UNKNOWN = "(known after apply)";

/** Characters of a text on one line, and of one with many; and how many of its lines. */
const LONGEST = 160;
const LONGEST_TEXT = 800;
const MOST_LINES = 16;
/** How much of what is the same stays in front of the first difference. */
const CONTEXT = 24;

/** What of a value is not known, and what is sensitive: trees of marks. */
export interface Marks {
  readonly unknown: Json | undefined;
  readonly hidden: Json | undefined;
}

/** A value on one line, as people write HCL: `["a", (sensitive value)]`, `{a = 1}`. Not cut. */
export function renderValue(value: Json | undefined, marks: Marks, hide: Hide): string {
  if (marks.hidden === true) return SENSITIVE;
  if (marks.unknown === true) return UNKNOWN;
  if (isList(value) || isList(marks.unknown)) {
    const length = Math.max(isList(value) ? value.length : 0, isList(marks.unknown) ? marks.unknown.length : 0);
    const parts = Array.from({ length }, (_, index) =>
      renderValue(isList(value) ? value[index] : undefined, below(marks, index), hide),
    );
    return `[${parts.join(", ")}]`;
  }
  if (isObject(value) || isMarked(marks.unknown)) {
    const known = new Map(entriesOf(value));
    const names = [...new Set([...known.keys(), ...entriesOf(marks.unknown).map(([name]) => name)])].sort();
    const parts = names.flatMap((name) => {
      const under = below(marks, name);
      if (!known.has(name) && !isMarked(under.unknown)) return [];
      const label = /^[A-Za-z_][\w-]*$/.test(name) ? hide.hide(name) : JSON.stringify(hide.hide(name));
      return [`${label} = ${renderValue(known.get(name), under, hide)}`];
    });
    return parts.length === 0 ? "{}" : `{${parts.join(", ")}}`;
  }
  return renderScalar(value, hide);
}

function below(marks: Marks, key: string | number): Marks {
  return { unknown: markBelow(marks.unknown, key), hidden: markBelow(marks.hidden, key) };
}

function renderScalar(value: Json | undefined, hide: Hide): string {
  if (typeof value === "string") return hide.isSensitive(value) ? SENSITIVE : JSON.stringify(hide.hide(value));
  if (!isNumber(value)) return String(value ?? null);
  const digits = JSON.stringify(value);
  return hide.isSensitive(digits) ? SENSITIVE : hide.hide(digits);
}

/** Two texts that differ, cut to what tells them apart. One of many lines stays so, and then has no quotes. */
export function renderTexts(
  before: string | undefined,
  after: string | undefined,
  hide: Hide,
): readonly [string | undefined, string | undefined] {
  const [one, other] = [before, after].map((text) => (text === undefined ? undefined : hide.hide(text)));
  const manyLines = [one, other].some((text) => /\n./.test(text ?? ""));
  const [cutOne, cutOther] = manyLines ? cutLines(one, other) : cutPair(quote(one), quote(other));
  return [hide.isSensitive(before ?? "") ? SENSITIVE : cutOne, hide.isSensitive(after ?? "") ? SENSITIVE : cutOther];
}

type Pair = readonly [string | undefined, string | undefined];

function quote(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text);
}

/** Two lines cut to the same length, from a little before where they begin to differ. */
export function cutPair(before: string | undefined, after: string | undefined): Pair {
  const longest = Math.max(before?.length ?? 0, after?.length ?? 0);
  if (longest <= LONGEST) return [before, after];
  const same = before === undefined || after === undefined ? 0 : countSame([...before], [...after]);
  const from = Math.max(0, Math.min(same - CONTEXT, longest - LONGEST));
  return [cut(before, from), cut(after, from)];
}

function cut(text: string | undefined, from: number): string | undefined {
  if (text === undefined) return undefined;
  // By whole characters: half of one would be no text.
  const characters = [...text];
  const part = characters.slice(from, from + LONGEST).join("");
  return `${from > 0 ? "…" : ""}${part}${characters.length > from + LONGEST ? "…" : ""}`;
}

function cutLines(before: string | undefined, after: string | undefined): Pair {
  if (before === undefined || after === undefined) {
    const whole = (text: string | undefined) => (text === undefined ? text : cutText(text.split("\n"), 0, 0));
    return [whole(before), whole(after)];
  }
  const [one, other] = [before.split("\n"), after.split("\n")];
  const head = countSame(one, other);
  const tail = countSame(one.slice(head).reverse(), other.slice(head).reverse());
  return [cutText(one, head, tail), cutText(other, head, tail)];
}

/** The lines that differ, with one before them and one after. */
function cutText(lines: readonly string[], head: number, tail: number): string {
  const from = Math.max(0, head - 1);
  const to = Math.min(lines.length, lines.length - tail + 1);
  const shown = lines.slice(from, Math.min(to, from + MOST_LINES));
  const text = [...(from > 0 ? ["…"] : []), ...shown, ...(from + shown.length < lines.length ? ["…"] : [])].join("\n");
  return text.length <= LONGEST_TEXT ? text : `${[...text].slice(0, LONGEST_TEXT).join("")}…`;
}

function countSame(one: readonly string[], other: readonly string[]): number {
  const end = Math.min(one.length, other.length);
  let count = 0;
  while (count < end && one[count] === other[count]) count += 1;
  return count;
}
