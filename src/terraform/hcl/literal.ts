import { type Json, parseExactJson } from "../exact-json.ts";
import type { Token } from "./tokens.ts";

/** What an expression says when it needs nothing else to say it; undefined of one that must be computed. */
export function readLiteral(tokens: readonly Token[]): Json | undefined {
  const reader: Reader = { tokens: tokens.filter((token) => token.kind !== "line"), at: 0 };
  const value = takeValue(reader);
  return reader.at === reader.tokens.length ? value : undefined;
}

/** A text, number or truth, as text; undefined of anything else. */
export function readScalar(tokens: readonly Token[] | undefined): string | undefined {
  const value = tokens === undefined ? undefined : readLiteral(tokens);
  return value === null || typeof value === "object" ? undefined : value?.toString();
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

/** Undefined is contagious, but the reader goes on behind it where it can. */
function takeValue(reader: Reader): Json | undefined {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token === undefined) return undefined;
  if (token.kind === "text") return token.value;
  if (token.kind === "number") return readNumber(token.source);
  if (token.kind === "word") return Object.hasOwn(WORDS, token.source) ? WORDS[token.source] : undefined;
  if (token.source === "[") return takeList(reader);
  if (token.source === "{") return takeObject(reader);
  const digits = reader.tokens[reader.at];
  if (token.source !== "-" || digits?.kind !== "number") return undefined;
  reader.at += 1;
  return readNumber(`-${digits.source}`);
}

function readNumber(digits: string): Json | undefined {
  try {
    const [value] = parseExactJson(`[${digits}]`) as readonly Json[];
    return value;
  } catch {
    return undefined;
  }
}

function takeList(reader: Reader): Json | undefined {
  const values: (Json | undefined)[] = [];
  while (!isAt(reader, "]")) {
    if (reader.at >= reader.tokens.length) return undefined;
    values.push(takeValue(reader));
    if (isAt(reader, ",")) reader.at += 1;
    else if (!isAt(reader, "]")) return undefined;
  }
  reader.at += 1;
  return values.every((value) => value !== undefined) ? values : undefined;
}

function takeObject(reader: Reader): Json | undefined {
  const entries: [string, Json | undefined][] = [];
  while (!isAt(reader, "}")) {
    const name = reader.tokens[reader.at];
    const sign = reader.tokens[reader.at + 1];
    if (name === undefined || (sign?.source !== "=" && sign?.source !== ":")) return undefined;
    reader.at += 2;
    entries.push([name.value ?? name.source, takeValue(reader)]);
    if (isAt(reader, ",")) reader.at += 1;
  }
  reader.at += 1;
  const known = entries.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return known.length === entries.length ? Object.fromEntries(known) : undefined;
}

function isAt(reader: Reader, sign: string): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === "sign" && token.source === sign;
}
