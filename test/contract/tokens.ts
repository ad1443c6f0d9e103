/** A word, text or sign of a TypeScript source. */
export interface Token {
  /** `text` is a string; of a template's texts and of a regular expression only the place is told. */
  readonly kind: "word" | "text" | "template" | "pattern" | "sign";
  /** Of a string its value, without escapes. */
  readonly value: string;
  readonly line: number;
  /** Of an opening bracket, the index of its partner. */
  readonly end?: number;
}

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const TEXT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const WORD = /[\w$#@]+/y;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** A template's text, until its end or until something is put in. */
const CHUNK = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const SIGN = /=>|\?\?=?|\?\.(?!\d)|===?|!==?|\|\|=?|&&=?|\.\.\.|\S/y;
const PARTNERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "${": "}" };
/** Words after which a slash begins a pattern; after every other one it divides. */
const BEFORE_PATTERN = /^(?:return|case|typeof|in|of|else|do|void|await)$/;

/** The tokens of a source, comments left out. @throws Error for a bracket without its partner: then it was misread */
export function readTokens(source: string): readonly Token[] {
  const tokens: { -readonly [K in keyof Token]: Token[K] }[] = [];
  const open: { readonly sign: string; readonly index: number }[] = [];
  let at = 0;
  let line = 1;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const add = (kind: Token["kind"], text: string, value: string): void => {
    tokens.push({ kind, value, line });
    line += text.split("\n").length - 1;
  };
  const addChunk = (): void => {
    const chunk = take(CHUNK) ?? "";
    add("template", chunk, "");
    if (!chunk.endsWith("${")) return;
    open.push({ sign: "${", index: tokens.length });
    add("sign", "", "${");
  };
  const addSign = (sign: string): void => {
    const last = open.at(-1);
    if (sign in PARTNERS) open.push({ sign, index: tokens.length });
    else if (Object.values(PARTNERS).includes(sign)) {
      const partner = tokens[last?.index ?? -1];
      if (partner === undefined || PARTNERS[last?.sign ?? ""] !== sign)
        throw new Error(`${sign} of line ${line} is alone`);
      partner.end = tokens.length;
      open.pop();
    }
    add("sign", sign, sign);
    if (sign === "}" && last?.sign === "${") addChunk();
  };

  while (at < source.length) {
    line += (take(SKIPPED) ?? "").split("\n").length - 1;
    if (at >= source.length) break;
    const text = take(TEXT);
    const word = text === undefined ? take(WORD) : undefined;
    if (text !== undefined) add("text", text, text.slice(1, -1).replace(/\\(.)/g, "$1"));
    else if (word !== undefined) add("word", word, word);
    else if (source[at] === "`") {
      at += 1;
      addChunk();
    } else {
      const pattern = endsValue(tokens.at(-1)) ? undefined : take(PATTERN);
      if (pattern !== undefined) add("pattern", pattern, "");
      else addSign(take(SIGN) ?? "");
    }
  }
  if (open.length > 0) throw new Error(`${open[0]?.sign} of line ${tokens[open[0]?.index ?? 0]?.line} is alone`);
  return tokens;
}

function endsValue(token: Token | undefined): boolean {
  if (token === undefined || token.kind === "pattern") return false;
  if (token.kind === "sign") return /^[)\]}]$/.test(token.value);
  return token.kind !== "word" || !BEFORE_PATTERN.test(token.value);
}
