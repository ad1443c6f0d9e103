import { listTokens, type Token } from "./tokens.ts";

/** What stands between two braces, or in a whole file. */
export interface Body {
  /** Names and the words of their expressions. The last of a name counts. */
  readonly attributes: ReadonlyMap<string, readonly Token[]>;
  readonly blocks: readonly Block[];
}

/** `variable "name" { … }` */
export interface Block extends Body {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
}

/** Attributes and blocks of a file in terraform's language, as far as they can be made out. It never fails. */
export function readBody(text: string): Body {
  return takeBody({ tokens: listTokens(text), at: 0 });
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

const OPENING = new Set(["{", "[", "("]);
const CLOSING = new Set(["}", "]", ")"]);

function takeBody(reader: Reader): Body {
  const attributes = new Map<string, readonly Token[]>();
  const blocks: Block[] = [];
  for (let token = reader.tokens[reader.at]; token !== undefined; token = reader.tokens[reader.at]) {
    if (token.source === "}") break;
    reader.at += 1;
    if (token.kind !== "word" && token.kind !== "text") continue;
    const name = token.value ?? token.source;
    if (reader.tokens[reader.at]?.source === "=") {
      reader.at += 1;
      attributes.set(name, takeExpression(reader));
    } else {
      const labels = takeLabels(reader);
      if (reader.tokens[reader.at]?.source !== "{") continue;
      reader.at += 1;
      blocks.push({ type: name, labels, line: token.line, ...takeBody(reader) });
      reader.at += 1;
    }
  }
  return { attributes, blocks };
}

function takeLabels(reader: Reader): readonly string[] {
  const labels: string[] = [];
  for (let token = reader.tokens[reader.at]; token !== undefined; token = reader.tokens[reader.at]) {
    if (token.kind !== "word" && token.kind !== "text") break;
    labels.push(token.value ?? token.source);
    reader.at += 1;
  }
  return labels;
}

/** All up to the end of the line, or of the block; lines inside of brackets do not end it. */
function takeExpression(reader: Reader): readonly Token[] {
  const from = reader.at;
  let depth = 0;
  for (let token = reader.tokens[reader.at]; token !== undefined; token = reader.tokens[reader.at]) {
    if (depth === 0 && (token.kind === "line" || token.source === "}")) break;
    if (token.kind === "sign" && OPENING.has(token.source)) depth += 1;
    if (token.kind === "sign" && CLOSING.has(token.source)) depth -= 1;
    reader.at += 1;
  }
  return reader.tokens.slice(from, reader.at);
}
