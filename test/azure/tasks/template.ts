import type { Json } from "../wire.ts";
import { TaskFailure } from "./failure.ts";

const ACTION = /\{\{((?:`[^`]*`|"(?:[^"\\]|\\.)*"|[^}`"]|\}(?!\}))*)\}\}/;

/**
 * Renders the part of Go's templates that tasks are written in: `{{.Run.ID}}`, `{{ .Values.x }}`, texts in quotes or
 * backquotes, and pipelines through a few functions of sprig. What is missing is empty, as with acb (`missingkey=zero`).
 * @throws TaskFailure for what is no template, and for actions that the emulator does not know
 */
export function renderTemplate(text: string, data: Json): string {
  let rendered = "";
  let rest = text.replace(/\s*\{\{- /g, "{{ ").replace(/ -\}\}\s*/g, " }}");
  for (let found = ACTION.exec(rest); found !== null; found = ACTION.exec(rest)) {
    rendered += literal(rest.slice(0, found.index)) + shown(evaluate(found[1]?.trim() ?? "", data));
    rest = rest.slice(found.index + found[0].length);
  }
  return rendered + literal(rest);
}

function literal(text: string): string {
  if (text.includes("{{")) throw new TaskFailure("unable to render task: failed to parse template: unclosed action");
  return text;
}

function evaluate(action: string, data: Json): unknown {
  if (action.startsWith("/*")) return "";
  const [first = "", ...functions] = pipeline(action);
  return functions.reduce<unknown>(
    (value, call) => {
      const [name = "", ...parameters] = tokens(call);
      const run = FUNCTIONS[name];
      if (run === undefined) throw unknown(action);
      return run(value, ...parameters.map((each) => operand(each, data, action)));
    },
    operandOrCall(first, data, action),
  );
}

function operandOrCall(text: string, data: Json, action: string): unknown {
  const [name = "", ...parameters] = tokens(text);
  const run = FUNCTIONS[name];
  if (run === undefined) return operand(text, data, action);
  const values = parameters.map((each) => operand(each, data, action));
  return run(values.at(-1), ...values.slice(0, -1));
}

function operand(text: string, data: Json, action: string): unknown {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1);
  if (/^"/.test(text)) return JSON.parse(text) as string;
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\.[A-Za-z_]\w*)+$/.test(text)) throw unknown(action);
  return text
    .slice(1)
    .split(".")
    .reduce<unknown>((value, name) => (value as Json | undefined)?.[name], data);
}

const FUNCTIONS: Readonly<Record<string, (value: unknown, ...parameters: readonly unknown[]) => unknown>> = {
  b64enc: (value) => Buffer.from(shown(value)).toString("base64"),
  b64dec: (value) => Buffer.from(shown(value), "base64").toString(),
  default: (value, fallback) => (value === undefined || value === "" ? fallback : value),
  lower: (value) => shown(value).toLowerCase(),
  quote: (value) => JSON.stringify(shown(value)),
  squote: (value) => `'${shown(value)}'`,
  toJson: (value) => JSON.stringify(value ?? ""),
  trim: (value) => shown(value).trim(),
  upper: (value) => shown(value).toUpperCase(),
};

function pipeline(action: string): readonly string[] {
  return split(action, "|").map((part) => part.trim());
}

function tokens(call: string): readonly string[] {
  return split(call, " ").filter((token) => token !== "");
}

/** Splits where the separator stands outside of quotes. */
function split(text: string, separator: string): readonly string[] {
  const parts = text.match(
    separator === "|" ? /(?:`[^`]*`|"(?:[^"\\]|\\.)*"|[^|])+/g : /(?:`[^`]*`|"(?:[^"\\]|\\.)*"|[^ ])+/g,
  );
  return parts ?? [""];
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
}

function unknown(action: string): TaskFailure {
  return new TaskFailure(`unable to render task: the emulator does not know the template action {{${action}}}`);
}
