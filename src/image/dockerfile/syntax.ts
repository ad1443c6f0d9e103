/**
 * The image of `# syntax=`, by the rules of BuildKit's DetectSyntax: directives stand at the very top, one on each line,
 * behind `#` or `//`; a line `#!` may stand before them.
 */
export function readSyntax(text: string): string | undefined {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const top = lines[0]?.startsWith("#!") ? lines.slice(1) : lines;
  return readDirective(top, "#") ?? readDirective(top, "//");
}

function readDirective(lines: readonly string[], mark: string): string | undefined {
  for (const line of lines) {
    if (!line.startsWith(mark)) return undefined;
    const [, name = "", value = ""] = /^\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line.slice(mark.length)) ?? [];
    if (!/^(?:syntax|escape|check)$/i.test(name)) return undefined;
    // What stands behind a space are options for the frontend.
    if (name.toLowerCase() === "syntax") return value.split(" ")[0];
  }
  return undefined;
}
