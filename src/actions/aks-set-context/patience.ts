import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import type { World } from "./world.ts";

/** How long the whole step waits for what passes by itself, and tells about it meanwhile. */
export interface Patience {
  /** No time is left for another try. */
  over(): boolean;
  /**
   * Waits for the next try, and says what is waited for.
   *
   * @throws UserError `cancelled`
   */
  wait(state: string): Promise<void>;
}

/** Roles and networks need seconds to minutes: more often would only fill the log. */
const EVERY_MS = 5_000;

/** @param limitMs from now on */
export function havePatience(world: Pick<World, "log" | "now" | "monotonic" | "sleep" | "cancelled">, limitMs: number) {
  const until = world.monotonic() + limitMs;
  const progress = startProgress({ now: world.now, info: world.log.info });
  const patience: Patience = {
    over: () => world.monotonic() + EVERY_MS > until,
    wait: async (state) => {
      progress.say(state);
      await world.sleep(EVERY_MS);
      if (world.cancelled.aborted) {
        throw new UserError("cancelled", "The job was cancelled before the cluster could be used.");
      }
    },
  };
  return patience;
}

/** Asks ARM, again where a role is missing that may have been given only now. @throws what ARM's refusal is explained with */
export async function askPatiently<T>(patience: Patience, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "cluster-role-missing" || patience.over()) throw error;
      const [first = ""] = error.message.split("\n");
      await patience.wait(`${first} It is asked for again, in case it was given only now.`);
    }
  }
}
