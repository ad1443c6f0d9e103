import { UserError } from "../../kit/user-error.ts";
import { findNextSweep } from "../../preview/next-sweep.ts";
import type { Sweep } from "../../preview/story.ts";

/**
 * The sweep that deletes what ends at a moment.
 *
 * @throws UserError `bad-input`
 */
export function readSweep(schedule: string, end: Date): Sweep | undefined {
  try {
    return findNextSweep(schedule, end);
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new UserError("bad-input", `cleanup-schedule: ${because}; got "${schedule}"`, { cause });
  }
}
