/**
 * One word of a POSIX shell (bash, zsh, dash), whatever the text holds: a branch name may hold `$(…)`, quotes
 * and semicolons, and people paste what we print. Only for printing; Mayfly itself never runs a shell.
 */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A string of terraform's language: no `${…}` or `%{…}` in the text is evaluated. */
export function terraformQuote(text: string): string {
  // Of JSON's escapes, HCL does not know these two.
  const escaped = JSON.stringify(text).replace(/\\./g, (two) => ({ "\\b": "\\u0008", "\\f": "\\u000c" })[two] ?? two);
  // A function, since a replacement text reads "$$" as one "$".
  return escaped.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** A string of Bicep. */
export function bicepQuote(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("${", "\\${")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `'${escaped}'`;
}
