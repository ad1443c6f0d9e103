/** A value in a GraphQL text, variables put in. */
export type Value = string | number | boolean | null | Enum | readonly Value[] | { readonly [name: string]: Value };

/** A word without quotes: `OUTDATED`. */
export class Enum {
  readonly word: string;
  constructor(word: string) {
    this.word = word;
  }
}

export interface Field {
  readonly name: string;
  readonly alias: string;
  readonly args: Readonly<Record<string, Value>>;
  readonly selection: readonly Selection[];
}

/** A field, or `... on Type { … }`. */
export type Selection =
  | { readonly kind: "field"; readonly field: Field }
  | { readonly kind: "on"; readonly type: string; readonly selection: readonly Selection[] };

export interface Document {
  readonly operation: "query" | "mutation";
  readonly selection: readonly Selection[];
}

const TOKEN = /\s*,*\s*(?:#[^\n]*\n\s*)*(\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|"(?:\\.|[^"\\])*"|[^\s\w])/gy;

/** Reads the part of GraphQL that clients of ours use: one operation, variables, arguments, inline fragments. @throws what is wrong with it */
export function parseDocument(text: string, variables: Readonly<Record<string, unknown>>): Document {
  const tokens = [...text.matchAll(TOKEN)].map(([, token = ""]) => token);
  let at = 0;
  const peek = () => tokens[at] ?? "end of text";
  const take = () => {
    const token = peek();
    at += 1;
    return token;
  };
  const expect = (wanted: string) => {
    const token = take();
    if (token !== wanted) throw new Error(`Expected "${wanted}", actual: "${token}"`);
  };
  const until = <T>(end: string, read: () => T): T[] => {
    const items: T[] = [];
    while (peek() !== end) {
      if (at >= tokens.length) throw new Error(`Expected "${end}", actual: end of text`);
      items.push(read());
    }
    take();
    return items;
  };
  /** What stands between two signs; nothing where the first is not there. */
  const within = <T>(begin: string, end: string, read: () => T): T[] => {
    if (peek() !== begin) return [];
    take();
    return until(end, read);
  };

  const readValue = (): Value => {
    const token = take();
    if (token === "$") return readVariable(take());
    if (token === "[") return until("]", readValue);
    if (token === "{") return Object.fromEntries(until("}", readArgument));
    if (token.startsWith('"')) return JSON.parse(token) as string;
    if (/^-?\d/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    return new Enum(token);
  };
  const readVariable = (name: string): Value => {
    if (!declared.has(name)) throw new Error(`Variable $${name} is used by anonymous query but not declared`);
    return (variables[name] ?? null) as Value;
  };
  const readArgument = (): readonly [string, Value] => {
    const name = take();
    expect(":");
    return [name, readValue()];
  };
  const readSelection = (): Selection => {
    if (peek() === "...") {
      take();
      expect("on");
      const type = take();
      expect("{");
      return { kind: "on", type, selection: until("}", readSelection) };
    }
    const alias = take();
    const renamed = peek() === ":";
    if (renamed) take();
    const name = renamed ? take() : alias;
    const args = Object.fromEntries(within("(", ")", readArgument));
    return { kind: "field", field: { name, alias, args, selection: within("{", "}", readSelection) } };
  };

  const declared = new Set<string>();
  const operation = /^(?:query|mutation)$/.test(peek()) ? (take() as Document["operation"]) : "query";
  if (/^[A-Za-z_]/.test(peek())) take();
  if (peek() === "(") {
    take();
    while (peek() !== ")") {
      if (at >= tokens.length) throw new Error('Expected ")", actual: end of text');
      if (take() === "$") declared.add(peek());
    }
    take();
  }
  expect("{");
  return { operation, selection: until("}", readSelection) };
}
