import { fieldOf } from "./field-of.ts";
import { nameCheck } from "./name-check.ts";
import type { Names } from "./read-spec-expression.ts";
import type { Path, SpecTree } from "./read-spec-tree.ts";
import type { Check, Operation, PayloadOf, Removal, SecretBinding, SmokeTest, Step } from "./smoke-test.ts";
import { CHECK_KINDS, type CheckKind } from "./spec/check-kinds.ts";
import type { Document } from "./spec/document.ts";

/** What stands for what a spec does not say; milliseconds. */
export interface Defaults {
  readonly namespace: string;
  readonly timeout: number;
  readonly interval: number;
}

type Entry = NonNullable<Document["spec"]["steps"][number]["finally"]>[number];
type Single = Omit<Entry, "parallel" | "delete">;

interface Reading {
  readonly defaults: Defaults;
  readonly tree: SpecTree;
  readonly names: Names;
  /** The document as `fill` takes it. */
  readonly template: unknown;
}

interface StepReading extends Reading {
  /** A name that no other check of the step has, made from one that it may have. */
  readonly claim: (name: string) => string;
}

/** A document that is valid as the engine takes it: with lines, names and times. */
export function readSteps(document: Document, file: string, reading: Reading): SmokeTest {
  const { metadata, spec } = document;
  const { tree, names } = reading;
  const defaults = {
    namespace: spec.namespace ?? reading.defaults.namespace,
    timeout: spec.timeout ?? reading.defaults.timeout,
    interval: spec.interval ?? reading.defaults.interval,
  };
  const own = { ...reading, defaults };
  const secrets = (spec.bindings ?? []).flatMap(({ name, valueFrom }, index): readonly SecretBinding[] => {
    // A value of the action counts instead.
    if (valueFrom === undefined || !names.late.has(name)) return [];
    const { namespace, name: secret, key } = valueFrom.secretKeyRef;
    return [{ name, namespace, secret, key, line: tree.locate(["spec", "bindings", index]).line }];
  });
  const steps = spec.steps.map((step, index) => readStep(step, ["spec", "steps", index], own));
  return { file, name: metadata.name, namespace: defaults.namespace, secrets, steps };
}

function readStep(step: Document["spec"]["steps"][number], path: Path, reading: Reading): Step {
  const own = { ...reading, claim: claimNames([...step.try, ...(step.finally ?? [])]) };
  const read = (part: "try" | "finally", entries: readonly Entry[] = []) =>
    entries.map((entry, index) => readEntry(entry, [...path, part, index], own));
  return {
    name: step.name,
    line: reading.tree.locate(path).line,
    tags: step.tags ?? [],
    try: read("try", step.try).filter((entry) => entry.kind !== "delete"),
    catch: step.catch,
    finally: read("finally", step.finally),
  };
}

/** Names that are given stay; those that are made get a number where they are taken. */
function claimNames(entries: readonly Entry[]): StepReading["claim"] {
  const given = entries.flatMap(({ name, parallel }) => [name, ...(parallel ?? []).map((one) => one.name)]);
  const taken = new Set(given.filter((name) => name !== undefined));
  return (name) => {
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name} #${number}`;
    taken.add(free);
    return free;
  };
}

function readEntry(entry: Entry, path: Path, reading: StepReading): Operation | Removal {
  const { line } = reading.tree.locate(path);
  if (entry.delete !== undefined) return { kind: "delete", ref: entry.delete, line };
  if (entry.parallel === undefined) return readCheck(entry, path, reading);
  const checks = entry.parallel.map((one, index) => readCheck(one, [...path, "parallel", index], reading));
  return { kind: "parallel", checks, line };
}

function readCheck(entry: Single, path: Path, { defaults, tree, template, claim }: StepReading): Check {
  const negated = entry.error !== undefined;
  const holder = entry.error ?? entry;
  const kind = findKind(holder);
  const payload = fieldOf(holder, kind) as PayloadOf<CheckKind>;
  const written = [...path, ...(negated ? ["error"] : []), kind].reduce(fieldOf, template);
  return {
    kind,
    with: withTemplate(payload, written),
    name: entry.name ?? claim(nameCheck(kind, payload as never, negated)),
    line: tree.locate(path).line,
    negated,
    optional: entry.optional,
    timeout: entry.timeout ?? defaults.timeout,
    interval: entry.interval ?? defaults.interval,
    consistently: entry.consistently ?? 0,
  } as Check;
}

/** The kind of check that an entry has; the grammar sees to it that there is exactly one. */
function findKind(entry: object): CheckKind {
  const kinds = Object.keys(CHECK_KINDS) as readonly CheckKind[];
  const kind = kinds.find((one) => fieldOf(entry, one) !== undefined);
  if (kind === undefined) throw new Error("The grammar lets an entry through that has no check.");
  return kind;
}

/** What was read, with the texts as `fill` takes them. What is a text no more, such as a duration, has nothing to fill. */
function withTemplate(value: unknown, template: unknown): unknown {
  if (typeof value === "string") return typeof template === "string" ? template : value;
  if (Array.isArray(value)) return value.map((one: unknown, index) => withTemplate(one, fieldOf(template, index)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withTemplate(one, fieldOf(template, key))]),
  );
}
