import { renderDuration } from "./duration.ts";

export interface Progress {
  /** Prints the state of long work: at once when it changed, and every 30 s when it did not. */
  say(state: string): void;
}

const QUIET_MS = 30_000;

/** Progress lines that carry the elapsed time, so that nobody wonders whether a silent job is dead. */
export function startProgress(world: { now(): Date; info(line: string): void }): Progress {
  const startedAt = world.now().getTime();
  let last = { state: "", at: Number.NEGATIVE_INFINITY };
  return {
    say: (state) => {
      const at = world.now().getTime();
      if (state === last.state && at - last.at < QUIET_MS) return;
      last = { state, at };
      world.info(`[${renderDuration(at - startedAt)}] ${state}`);
    },
  };
}
