import { mapTexts } from "./map-texts.ts";
import { parseTemplate } from "./template.ts";

/** Values by the names that a spec uses them by. */
export type Bindings = Readonly<Record<string, unknown>>;

/** A value that is not there (yet): the check that captures it was skipped, or has failed. */
export class MissingValue extends Error {
  override readonly name = "MissingValue";
}

/**
 * A check's payload with what is known only now: each `${name}` in its texts is the value of a capture or a secret, and
 * `$${` is `${`. Keys stay, and values are never read again, so that none can ask for another.
 *
 * What was known before has been filled in by `readSpec`, which also sees to it that only names are left, each in a text.
 *
 * @throws MissingValue
 */
export function fill<T>(payload: T, bindings: Bindings): T {
  return mapTexts(payload, (text) => fillText(text, bindings)) as T;
}

/** The names that `fill` needs for a payload, each once. */
export function listNames(payload: unknown): readonly string[] {
  const names = new Set<string>();
  mapTexts(payload, (text) => {
    for (const part of readParts(text)) if ("expression" in part) names.add(part.expression);
    return text;
  });
  return [...names];
}

function fillText(text: string, bindings: Bindings): string {
  return readParts(text)
    .map((part) => ("text" in part ? part.text : readValue(part.expression, bindings)))
    .join("");
}

function readValue(name: string, bindings: Bindings): string {
  const value = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  if (value === undefined || value === null) {
    throw new MissingValue(`There is no value for ${name}: the check that captures it was skipped, or has failed.`);
  }
  if (typeof value === "object") throw new TypeError(`${name} is no text`);
  return String(value);
}

function readParts(text: string) {
  // Most texts have none.
  if (!text.includes("${")) return [{ text }];
  const read = parseTemplate(text);
  return "parts" in read ? read.parts : [{ text }];
}
