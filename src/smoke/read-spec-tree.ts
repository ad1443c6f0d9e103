import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type Scalar,
} from "yaml";

/** Keys and indexes from the root. */
export type Path = readonly (string | number)[];

/** Something that is wrong at a place of the tree. */
export interface PlaceProblem {
  readonly path: Path;
  /** Whether it is the key itself. */
  readonly at?: "key";
  readonly message: string;
}

/** A file's YAML as plain values, and where each of them stands. */
export interface SpecTree {
  readonly value: unknown;
  readonly problems: readonly PlaceProblem[];
  /** Line and column from 1; those of what it stands in when there is no such place. */
  locate(path: Path, at?: "key" | "value"): { readonly line: number; readonly column: number };
  /** A scalar as it is written without quotes; undefined for everything else. */
  sourceOf(path: Path): string | undefined;
}

interface Place {
  readonly key: number | undefined;
  readonly value: number;
  readonly source: string | undefined;
}

/** Deeper than any object is, and less than a stack takes. */
const DEEPEST = 64;
/** Types of values that JSON has, too. */
const TAGS = /^tag:yaml\.org,2002:(?:bool|float|int|map|null|seq|str)$/;

/** Reads a file of one document. What is no YAML at all comes back as problems of a tree that is empty. */
export function readTree(text: string): SpecTree {
  const lines = new LineCounter();
  const places = new Map<string, Place>();
  const problems: PlaceProblem[] = [];
  const add = (path: Path, message: string, at?: "key"): undefined => {
    problems.push({ path, message, ...(at === undefined ? {} : { at }) });
  };

  const locate: SpecTree["locate"] = (path, at = "value") => {
    const place = places.get(JSON.stringify(path));
    if (place === undefined && path.length > 0) return locate(path.slice(0, -1));
    const offset = (at === "key" ? place?.key : undefined) ?? place?.value ?? 0;
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { line: 1, column: 1 } : { line, column: col };
  };

  const sourceOf = (path: Path): string | undefined => places.get(JSON.stringify(path))?.source;
  return { value: readDocument(), problems, locate, sourceOf };

  function readDocument(): unknown {
    // Keys that stand twice are told below, where their names are known.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    for (const { code, pos, message } of document.errors) {
      const path = [`error ${problems.length}`];
      places.set(JSON.stringify(path), { key: undefined, value: pos[0], source: undefined });
      if (text.startsWith("${", pos[0] - 1)) {
        // What the parser says of the rest of the file follows from it.
        add(path, "expected quotes around a value with ${…} in {…} or […], got none");
        break;
      }
      add(path, tellFault(code, message));
    }
    return document.errors.length > 0 ? undefined : read(document.contents, [], undefined);
  }

  function read(node: Node | null, path: Path, key: number | undefined): unknown {
    const value = node?.range?.[0] ?? key ?? 0;
    const plain = isScalar(node) && node.type === "PLAIN";
    places.set(JSON.stringify(path), { key, value, source: plain ? node.source : undefined });
    if (node === null) return null;
    if (path.length > DEEPEST) return add(path, `expected at most ${DEEPEST} levels, got more`);
    if (isAlias(node)) return add(path, `expected the value itself, got the alias *${node.source}`);
    if (node.tag !== undefined && !TAGS.test(node.tag)) return add(path, `expected no tag, got ${node.tag}`);
    if (isScalar(node)) return readScalar(node, path);
    if (isSeq<ParsedNode>(node)) return node.items.map((item, index) => read(item, [...path, index], undefined));
    return isMap<ParsedNode, ParsedNode | null>(node) ? readMap(node.items, path) : null;
  }

  function readScalar({ value, source }: Scalar, path: Path): unknown {
    if (typeof value !== "number") return value;
    const exact = Number.isFinite(value) ? Number.isSafeInteger(Math.trunc(value)) : !Number.isNaN(value);
    if (!exact) add(path, `expected a number of at most 15 digits, or a text in quotes, got ${source ?? value}`);
    return value;
  }

  function readMap(
    items: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[],
    path: Path,
  ): Readonly<Record<string, unknown>> {
    const entries = new Map<string, unknown>();
    for (const { key, value } of items) {
      const at = key.range[0];
      if (!isScalar(key) || (key.value === null && key.source !== "null")) {
        const below = [...path, `key ${at}`];
        places.set(JSON.stringify(below), { key: at, value: at, source: undefined });
        add(below, "expected a text as the key, got something else", "key");
        continue;
      }
      const name = key.type === "PLAIN" ? (key.source ?? String(key.value)) : String(key.value);
      const below = [...path, name];
      if (entries.has(name)) {
        const again = [...path, `key ${at}`];
        places.set(JSON.stringify(again), { key: at, value: at, source: undefined });
        add(again, `expected each key once, got "${name}" again`, "key");
        continue;
      }
      const found = read(value, below, at);
      if (name in Object.prototype || name === "prototype") add(below, `expected another key, got "${name}"`, "key");
      else if (name.includes("${"))
        add(below, `expected a key without \${, got "${name}": only values are filled in`, "key");
      else entries.set(name, found);
    }
    return Object.fromEntries(entries);
  }
}

function tellFault(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "expected one document, got another: give each spec a file";
  // The parser goes down with the text, which may go deeper than any stack.
  if (/call stack|stack overflow/i.test(message)) return `expected at most ${DEEPEST} levels, got more`;
  return `expected YAML, got a fault: ${message}`;
}
