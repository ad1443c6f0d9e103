import { type Context, createContext, Script } from "node:vm";

/** A calculation of the user's, such as a regular expression, that did not come to an end. */
export class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

const LONGEST_MS = 2_000;
const script = new Script("work()");
let context: Context | undefined;

/**
 * What a calculation gives, if it gives it within 2 seconds.
 *
 * A regular expression such as `(a+)+$` takes longer than a job lives, and neither it nor a query that walks a large
 * document can be called back in any other way: V8 ends both when a script's time is up, whoever's code it is in.
 * https://nodejs.org/api/vm.html#scriptrunincontextcontextifiedobject-options
 *
 * @param told what it is, for the error: `The regular expression (a+)+$`
 * @throws TookTooLong
 */
export function withinTime<T>(told: string, work: () => T): T {
  // The result leaves by a variable, so that nothing of the other context gets into it.
  let result: { readonly value: T } | undefined;
  context ??= createContext(Object.create(null));
  context["work"] = () => {
    result = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: LONGEST_MS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new TookTooLong(`${told} takes longer than ${LONGEST_MS / 1_000} seconds. Write it in a simpler way.`, {
      cause: error,
    });
  } finally {
    context["work"] = undefined;
  }
  if (result === undefined) throw new Error(`${told} gave nothing`);
  return result.value;
}
