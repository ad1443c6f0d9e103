import * as v from "valibot";
import { listNearNames } from "../../spelling/near-names.ts";

/**
 * A mapping with these keys and no others.
 *
 * valibot's own takes a list for a mapping, and tells the first of several unknown keys only; here each is told, with the
 * key that was meant.
 */
export function strictMapping<const E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, undefined> {
  const schema = refuseLists(v.strictObject(entries));
  const run = schema["~run"];
  return Object.assign(schema, {
    "~run": (...[dataset, config]: Parameters<typeof run>): ReturnType<typeof run> => {
      const input = dataset.value;
      const result = run(dataset, config);
      const told = (result.issues ?? []).flatMap((issue) =>
        isUnknownKey(issue) ? tellUnknownKeys(issue, input, Object.keys(entries)) : [issue],
      );
      // A key that is missing because it is misspelt is told where it stands.
      const meant = told.filter(isUnknownKey).map(({ message }) => JSON.stringify(message));
      const [first, ...others] = told.filter(({ expected }) => expected === null || !meant.includes(expected));
      if (first !== undefined) result.issues = [first, ...others];
      return result;
    },
  });
}

/** Takes no list for a mapping, as valibot does: there a list is an object with the keys 0, 1, … */
export function refuseLists<S extends v.GenericSchema>(schema: S): S {
  const run = schema["~run"].bind(schema);
  return Object.assign(schema, {
    "~run": (...[dataset, config]: Parameters<typeof run>) =>
      run(Array.isArray(dataset.value) ? { value: "a list" } : dataset, config),
  });
}

/** Whether an issue is about a key that the mapping itself does not have. */
export function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === "strict_object" && issue.expected === "never" && issue.path?.length === 1;
}

function tellUnknownKeys<I extends v.BaseIssue<unknown>>(
  issue: I,
  input: unknown,
  known: readonly string[],
): readonly I[] {
  const [place] = issue.path ?? [];
  if (place === undefined || typeof input !== "object" || input === null) return [issue];
  return Object.entries(input)
    .filter(([key]) => !known.includes(key))
    .map(([key, value]) => ({ ...issue, message: tellKnown(key, known), path: [{ ...place, key, value }] }));
}

function tellKnown(key: string, known: readonly string[]): string {
  return listNearNames(key, known, 1)[0] ?? (known.length === 1 ? known.join() : `one of ${known.join(", ")}`);
}
