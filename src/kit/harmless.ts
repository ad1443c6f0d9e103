/**
 * A text from outside (tags, titles, answers of servers) that may stand in the log: the runner reads `::command::` at
 * the start of a line and `##[command]` anywhere in it, and a terminal obeys control characters.
 */
export function harmless(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => (character === "\r" ? "\n" : ""))
      .replace(/^(\s*):(?=:)/gm, "$1: ")
      .replaceAll("##[", "## [")
  );
}
