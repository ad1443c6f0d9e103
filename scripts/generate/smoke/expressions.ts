import type { JsonSchema } from "@valibot/to-json-schema";
import { CHECK_KINDS } from "../../../src/smoke/spec/check-kinds.ts";

/** Any text with an expression in it; what comes of it is seen when it is filled in. */
const EXPRESSION = "\\$\\{";
/** Parts of the grammar that have their own structure, in which nothing but single values can be filled in. */
const STRUCTURES: ReadonlySet<string> = new Set([
  "binding",
  "check",
  "collector",
  "ending",
  "negated",
  "objectRef",
  "operation",
  "step",
]);

/** The same schema, with `${…}` in the place of a value, so that editors do not complain of `port: ${port}`. */
export function allowExpressions(schema: JsonSchema): JsonSchema {
  const parts = Object.entries(schema.$defs ?? {}).map(([name, part]) => {
    const inside = !STRUCTURES.has(name);
    if (typeof part === "boolean") return [name, part];
    // A check itself is never filled in as a whole.
    return [name, Object.hasOwn(CHECK_KINDS, name) ? allowBelow(part, true) : allow(part, inside)];
  });
  return { ...allowBelow(schema, false), $defs: Object.fromEntries(parts) };
}

function allow(schema: JsonSchema, inside: boolean): JsonSchema {
  const below = allowBelow(schema, inside);
  const { type, pattern, enum: values, const: value, ...rest } = below;
  if (values !== undefined) return { ...rest, type: "string", anyOf: [{ enum: values }, { pattern: EXPRESSION }] };
  if (value !== undefined) return { ...rest, anyOf: [{ const: value }, { type: "string", pattern: EXPRESSION }] };
  if (type === "string") return pattern === undefined ? below : { ...below, pattern: `(?:${pattern})|${EXPRESSION}` };
  if (type === "number" || type === "integer" || type === "boolean") return orText(below, type);
  if (!inside || (type !== "array" && type !== "object")) return below;
  const { oneOf } = below;
  // As a text it has none of the keys, so that it needs a choice of its own.
  return {
    ...orText(below, type),
    ...(oneOf === undefined ? {} : { oneOf: [...oneOf.map(ofObjects), { type: "string" }] }),
  };
}

function orText(schema: JsonSchema, type: "array" | "boolean" | "integer" | "number" | "object"): JsonSchema {
  return { ...schema, type: [type, "string"], pattern: EXPRESSION };
}

function ofObjects(choice: unknown): JsonSchema {
  return { type: "object", ...(choice as JsonSchema) };
}

function allowBelow(schema: JsonSchema, inside: boolean): JsonSchema {
  const { properties, items, additionalProperties, anyOf } = schema;
  const one = <T>(value: T): T | JsonSchema =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? allow(value as JsonSchema, inside) : value;
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties, one) as Record<string, JsonSchema> }),
    ...(items === undefined ? {} : { items: one(items) as JsonSchema }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: one(additionalProperties) as JsonSchema | boolean }),
    // Choices of keys have no values in them.
    ...(anyOf === undefined || schema.type === "object" ? {} : { anyOf: anyOf.map(one) as JsonSchema[] }),
  };
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
