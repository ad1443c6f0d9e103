import { judge } from "../../rollout/judge.ts";
import type { Wanted } from "../../rollout/snapshot.ts";
import { listWatchedKinds } from "../../rollout/watched-kinds.ts";
import { PATIENCE } from "./patience.ts";
import type { Session } from "./session.ts";

/** Whether all of a release is ready as it stands. */
export async function isReady({ world }: Session, wanted: readonly Wanted[]): Promise<boolean> {
  const parts = wanted.filter(({ hook }) => !hook);
  const lists = await Promise.all(
    listWatchedKinds(parts).map((kind) => world.cluster.list(kind, { namespace: kind.namespace })),
  );
  const at = world.now();
  return judge({ at, startedAt: at, wanted: parts, objects: lists.flat() }, PATIENCE).state === "ready";
}
