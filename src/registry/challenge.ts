/** How a registry wants to be asked (`WWW-Authenticate`). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case: `realm`, `service`, `scope`, `error`. */
  readonly parameters: Readonly<Record<string, string>>;
}

const SPACE = /[\s,]*/y;
const WORD = /[^\s,="]+/y;
const VALUE = /[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;

/** Every challenge of a header, several servers' in one line included; what cannot be read is left out. */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: { readonly scheme: string; readonly parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SPACE);
    const word = take(WORD)?.[0];
    if (word === undefined) return found;
    const value = take(VALUE);
    if (value === undefined) found.push({ scheme: word.toLowerCase(), parameters: {} });
    else {
      const parameters = found.at(-1)?.parameters;
      if (parameters !== undefined)
        parameters[word.toLowerCase()] = value[1]?.replace(/\\(.)/g, "$1") ?? value[2] ?? "";
    }
  }
}
