import { mapTexts } from "./map-texts.ts";
import { type Names, readExpression } from "./read-spec-expression.ts";
import { findCheck } from "./read-spec-place.ts";
import type { Path, PlaceProblem } from "./read-spec-tree.ts";
import { type Part, parseTemplate, renderTemplate } from "./template.ts";

/** A value with what is known filled in. */
export interface Filled {
  /** As it has to be valid: literal, but for names that are known later. */
  readonly value: unknown;
  /** The same as `fill` takes it. */
  readonly template: unknown;
}

/**
 * Fills in all that is known before the test runs. What is put in is never read again, and stays inside of the scalar
 * that it stands for: a value changes no structure but its own.
 */
export function fillTree(value: unknown, names: Names, path: Path, add: (problem: PlaceProblem) => void): Filled {
  if (typeof value === "string") return fillText(value, names, path, (message) => add({ path, message }));
  if (typeof value !== "object" || value === null) return { value, template: value };
  if (Array.isArray(value)) {
    const filled = value.map((one: unknown, index) => fillTree(one, names, [...path, index], add));
    return { value: filled.map((one) => one.value), template: filled.map((one) => one.template) };
  }
  const filled = Object.entries(value).map(([key, one]) => [key, fillTree(one, names, [...path, key], add)] as const);
  return {
    value: Object.fromEntries(filled.map(([key, one]) => [key, one.value])),
    template: Object.fromEntries(filled.map(([key, one]) => [key, one.template])),
  };
}

function fillText(text: string, names: Names, path: Path, add: (message: string) => void): Filled {
  const asItIs = { value: text, template: text };
  if (!text.includes("${")) return asItIs;
  const read = parseTemplate(text);
  if ("fault" in read) {
    add(read.fault);
    return asItIs;
  }
  const found = read.parts.map((part) =>
    "text" in part ? { value: part.text } : readExpression(part.expression, names, path),
  );
  const faults = found.flatMap((one) => ("fault" in one ? [one.fault] : []));
  const [only] = found;
  if (found.length === 1 && only !== undefined && "value" in only) {
    if (typeof only.value !== "object" || mayHoldAny(path))
      return { value: only.value, template: takeLiterally(only.value) };
  }
  // Between other letters, and where a spec has its own structure, only what is no structure itself can stand.
  for (const one of found) {
    if (!("value" in one) || typeof one.value !== "object") continue;
    faults.push(
      `expected a text, a number, true or false from ${text}, got ${Array.isArray(one.value) ? "a list" : "a mapping"}`,
    );
  }
  for (const fault of new Set(faults)) add(fault);
  if (faults.length > 0) return asItIs;
  const parts = joinTexts(
    found.map((one) => ("late" in one ? { expression: one.late } : { text: "value" in one ? String(one.value) : "" })),
  );
  return {
    value: parts.map((part) => ("text" in part ? part.text : `\${${part.expression}}`)).join(""),
    template: renderTemplate(parts),
  };
}

/** Pieces of text that follow each other are one: a dollar at the end of the first may stand before a brace of the next. */
function joinTexts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last !== undefined && "text" in last && "text" in part) joined.splice(-1, 1, { text: last.text + part.text });
    else joined.push(part);
  }
  return joined;
}

/** Whether a place may hold any value: the fields of a check, and the value of a binding. */
function mayHoldAny(path: Path): boolean {
  if (path[1] === "bindings") return path[3] === "value";
  return (findCheck(path)?.inside.length ?? 0) > 0;
}

/** A value as `fill` takes it: what looks like a name in it is none. */
function takeLiterally(value: unknown): unknown {
  return mapTexts(value, (text) => renderTemplate([{ text }]));
}
