const LONGEST = 600;

/** What a text of the cluster may hold of a user: the pull limit of Docker Hub names the account and a token of it. */
const PRIVATE: ReadonlyArray<readonly [RegExp, string]> = [
  [/(\brate limit as )'[^']*'(?::\s*\S+?(?=\.?(?:\s|$)))?/g, "$1'***'"],
  [/\bdckr_\w+(?:[-.]\w+)*/g, "***"],
  [/(\/\/)[^/@\s"']+@/g, "$1***@"],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, "***"],
  [/\b(Bearer|Basic)\s+[\w.+/=~-]{8,}/gi, "$1 ***"],
  [/([?&](?:sig|access_token|refresh_token|password|token)=)[^&\s"']+/gi, "$1***"],
];

/** A text without names and tokens of users. */
export function scrub(text: string): string {
  return PRIVATE.reduce((scrubbed, [pattern, instead]) => scrubbed.replace(pattern, instead), text);
}

/** A text on one line, without anything that moves a terminal's cursor, and not endless. */
export function oneLine(text: string): string {
  const line = scrub(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a program's output
    .replace(/\u001B\[[0-9;]*[A-Za-z]/g, "")
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).trimEnd()}…`;
}
