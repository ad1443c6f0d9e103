import type { World } from "./world.ts";

/** A runner whose clock is further from ARM's than this cannot be trusted with expiries. */
export const LARGEST_SKEW_MS = 60_000;

/** Why the clocks forbid deleting, or undefined when they agree. */
export function doubtClock(world: Pick<World, "armSkewMs">): string | undefined {
  const skewMs = world.armSkewMs();
  if (skewMs === undefined) return "ARM's answers carry no date to compare the runner's clock with";
  if (Math.abs(skewMs) <= LARGEST_SKEW_MS) return undefined;
  const direction = skewMs > 0 ? "behind" : "ahead of";
  return `the runner's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction} ARM's`;
}

/** Now, by whichever clock is earlier: a group has expired only when both say so. */
export function earlierNow(world: Pick<World, "armSkewMs" | "now">): Date {
  return new Date(world.now().getTime() + Math.min(0, world.armSkewMs() ?? 0));
}
