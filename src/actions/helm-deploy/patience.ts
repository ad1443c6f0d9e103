import { listImages } from "../../helm/images.ts";
import type { Patience } from "../../rollout/verdict.ts";
import type { Rendered } from "./render-release.ts";
import type { Session } from "./session.ts";

/** How long a sign is borne with that may pass by itself. */
export const PATIENCE: Patience = {
  // A growing pool takes minutes, and says so; a taint that nothing tolerates is there at once.
  unschedulableMs: 30_000,
  scaleUpMs: 600_000,
  mountMs: 60_000,
  deniedMs: 0,
  // The first start of a pod may be before the database's.
  restarts: 1,
  unreadyMs: 60_000,
  settleMs: 3_000,
  silenceMs: 240_000,
};

/** A role that was just given takes minutes until the registry knows of it. */
const FRESH_ROLE_MS = 180_000;

/** The same, with more of it where Azure says that the nodes may pull: a refusal then passes by itself. */
export async function choosePatience({ world }: Session, { objects }: Rendered): Promise<Patience> {
  const { azure } = world;
  if (azure === undefined) return PATIENCE;
  const hosts = new Set(listImages(objects.map(({ object }) => object)).map(({ host }) => host));
  const rights = await Promise.all([...hosts].map((host) => azure.readPullRight(host)));
  return rights.some((right) => right?.kind === "granted") ? { ...PATIENCE, deniedMs: FRESH_ROLE_MS } : PATIENCE;
}
