/** Lays cells out in columns of equal width. A last column that does not fit into `width` characters is cut with `…`. */
export function renderColumns(rows: readonly (readonly string[])[], width: number): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, measure(cell));
  }
  return rows.map((row) => {
    const line = row.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - measure(cell))).join("  ");
    return cut(line.trimEnd(), width);
  });
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns of a text in a terminal: a picture takes two. */
function measure(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += isPicture(segment) ? 2 : 1;
  return columns;
}

const isPicture = (grapheme: string): boolean => /\p{Emoji_Presentation}|\ufe0f/u.test(grapheme);

function cut(line: string, width: number): string {
  if (measure(line) <= width) return line;
  let kept = "";
  for (const { segment } of graphemes.segment(line)) {
    if (measure(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
