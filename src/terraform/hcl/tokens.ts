/** A word of HCL. Line breaks are words of their own: they end an attribute. */
export interface Token {
  readonly kind: "word" | "number" | "text" | "sign" | "line";
  /** As it is written. */
  readonly source: string;
  /** What a text says; undefined when a part of it is to be computed. */
  readonly value: string | undefined;
  /** From 1. */
  readonly line: number;
}

const BLANK = /[^\S\n]+|#[^\n]*|\/\/[^\n]*|\/\*.*?(?:\*\/|$)/sy;
const WORD = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SIGN = /==|=>|!=|<=|>=|&&|\|\||\.\.\.|./suy;
const HEREDOC = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[^\S\n]*\n/uy;

/**
 * The words of a text in terraform's language (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md), comments
 * left out. It never fails: what is no HCL becomes words all the same, and terraform says what is wrong with it.
 */
export function listTokens(source: string): readonly Token[] {
  const text = source.replaceAll("\r\n", "\n").replace(/^\uFEFF/, "");
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const add = (kind: Token["kind"], length: number, value?: string): void => {
    const part = text.slice(at, at + length);
    if (part !== "") tokens.push({ kind, source: part, value, line });
    step(length);
  };
  const step = (length: number): void => {
    line += text.slice(at, at + length).split("\n").length - 1;
    at += length;
  };
  while (at < text.length) {
    const blank = take(BLANK);
    const heredoc = blank === null ? take(HEREDOC) : null;
    if (blank !== null) step(blank[0].length);
    else if (text[at] === "\n") add("line", 1);
    else if (text[at] === '"') add("text", ...measureText(text, at));
    else if (heredoc !== null) add("text", ...measureHeredoc(text, at, heredoc));
    else {
      const word = take(WORD);
      const number = word === null ? take(NUMBER) : null;
      if (word !== null) add("word", word[0].length);
      else if (number !== null) add("number", number[0].length);
      else add("sign", take(SIGN)?.[0].length ?? 1);
    }
  }
  return tokens;
}

type Measured = readonly [length: number, value: string | undefined];

/** A text in quotes. One that is not closed ends with its line. */
function measureText(text: string, from: number): Measured {
  let value = "";
  let computed = false;
  let at = from + 1;
  while (at < text.length && text[at] !== '"' && text[at] !== "\n") {
    const [part, read] = readPart(text, at, true);
    if (read === undefined) computed = true;
    else value += read;
    at += part;
  }
  return [Math.min(text.length, text[at] === '"' ? at + 1 : at) - from, computed ? undefined : value];
}

function measureHeredoc(text: string, from: number, [opening, indented, marker]: RegExpExecArray): Measured {
  const lines: string[] = [];
  let at = from + opening.length;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end);
    at += line.length;
    // The line break after the marker ends the attribute: it stays.
    if (line.trim() === marker) break;
    lines.push(line);
    at += 1;
  }
  const margins = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const margin = indented === "-" ? Math.min(...margins, Number.MAX_SAFE_INTEGER) : 0;
  const raw = lines.map((line) => `${line.slice(margin)}\n`).join("");
  return [Math.min(at, text.length) - from, readTemplate(raw)];
}

function readTemplate(raw: string): string | undefined {
  let value = "";
  for (let at = 0; at < raw.length; ) {
    const [length, read] = readPart(raw, at, false);
    if (read === undefined) return undefined;
    value += read;
    at += length;
  }
  return value;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
const CODE_POINT = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/** One part of a text and what it says: a character, an escape, or an expression, which says nothing yet. */
function readPart(text: string, at: number, escapes: boolean): Measured {
  const [first = "", second = "", third = ""] = [text[at], text[at + 1], text[at + 2]];
  if (first === "$" || first === "%") {
    if (second === first && third === "{") return [3, `${first}{`];
    if (second === "{") return [skipExpression(text, at + 2) - at, undefined];
  }
  if (escapes && first === "\\") {
    CODE_POINT.lastIndex = at;
    const [whole, short, long] = CODE_POINT.exec(text) ?? [];
    const point = Number.parseInt(short ?? long ?? "", 16);
    if (whole !== undefined && point <= 0x10_ffff) return [whole.length, String.fromCodePoint(point)];
    return [second === "" ? 1 : 2, ESCAPES[second] ?? second];
  }
  return [1, first];
}

/** Where an expression in a text ends: after the brace that closes it. */
function skipExpression(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length && depth > 0) {
    if (text[at] === '"') at += measureText(text, at)[0];
    else {
      if (text[at] === "{") depth += 1;
      if (text[at] === "}") depth -= 1;
      at += 1;
    }
  }
  return at;
}
