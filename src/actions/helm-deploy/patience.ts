import type { Patience } from "../../rollout/verdict.ts";

/** How long a sign is borne with that may pass by itself. */
export const PATIENCE: Patience = {
  // A growing pool takes minutes, and says so; a taint that nothing tolerates is there at once.
  unschedulableMs: 30_000,
  scaleUpMs: 600_000,
  mountMs: 60_000,
  // A role that was just given takes minutes to count; preflight has told where there is none.
  deniedMs: 0,
  // The first start of a pod may be before the database's.
  restarts: 1,
  unreadyMs: 30_000,
  settleMs: 3_000,
  silenceMs: 240_000,
};
