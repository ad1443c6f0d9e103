/** What stands at a path in a parsed payload; undefined where the path ends early. */
export function pick(payload: unknown, ...path: readonly string[]): unknown {
  let current = payload;
  for (const name of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, name)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}

/** A text with something in it. */
export function pickText(payload: unknown, ...path: readonly string[]): string | undefined {
  const found = pick(payload, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** A whole number that counts something. */
export function pickCount(payload: unknown, ...path: readonly string[]): number | undefined {
  const found = pick(payload, ...path);
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}

/** An instant with a date and an offset, as GitHub writes them. */
export function pickDate(payload: unknown, ...path: readonly string[]): Date | undefined {
  const found = pickText(payload, ...path);
  if (found === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(found))
    return undefined;
  const date = new Date(found);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
