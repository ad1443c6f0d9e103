import { listClauses } from "../../kit/error-chain.ts";
import type { World } from "./world.ts";

/**
 * Does what may fail without harm to what was done: telling people. What stands in its way is a warning, with the
 * permission that is missing where that is it.
 *
 * @param what what could not be done, in the words of a sentence: `The comment could not be written`
 */
export async function attempt<T>(
  what: string,
  { log, redact }: Pick<World, "log" | "redact">,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    log.warning(redact(`${what}: ${listClauses(error).join(": ")}`), { title: "Preview" });
    return undefined;
  }
}
