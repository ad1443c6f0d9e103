/** What is at a path inside of an object of the API server; undefined when there is no such place. */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** A text at a path; empty when there is none. */
export function textOf(value: unknown, ...path: readonly string[]): string {
  const found = fieldOf(value, ...path);
  return typeof found === "string" ? found : "";
}

/** A number at a path; undefined when there is none. */
export function countOf(value: unknown, ...path: readonly string[]): number | undefined {
  const found = fieldOf(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** The elements at a path; empty when there is no list. */
export function listOf(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = fieldOf(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A moment at a path, in milliseconds; undefined when there is none. */
export function timeOf(value: unknown, ...path: readonly string[]): number | undefined {
  const found = Date.parse(textOf(value, ...path));
  return Number.isNaN(found) ? undefined : found;
}

/** Names and their texts at a path, such as labels. */
export function textsOf(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = fieldOf(value, ...path);
  if (typeof found !== "object" || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, text]) => typeof text === "string"));
}
