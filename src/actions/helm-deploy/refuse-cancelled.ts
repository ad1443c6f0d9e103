import { UserError } from "../../kit/user-error.ts";
import type { World } from "./world.ts";

/**
 * Goes no further in a job that was cancelled: what was waited for has not come, and nobody wants it any more.
 *
 * @throws UserError `cancelled`
 */
export function refuseCancelled({ cancelled }: Pick<World, "cancelled">, waitedFor: string): void {
  if (cancelled.aborted) throw new UserError("cancelled", `The job was cancelled while it waited for ${waitedFor}.`);
}
