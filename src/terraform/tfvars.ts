import { entriesOf, type Json, parseExactJson, writeDigits } from "./exact-json.ts";
import { readBody } from "./hcl/body.ts";
import { readLiteral } from "./hcl/literal.ts";

/**
 * The text of a file for `-var-file` whose name ends in `.tfvars.json`. Its strings are taken literally, `${…}` and
 * `%{…}` among them (seen with terraform 1.11.4; HashiCorp's JSON syntax evaluates them only in configurations).
 */
export function renderTfvarsJson(values: Readonly<Record<string, unknown>>): string {
  // A bigint is how YAML keeps the digits of a long number.
  return `${JSON.stringify(values, (_name, value: unknown) => (typeof value === "bigint" ? writeDigits(`${value}`) : value))}\n`;
}

/**
 * The values in a `.tfvars` or `.tfvars.json` file, as far as they need no computing: tolerant, since terraform says what
 * is wrong with it. Its name tells the syntax.
 */
export function readTfvars(text: string, name: string): Readonly<Record<string, Json>> {
  if (name.endsWith(".json")) return readJson(text);
  const entries = [...readBody(text).attributes].flatMap(([variable, tokens]): [string, Json][] => {
    const value = readLiteral(tokens);
    return value === undefined ? [] : [[variable, value]];
  });
  return Object.fromEntries(entries);
}

function readJson(text: string): Readonly<Record<string, Json>> {
  try {
    return Object.fromEntries(entriesOf(parseExactJson(text)));
  } catch {
    return {};
  }
}
