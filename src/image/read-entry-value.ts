import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from "yaml";
import type { EntryKind } from "./image-entry.ts";

/** A value as the text of its input, or what was expected instead, with the node that is wrong. */
export type EntryValue = { readonly text: string } | { readonly expected: string; readonly at: Node | null };

/** Turns a value of a list of images into the text of an input. */
export function readEntryValue(kind: EntryKind, node: Node | null, document: Document): EntryValue {
  return READERS[kind](follow(node, document), document);
}

/** What an alias stands for. */
export function follow(node: unknown, document: Document): Node | null {
  return (isAlias(node) ? (node.resolve(document) ?? null) : (node ?? null)) as Node | null;
}

type Reader = (node: Node | null, document: Document) => EntryValue;

const wrong = (expected: string, at: Node | null): EntryValue => ({ expected, at });

/** A scalar as it was written: `1.10` is a version to whoever wrote it, and a number only to YAML. */
function writtenText(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  return typeof node.value === "string" || quoted ? String(node.value).trim() : (node.source ?? String(node.value));
}

const readText: Reader = (node) => {
  const text = writtenText(node);
  if (text === undefined || text === "") return wrong("a text", node);
  return findTextFault(text, node) ?? { text };
};

const readFlag: Reader = (node) => {
  const text = writtenText(node)?.toLowerCase();
  return text === "true" || text === "false" ? { text } : wrong("true or false", node);
};

const readLines: Reader = (node, document) => {
  if (isSeq(node)) return joinLines(node.items.map((item) => readText(follow(item, document), document)));
  const text = writtenText(node);
  if (text === undefined || text === "") return wrong("a text, or a list of texts", node);
  return joinLines(splitText(text).map((line) => findTextFault(line, node) ?? { text: line }));
};

const readPairs: Reader = (node, document) => {
  if (isMap(node)) return joinLines(node.items.map((pair) => readPair(pair as Pair<Node, Node | null>, document)));
  const form = "NAME: value pairs, or NAME=value on each line";
  const read = readLines(node, document);
  if (!("text" in read)) return read.expected.startsWith("a text") ? wrong(form, read.at) : read;
  return read.text.split("\n").every((line) => /^[^=\s]+\s*=/.test(line)) ? read : wrong(form, node);
};

function readPair(pair: Pair<Node, Node | null>, document: Document): EntryValue {
  const name = writtenText(pair.key) ?? "";
  if (!/^[^=\s#][^=\s]*$/.test(name)) return wrong("a name without spaces and =", pair.key);
  const value = follow(pair.value, document);
  const text = writtenText(value);
  if (text === undefined) return wrong(`a value for ${name} (an empty one is "")`, value ?? pair.key);
  return findTextFault(text, value) ?? { text: `${name}=${text}` };
}

/** GitHub evaluates expressions in workflow files, and nowhere else: here one would reach the build as it stands. */
function findTextFault(text: string, node: Node | null): EntryValue | undefined {
  if (/[\r\n]/.test(text)) return wrong("a single line", node);
  return text.includes("${{")
    ? wrong("a text without an expression of GitHub's, which only a workflow file can have", node)
    : undefined;
}

function joinLines(values: readonly EntryValue[]): EntryValue {
  const texts: string[] = [];
  for (const value of values) {
    if (!("text" in value)) return value;
    texts.push(value.text);
  }
  return texts.length === 0 ? wrong("at least one value", null) : { text: texts.join("\n") };
}

/** The lines of a text that count, as inputs of many lines are read. */
export function splitText(text: string): readonly string[] {
  const trimmed = text.split(/\r?\n/).map((line) => line.trim());
  return trimmed.filter((line) => line !== "" && !line.startsWith("#"));
}

const READERS: Readonly<Record<EntryKind, Reader>> = {
  text: readText,
  lines: readLines,
  "key=value lines": readPairs,
  flag: readFlag,
};
