import type { SmokeTest } from "./smoke-test.ts";

/** By what tags steps are chosen; empty lists choose nothing away. */
export interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** Whether a step is taken: it has one of `only`, where something stands there, and none of `skip`, which wins. */
export function isSelected(tags: readonly string[], { only, skip }: Selection): boolean {
  return (only.length === 0 || tags.some((tag) => only.includes(tag))) && !tags.some((tag) => skip.includes(tag));
}

/** Tags that are asked for and that no step has, such as a misspelt one. */
export function listUnknownTags(tests: readonly SmokeTest[], { only, skip }: Selection): readonly string[] {
  const known = new Set(tests.flatMap(({ steps }) => steps.flatMap(({ tags }) => tags)));
  return [...new Set([...only, ...skip])].filter((tag) => !known.has(tag));
}
