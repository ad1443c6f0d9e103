import { withinTime } from "./within-time.ts";

/** What is wrong with a regular expression; undefined when nothing is. */
export function checkPattern(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * What a regular expression finds first in a text, with its groups; undefined when it finds nothing.
 *
 * @throws TookTooLong after 2 seconds: a pattern that tries everything does not hang the job
 */
export function findPattern(pattern: string, text: string): readonly (string | undefined)[] | undefined {
  const expression = new RegExp(pattern, "u");
  return withinTime(`The regular expression ${pattern}`, () => expression.exec(text)) ?? undefined;
}
