const LONGEST = 80;

/** A value on a line: as JSON, cut where it is long; `nothing` where there is none. */
export function tellValue(value: unknown, longest: number = LONGEST): string {
  if (value === undefined) return "nothing";
  // JSON has no words for them.
  if (typeof value === "number") return String(value);
  return shorten(JSON.stringify(value) ?? String(value), longest);
}

/** A text of at most so many characters, with a mark where something is left out. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Not between the halves of a character outside of the basic plane.
  return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
