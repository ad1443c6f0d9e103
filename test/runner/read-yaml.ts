import { readFileSync } from "node:fs";
import { parse } from "yaml";

const read = new Map<string, unknown>();

/**
 * What a YAML file holds, frozen: workflows and actions are read again for each of their jobs and steps, and a text that was
 * parsed once is not parsed again.
 */
export function readYaml(path: string): unknown {
  const text = readFileSync(path, "utf8");
  if (!read.has(text)) read.set(text, freeze(parse(text)));
  return read.get(text);
}

function freeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}
