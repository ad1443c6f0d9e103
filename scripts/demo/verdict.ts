import type { Played } from "./act.ts";

/** How a demo went. */
export interface Verdict {
  readonly seen: number;
  /** Acts that did not go as their stories say, or broke off. */
  readonly broken: number;
  /** Acts that this machine lacks something for. */
  readonly omitted: number;
  readonly good: boolean;
}

/** @param complete whether nothing may be left out: in CI an act that nobody plays would look like one that went well */
export function decideVerdict(played: readonly Played[], complete: boolean): Verdict {
  const acted = played.filter(({ scene, broke }) => scene !== undefined || broke !== undefined);
  const seen = acted.length;
  const broken = acted.filter(({ scene, broke }) => broke !== undefined || (scene?.faults.length ?? 0) > 0).length;
  const omitted = played.length - seen;
  return { seen, broken, omitted, good: seen > 0 && broken === 0 && (omitted === 0 || !complete) };
}
