import { JSONPathEnvironment } from "json-p3";
import { withinTime } from "./within-time.ts";

type Queried = Parameters<JSONPathEnvironment["query"]>[1];

/** RFC 9535, and nothing else. */
const environment = new JSONPathEnvironment();

/** What is wrong with a path of RFC 9535; undefined when nothing is. https://www.rfc-editor.org/rfc/rfc9535 */
export function checkJsonPath(path: string): string | undefined {
  try {
    environment.compile(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Everything that a path of RFC 9535 finds in a value, in its order; empty when it finds nothing.
 *
 * @throws Error for what is no path: `checkJsonPath` says so before
 * @throws TookTooLong
 */
export function queryJson(path: string, value: unknown): readonly unknown[] {
  const query = environment.compile(path);
  return withinTime(`The path ${path}`, () => query.query(value as Queried).values());
}
