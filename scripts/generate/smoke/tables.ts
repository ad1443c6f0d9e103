import type { JsonSchema } from "@valibot/to-json-schema";
import { code, table } from "../../../src/kit/markdown.ts";
import { CHECK_KINDS } from "../../../src/smoke/spec/check-kinds.ts";

/** What a form is called in the tables, by its part of the schema. */
const FORMS: Readonly<Record<string, string>> = {
  address: "address",
  binding: "binding",
  collector: "podLogs, events or describe",
  denial: "predicates",
  duration: "duration",
  ending: "check, or delete",
  jsonPath: "JSONPath",
  label: "name",
  matcher: "value or predicates",
  negated: "check",
  objectName: "name",
  objectRef: "object",
  operation: "check",
  pattern: "regular expression",
  pause: "duration",
  predicate: "predicates",
  scalar: "single value",
};

/** Parts of the grammar that have a table of their own besides the checks. */
const PARTS = ["step", "operation", "ending", "collector", "binding", "predicate", "objectRef"] as const;

/** Tables of fields for docs/smoke-tests.md, by the key of their marker: `smoke http`, `smoke step`, … */
export function renderSmokeTables(schema: JsonSchema): ReadonlyMap<string, string> {
  const kinds = Object.keys(CHECK_KINDS);
  const tables = new Map([["smoke document", renderTable(schema, [])]]);
  for (const name of [...kinds, ...PARTS]) {
    const part = schema.$defs?.[name];
    if (typeof part !== "object") throw new Error(`The schema has no part ${name}.`);
    // Checks have tables of their own, and the fields of every check stand in the first.
    const left = name === "operation" ? kinds : name === "ending" ? Object.keys(propertiesOf(schema, "operation")) : [];
    tables.set(`smoke ${name}`, renderTable(part, left));
  }
  const rows = kinds.map((kind) => [`[${code(kind)}](#${kind.toLowerCase()})`, descriptionOf(schema.$defs?.[kind])]);
  return tables.set("smoke checks", table(["Check", "What it says"], rows));
}

function propertiesOf(schema: JsonSchema, name: string): NonNullable<JsonSchema["properties"]> {
  const part = schema.$defs?.[name];
  return typeof part === "object" ? (part.properties ?? {}) : {};
}

function renderTable(schema: JsonSchema, left: readonly string[]): string {
  const rows = listRows(schema, "").filter(([name]) => !left.includes(name));
  const body = rows.map(([name, ...cells]) => [code(name), ...cells]);
  return table(["Field", "What it says", "Form", "Default"], body) + renderDemands(schema, left);
}

type Row = readonly [name: string, description: string, form: string, fallback: string];

function listRows({ properties, required = [] }: JsonSchema, above: string): readonly Row[] {
  return Object.entries(properties ?? {}).flatMap(([name, field]) => {
    if (typeof field === "boolean") return [];
    const { default: value } = field;
    const fallback = required.includes(name) ? "_required_" : value === undefined ? "" : code(String(value));
    const path = `${above}${name}`;
    const { fields: below, step } = findBelow(field);
    const prefix = `${path}${step}.`;
    return [
      [path, descriptionOf(field), formOf(field), fallback],
      ...(below === undefined ? [] : listRows(below, prefix)),
    ];
  });
}

/** The mapping that a field is, or is made of, and how it is named below the field. */
function findBelow(field: JsonSchema): { readonly fields?: JsonSchema; readonly step: string } {
  const { items, additionalProperties, anyOf = [] } = field;
  const places = [
    [field, ""],
    [items, "[]"],
    [additionalProperties, ".*"],
    ...anyOf.map((one) => [one, ""] as const),
  ] as const;
  for (const [one, step] of places) {
    if (typeof one === "object" && !Array.isArray(one) && one.properties !== undefined) return { fields: one, step };
  }
  return { step: "" };
}

/** Which keys a mapping has to have besides those that are required: `Exactly one of pod, selector, workload.` */
function renderDemands({ type, oneOf, anyOf }: JsonSchema, left: readonly string[]): string {
  if (type !== "object") return "";
  const told = [["Exactly", oneOf] as const, ["At least", anyOf] as const].map(([how, choices]) => {
    const keys = (choices ?? []).flatMap((one) => (typeof one === "object" ? (one.required ?? []) : []));
    return keys.length === 0 || keys.some((key) => left.includes(key))
      ? ""
      : `\n\n${how} one of ${keys.map(code).join(", ")}.`;
  });
  return told.join("");
}

function descriptionOf(schema: unknown): string {
  const { description = "" } = (typeof schema === "object" ? schema : {}) as JsonSchema;
  return description.replaceAll("|", "\\|");
}

function formOf(schema: JsonSchema): string {
  const { $ref, enum: values, const: value, type, items, anyOf, properties, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.replace("#/$defs/", "");
    return FORMS[name] ?? name;
  }
  if (values !== undefined) return values.map((one) => code(String(one))).join(", ");
  if (value !== undefined) return code(String(value));
  if (type === "array") return typeof items === "object" && !Array.isArray(items) ? `list of ${formOf(items)}` : "list";
  if (properties !== undefined) return "mapping";
  if (type === "object")
    return typeof additionalProperties === "object" && Object.keys(additionalProperties).length > 0
      ? `mapping to ${formOf(additionalProperties)}`
      : "mapping";
  if (anyOf !== undefined)
    return [...new Set(anyOf.map((one) => (typeof one === "object" ? formOf(one) : "")))].join(" or ");
  if (type === "string") return "text";
  if (type === "boolean") return "true or false";
  return type === "number" || type === "integer" ? "number" : "any value";
}
