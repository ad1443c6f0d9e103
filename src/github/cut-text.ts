/** A text in UTF-16 units, which are never too few for a limit on characters, and not cut in the middle of one. */
export function cutText(text: string, longest: number, mark = "…"): string {
  if (text.length <= longest) return text;
  return text.slice(0, longest - mark.length).replace(/[\ud800-\udbff]$/, "") + mark;
}

/** The same of a text that has to be one line. */
export function cutLine(text: string, longest: number): string {
  return cutText(text.replace(/\s+/g, " ").trim(), longest);
}
