import { sleep } from "./cancel.ts";
import { isAlive, type ProcessIdentity } from "./process-birth.ts";

export interface WaitOptions {
  /** How long to wait at most. */
  readonly limitMs: number;
  /** How long between two looks at it. */
  readonly everyMs?: number;
  /** Not the runner's own, which returns at once when the job is cancelled; a plain timer where left out. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
  /** Told of each look at it, with the milliseconds waited so far. */
  readonly onTick?: (waitedMs: number) => void;
}

/** One look is a read of a small file: often enough that nobody waits for the wait. */
const EVERY_MS = 100;

/** Waits for the end of a process that need not be a child of ours; false when it still runs after the limit. */
export async function waitForEnd(process: ProcessIdentity, options: WaitOptions): Promise<boolean> {
  const { limitMs, everyMs = EVERY_MS, sleep: pause = sleep, now = () => performance.now(), onTick } = options;
  const startedAt = now();
  while (isAlive(process)) {
    const waitedMs = now() - startedAt;
    if (waitedMs >= limitMs) return false;
    onTick?.(waitedMs);
    await pause(Math.min(everyMs, limitMs - waitedMs));
  }
  return true;
}
