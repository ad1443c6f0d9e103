import {
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import { applyEdits, type Edit } from "./text-edits.ts";
import { fillExpression, type RunFacts } from "./unknown-contexts.ts";

/** The ref under which act finds what `$/` names. */
export const SELF = "self";

/** The job that is appended where a called workflow calls others; the reader leaves it out. */
export const LAST_JOB = "act-last";

/** Keys that act does not know, by the key around them: with one of them it rejects the whole file. */
const UNKNOWN_KEYS: Readonly<Record<string, string>> = {
  deployment: "environment",
  queue: "concurrency",
  "artifact-metadata": "permissions",
};

const STEPS_AT_ONCE = ["background", "wait", "wait-all", "cancel", "parallel"];

/**
 * A workflow or an action.yml as act can read it, and as it means on GitHub. Every line keeps its number.
 *
 * @param file its path in its repository, for messages and for `job.workflow_file_path`
 * @throws Error that names file and line, for what act can not run at all
 */
export function prepareFile(text: string, file: string, facts: RunFacts): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(`${file}: ${fault.message}`);
  const at = (node: Node, work: () => string): string => {
    try {
      return work();
    } catch (error) {
      const { line } = lines.linePos(node.range?.[0] ?? 0);
      throw new Error(`${file}:${line}: ${(error as Error).message}`, { cause: error });
    }
  };
  const edits: Edit[] = [];
  visit(document, {
    Pair: (_, pair, path) => {
      const around = path.findLast((node) => isPair(node) && node !== pair);
      const key = keyOf(pair);
      const inside = isPair(around) ? keyOf(around) : "";
      if (isScalar(pair.key)) at(pair.key, () => refuseKey(key, inside));
      if (UNKNOWN_KEYS[key] !== inside) return undefined;
      const map = path.at(-1);
      if (isMap(map)) edits.push(removalOf(pair, map, text));
      return visit.SKIP;
    },
    Scalar: (role, scalar, path) => {
      if (role === "key" || typeof scalar.value !== "string" || scalar.range === null || scalar.range === undefined)
        return;
      const [start, end] = scalar.range;
      const parent = path.at(-1);
      const key = isPair(parent) ? keyOf(parent) : "";
      const source = text.slice(start, end);
      const filled = at(scalar, () =>
        fillScalar(scalar, source, key === "if", (it) => fillExpression(it, facts, file)),
      );
      const own = key === "uses" && scalar.value.startsWith("$/");
      const result = own ? `${facts.place}/${scalar.value.slice(2)}@${SELF}` : filled;
      if (result !== source) edits.push({ start, end, text: result });
    },
  });
  const last = lastJob(document.toJS() as Workflow);
  if (last !== "")
    edits.push({ start: text.length, end: text.length, text: `${text.endsWith("\n") ? "" : "\n"}${last}` });
  const prepared = applyEdits(text, edits);
  const [broken] = parseDocument(prepared).errors;
  if (broken !== undefined) throw new Error(`${file} is no YAML any more: ${broken.message}`);
  return prepared;
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? `${pair.key.value}` : "");

function refuseKey(key: string, inside: string): string {
  if (key === "<<") throw new Error("act knows no merge keys");
  if (inside === "steps" && STEPS_AT_ONCE.includes(key)) throw new Error(`act knows no parallel steps: ${key}`);
  if (key === "snapshot" && inside !== "inputs" && inside !== "with") throw new Error("act knows no snapshot");
  return key;
}

/** Replaces in the expressions of a scalar, and leaves the source of the others as it is. */
function fillScalar(scalar: Scalar, source: string, bare: boolean, fill: (expression: string) => string): string {
  const fillText = (text: string): string =>
    bare && !text.includes("${{") ? fill(text) : text.replace(/\$\{\{[\s\S]*?\}\}/g, (expression) => fill(expression));
  // A plain text must not begin with a literal's quote.
  if (scalar.type === "PLAIN" && fillText(source).startsWith("'")) return `\${{ ${fillText(source)} }}`;
  // A quote in a literal has to be written twice here.
  if (scalar.type !== "QUOTE_SINGLE") return fillText(source);
  const value = `${scalar.value}`;
  const filled = fillText(value);
  if (filled === value) return source;
  if (source.includes("\n")) throw new Error("a quoted text of several lines holds a context that act leaves empty");
  return `'${filled.replaceAll("'", "''")}'`;
}

function removalOf(pair: Pair, map: YAMLMap, text: string): Edit {
  const index = map.items.indexOf(pair);
  const range = (of: Pair | undefined): readonly [number, number] => {
    const key = (of?.key as Node | undefined)?.range;
    const value = (of?.value as Node | null | undefined)?.range;
    return [key?.[0] ?? 0, value?.[1] ?? key?.[1] ?? 0];
  };
  const [start, end] = range(pair);
  if (map.items.length === 1) return { start, end, text: map.flow === true ? "" : "{}" };
  if (map.flow !== true) return { start, end: start + text.slice(start, end).trimEnd().length, text: "" };
  const next = map.items[index + 1];
  return next === undefined
    ? { start: range(map.items[index - 1])[1], end, text: "" }
    : { start, end: range(next)[0], text: "" };
}

interface Workflow {
  readonly on?: unknown;
  readonly jobs?: Readonly<Record<string, { readonly uses?: string }>>;
}

/**
 * The job that a called workflow needs where it calls others: act takes outputs and result of a call when one of its
 * ordinary jobs ends, and those of nested calls are lost that end later.
 */
function lastJob(workflow: Workflow): string {
  const called = typeof workflow.on === "object" && workflow.on !== null && "workflow_call" in workflow.on;
  const calls = Object.entries(workflow.jobs ?? {}).filter(([, job]) => job.uses !== undefined);
  if (!called || calls.length === 0) return "";
  if (Object.keys(workflow).at(-1) !== "jobs") throw new Error("a called workflow that calls has to end with its jobs");
  const needs = calls.map(([id]) => id).join(", ");
  return `  ${LAST_JOB}:
    needs: [${needs}]
    if: always()
    runs-on: ubuntu-24.04
    steps:
      - run: "true"
`;
}
