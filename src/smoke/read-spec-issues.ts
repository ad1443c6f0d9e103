import type { BaseIssue } from "valibot";
import { fieldOf } from "./field-of.ts";
import type { Path, PlaceProblem, SpecTree } from "./read-spec-tree.ts";
import { isUnknownKey } from "./spec/strict-mapping.ts";
import { shorten } from "./tell-value.ts";

type Issue = BaseIssue<unknown>;

const LONGEST = 60;

/** What valibot finds wrong with a spec, each at its key or value, as `expected …, got …`. */
export function readIssues(issues: readonly Issue[], value: unknown, tree: SpecTree): readonly PlaceProblem[] {
  return issues.flatMap((issue) => readIssue(issue, [], value, tree));
}

/** What was expected where a schema says nothing of its own: the `message` of valibot's configuration. */
export function tellExpected({ expected }: Issue): string {
  const own = WORDS[expected ?? ""];
  return own ?? (expected ?? "something else").replaceAll(/[()"]/g, "").replaceAll(" | ", ", ");
}

const WORDS: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "a mapping",
  boolean: "true or false",
  number: "a number",
  string: "a text",
};

function readIssue(issue: Issue, above: Path, value: unknown, tree: SpecTree): readonly PlaceProblem[] {
  const steps = issue.path ?? [];
  const path = [...above, ...steps.map(({ key }) => key as string | number)];
  // Of the forms that a value may have, the one is meant that it has on the outside.
  const deeper = (issue.issues ?? []).filter((each) => each.path !== undefined);
  if (deeper.length > 0) return deeper.flatMap((each) => readIssue(each, path, value, tree));

  const key = String(path.at(-1));
  const atKey = steps.at(-1)?.origin === "key";
  if (atKey && !hasPath(value, path)) {
    const mapping = path.slice(0, -1);
    return [{ path: mapping, message: `expected the key ${key}, got ${tellKeys(valueAt(value, mapping))}` }];
  }
  if (atKey || isUnknownKey(issue))
    return [{ path, at: "key", message: `expected ${issue.message}, got ${tellText(key)}` }];
  const got = valueAt(value, path);
  const quotes = issue.message === "a text" && isBare(got) ? " (in quotes it is a text)" : "";
  return [{ path, message: `expected ${issue.message}, got ${tellGot(got, path, tree)}${quotes}` }];
}

function isBare(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((found, key) => fieldOf(found, key), value);
}

function hasPath(value: unknown, path: Path): boolean {
  const above = valueAt(value, path.slice(0, -1));
  return typeof above === "object" && above !== null && Object.hasOwn(above, path.at(-1) ?? "");
}

function tellKeys(mapping: unknown): string {
  const keys = typeof mapping === "object" && mapping !== null ? Object.keys(mapping) : [];
  return keys.length === 0 ? "an empty mapping" : shorten(`only ${keys.join(", ")}`, LONGEST);
}

function tellGot(value: unknown, path: Path, tree: SpecTree): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty mapping" : tellKeysOf(value);
  if (typeof value !== "string") return shorten(tree.sourceOf(path) ?? String(value), LONGEST);
  return isSecret(String(path.at(-1)), value) ? `a text of ${value.length} characters` : tellText(value);
}

function tellKeysOf(value: object): string {
  return shorten(`a mapping with ${Object.keys(value).join(", ")}`, LONGEST);
}

function tellText(text: string): string {
  return shorten(JSON.stringify(text), LONGEST);
}

/** Whether a value may be one that nobody should read in a log. */
function isSecret(key: string, value: string): boolean {
  return (
    /pass|secret|token|authorization|credential/i.test(key) || /(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[\w+/=-]{24,}/.test(value)
  );
}
