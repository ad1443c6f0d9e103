import { startProgress } from "../../kit/progress.ts";
import type { Verdict } from "../../rollout/verdict.ts";
import type { World } from "./world.ts";

const MOST_NAMES = 3;

/** Prints where a rollout stands whenever that changes: `[12s] shop: 3 of 4 ready · Deployment/api 1 of 2 ready`. */
export function createProgressLine(
  world: Pick<World, "now" | "log" | "redact">,
  release: string,
): (verdict: Verdict) => void {
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  return ({ parts }) => {
    if (parts.length === 0) return;
    const waiting = parts.filter(({ state }) => state !== "ready");
    const named = waiting.slice(0, MOST_NAMES).map(({ ref, told }) => `${ref.kind}/${ref.name} ${told}`);
    const left = waiting.length - named.length;
    const line = [
      `${release}: ${parts.length - waiting.length} of ${parts.length} ready`,
      ...named,
      ...(left > 0 ? [`${left} more`] : []),
    ].join(" · ");
    progress.say(world.redact(line));
  };
}
