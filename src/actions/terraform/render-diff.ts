import type { AttributeChange } from "../../terraform/plan-facts.ts";
import { clean, clip } from "../render-text.ts";

/** How much of a resource is shown. */
export interface DiffLimits {
  /** Characters of one value. */
  readonly valueCharacters: number;
  /** Characters of all attributes of one resource. */
  readonly resourceCharacters: number;
}

/** Lines around a change inside of a long value. */
const CONTEXT = 2;

/** Attributes as lines of a diff: what goes, what comes. Those that force a replacement first. */
export function renderDiff(attributes: readonly AttributeChange[], limits: DiffLimits): string {
  const ordered = attributes.toSorted((a, b) => Number(b.forcesReplacement) - Number(a.forcesReplacement));
  const parts: string[] = [];
  let left = limits.resourceCharacters;
  for (const attribute of ordered) {
    const part = renderAttribute(attribute, limits.valueCharacters);
    if (part.length > left) break;
    left -= part.length + 1;
    parts.push(part);
  }
  const missing = ordered.length - parts.length;
  return [...parts, ...(missing === 0 ? [] : [`# … and ${missing} more attributes`])].join("\n");
}

function renderAttribute({ path, before, after, forcesReplacement }: AttributeChange, most: number): string {
  const name = clean(clip(path, 200)).replaceAll("\n", " ");
  const note = forcesReplacement ? " # forces replacement" : "";
  const [was, is] = [before, after].map((value) => (value === undefined ? undefined : clean(clip(value, most))));
  if (was?.includes("\n") || is?.includes("\n")) return renderLong(name, note, was, is);
  // Both are sensitive, or known only later.
  if (was === is) return `! ${name} = ${is ?? ""}${note}`;
  return [
    ...(was === undefined ? [] : [`- ${name} = ${was}${is === undefined ? note : ""}`]),
    ...(is === undefined ? [] : [`+ ${name} = ${is}${note}`]),
  ].join("\n");
}

/** Values of many lines: only the lines that differ, with a few around them. */
function renderLong(name: string, note: string, before: string | undefined, after: string | undefined): string {
  const was = before?.split("\n") ?? [];
  const is = after?.split("\n") ?? [];
  const most = Math.min(was.length, is.length);
  let head = 0;
  while (head < most && was[head] === is[head]) head += 1;
  let tail = 0;
  while (tail < most - head && was.at(-1 - tail) === is.at(-1 - tail)) tail += 1;
  const mark = (sign: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => `${sign}     ${line}`.trimEnd());
  const title = before === undefined ? "+" : after === undefined ? "-" : "!";
  return [
    `${title} ${name} =${note}`,
    ...(head > CONTEXT ? ["      …"] : []),
    ...mark(" ", is.slice(Math.max(0, head - CONTEXT), head)),
    ...mark("-", was.slice(head, was.length - tail)),
    ...mark("+", is.slice(head, is.length - tail)),
    ...mark(" ", is.slice(is.length - tail, is.length - tail + CONTEXT)),
    ...(tail > CONTEXT ? ["      …"] : []),
  ].join("\n");
}
