import * as v from "valibot";
import { isUnknownKey } from "./strict-mapping.ts";

/** Which keys a mapping has to have, for those who write a schema of it. */
export interface Demand {
  readonly kind: "exactly-one" | "at-least-one";
  readonly keys: readonly string[];
  /** Keys beside which nothing else may stand. */
  readonly alone: readonly string[];
}

type Demanding<T extends object> = v.RawCheckAction<T> & { readonly demand: Demand };

/** Says that a mapping has exactly one of some keys; beside one that stands alone there is nothing else at all. */
export function exactlyOneOf<T extends object>(keys: readonly string[], alone: readonly string[] = []): Demanding<T> {
  return demanding({ kind: "exactly-one", keys, alone }, (given, size) => {
    const lonely = given.find((key) => alone.includes(key));
    if (given.length === 1 && lonely !== undefined && size > 1) return `nothing beside ${lonely}`;
    return given.length === 1 ? undefined : `exactly one of ${keys.join(", ")}`;
  });
}

/** Says that a mapping has at least one of some keys. */
export function atLeastOneOf<T extends object>(keys: readonly string[]): Demanding<T> {
  return demanding({ kind: "at-least-one", keys, alone: [] }, (given) =>
    given.length > 0 ? undefined : `at least one of ${keys.join(", ")}`,
  );
}

function demanding<T extends object>(
  demand: Demand,
  judge: (given: readonly string[], size: number) => string | undefined,
): Demanding<T> {
  const action = v.rawCheck<T>(({ dataset, addIssue }) => {
    const { value, issues = [] } = dataset;
    if (typeof value !== "object" || value === null) return;
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    const given = demand.keys.filter((key) => entries.some(([name]) => name === key));
    // `optional: false` stands there, too, when nobody gave it.
    const all = entries.filter(([, one]) => one !== false);
    // A misspelt key is told already, and was the one.
    if (given.length === 0 && issues.some(isUnknownKey)) return;
    const message = judge(given, all.length);
    if (message !== undefined) addIssue({ message });
  });
  return { ...action, demand };
}
