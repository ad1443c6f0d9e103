import { GitHubRefusal, GitHubSilence } from "./refusal.ts";
import type { Session } from "./session.ts";

const TRIES = 3;

/**
 * Makes something by a POST. Where nobody knows what became of the request, it is looked first whether the thing stands,
 * and only then asked for again: the session repeats no POST.
 *
 * @param find the thing as it stands; undefined when it does not
 * @throws what `make` and `find` throw
 */
export async function makeOnce<T>(
  session: Pick<Session, "sleep">,
  make: () => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await make();
    } catch (error) {
      if (!isUnsure(error)) throw error;
      await session.sleep(count * 1_000);
      const found = await find();
      if (found !== undefined) return found;
      if (count === TRIES) throw error;
    }
  }
}

/** Whether nobody knows what became of a request. */
export function isUnsure(error: unknown): boolean {
  return error instanceof GitHubSilence || (error instanceof GitHubRefusal && error.answer.status >= 500);
}
