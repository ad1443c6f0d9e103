/**
 * A value as one word of a command line that people paste: whatever a branch or tag is called, the shell reads it as
 * text. Only for printing; Mayfly itself never runs a shell.
 */
export function shellWord(value: string): string {
  const line = value.replace(/[\r\n]+/g, " ");
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}
