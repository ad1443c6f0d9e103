import { type Document, isNode, LineCounter, parseDocument } from "yaml";

export type Tree = Readonly<Record<string, unknown>>;

/** A workflow or an action.yml, with the lines that its values stand on. */
export interface YamlFile {
  readonly path: string;
  readonly kind: "workflow" | "action" | "other";
  /** Of the project's own checks, not for consumers. */
  readonly ci: boolean;
  readonly example: boolean;
  readonly text: string;
  readonly tree: Tree;
  /** The line on which the value at a place in the tree begins; 1 for a place that is not there. */
  lineOf(...place: readonly (string | number)[]): number;
  /** The comment behind a value on its line, or on the lines right above it; empty when there is none. */
  commentOn(line: number): string;
}

/** Reads a file of the repository, or a sample that stands in for one. */
export function parseYamlFile(path: string, text: string): YamlFile {
  const lines = text.split("\n");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const tree = asTree(document.toJS());
  return {
    path,
    kind: "jobs" in tree ? "workflow" : "runs" in tree ? "action" : "other",
    ci: /(?:^|\/)\.github\/workflows\/ci-[^/]+$/.test(path),
    example: path.startsWith("examples/"),
    text,
    tree,
    lineOf: (...place) => lineOf(document, lineCounter, place),
    commentOn: (line) => commentOn(lines, line - 1),
  };
}

function lineOf(document: Document, counter: LineCounter, place: readonly (string | number)[]): number {
  const node = place.length === 0 ? document.contents : document.getIn(place, true);
  return isNode(node) && node.range ? counter.linePos(node.range[0]).line : 1;
}

function commentOn(lines: readonly string[], index: number): string {
  const [, behind = ""] = /\s#\s*(.+)$/.exec(lines[index] ?? "") ?? [];
  if (behind !== "") return behind;
  const [, above = ""] = /^\s*#\s*(.+)$/.exec(lines[index - 1] ?? "") ?? [];
  return above;
}

/** A mapping, or an empty one where something else stands. */
export function asTree(value: unknown): Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Tree) : {};
}

/** A list, or an empty one where something else stands. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
