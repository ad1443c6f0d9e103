import type { Cluster } from "../../kubernetes/cluster.ts";
import type { KubeObject, ObjectRef } from "../../kubernetes/kube-object.ts";
import type { Cause } from "../../rollout/cause.ts";
import type { Snapshot, Wanted } from "../../rollout/snapshot.ts";
import { type RolloutTrack, type TrackedPart, trackRollout } from "../../rollout/track-rollout.ts";
import type { Patience, Verdict } from "../../rollout/verdict.ts";
import { listWatchedKinds, type WatchedKind } from "../../rollout/watched-kinds.ts";
import type { World } from "./world.ts";

/** A rollout that is looked at from before helm begins until it is over. */
export interface RolloutWatch {
  /** Settles once all that is there has been seen: what comes later is helm's doing. */
  readonly synced: Promise<void>;
  /** Settles as soon as it is certain that the rollout fails, and never otherwise. */
  readonly failed: Promise<readonly Cause[]>;
  /** From now on every object counts, changed or not: helm has applied all. */
  applied(): void;
  verdict(): Verdict;
  snapshot(): Snapshot;
  /** Waits for a verdict that stands, at most so long. */
  settle(limitMs: number): Promise<Verdict>;
  end(): void;
}

export interface WatchOptions {
  readonly cluster: Pick<Cluster, "follow">;
  readonly world: Pick<World, "now" | "monotonic" | "sleep" | "cancelled" | "log" | "redact">;
  readonly namespace: string;
  readonly wanted: readonly Wanted[];
  /** Whether helm will change an object: until it has, the object as it stands says nothing of this rollout. */
  readonly willChange: (ref: ObjectRef) => boolean;
  readonly patience: Patience;
  /** Told of each new verdict. */
  readonly onVerdict: (verdict: Verdict, parts: readonly TrackedPart[]) => void;
}

/** Some signs come with time alone, such as a pod that no node takes. */
const LOOK_EVERY_MS = 500;
/** Changes come in flocks. */
const GATHER_MS = 50;

/** Follows all that tells of a rollout, and judges it anew with every change. */
export function watchRollout(options: WatchOptions): RolloutWatch {
  const { cluster, world, namespace, wanted, willChange, patience, onVerdict } = options;
  const startedAt = world.now();
  const ending = new AbortController();
  // Once the job is cancelled nothing waits any more, and nobody is left to judge for.
  const over = AbortSignal.any([ending.signal, world.cancelled]);
  const objects = new Map<string, KubeObject>();
  const baseline = new Map<string, KubeObject>();
  let done = false;
  let isSynced = false;
  let woken = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<readonly Cause[]>();

  const follow = (kind: WatchedKind): Promise<void> =>
    new Promise((resolve) => {
      const told = cluster.follow(
        kind,
        { namespace: kind.namespace },
        {
          until: over,
          onSynced: resolve,
          onChange: ({ type, object }) => {
            const key = keyOf(object);
            if (type === "deleted") objects.delete(key);
            else objects.set(key, object);
            if (!isSynced) baseline.set(key, object);
            woken.resolve();
          },
        },
      );
      told.catch((error: unknown) => {
        const because = error instanceof Error ? error.message : String(error);
        const what = kind.needed ? "what becomes of the release cannot be told" : "less can be explained";
        if (!over.aborted) world.log.warning(world.redact(`${kind.kind} cannot be followed, so ${what}: ${because}`));
        resolve();
      });
    });
  const synced = Promise.all(listWatchedKinds(wanted).map(follow)).then(() => {
    isSynced = true;
  });

  const counts = (ref: Wanted): boolean => {
    const object = objects.get(keyOf({ ...ref, namespace: ref.namespace ?? namespace }));
    const before = object === undefined ? undefined : baseline.get(keyOf(object));
    if (done || before === undefined) return true;
    if (object?.metadata.uid !== before.metadata.uid) return true;
    if (!willChange(ref)) return true;
    return (object?.metadata.generation ?? 0) > (before.metadata.generation ?? 0);
  };
  const snapshot = (): Snapshot => ({
    at: world.now(),
    startedAt,
    wanted: wanted.filter(counts),
    objects: [...objects.values()],
  });
  let track: RolloutTrack | undefined;
  const look = (): Verdict => {
    track = trackRollout(track, snapshot(), patience);
    const { verdict, parts } = track;
    onVerdict(verdict, parts);
    if (verdict.state === "failed") failed.resolve(verdict.causes);
    return verdict;
  };
  /** A change that has come already wakes only after a moment, too: else nothing could come in while somebody waits. */
  const wake = () =>
    Promise.race([woken.promise.then(() => world.sleep(GATHER_MS, over)), world.sleep(LOOK_EVERY_MS, over)]);
  const watch = async (): Promise<void> => {
    await synced;
    while (!over.aborted) {
      await wake();
      woken = Promise.withResolvers<void>();
      if (!over.aborted) look();
    }
  };
  void watch();
  return {
    synced,
    failed: failed.promise,
    applied: () => {
      done = true;
    },
    verdict: look,
    snapshot,
    settle: async (limitMs) => {
      const until = world.monotonic() + limitMs;
      for (;;) {
        const verdict = look();
        if (verdict.state === "failed" || world.monotonic() >= until || over.aborted) return verdict;
        const settled =
          verdict.state === "ready" && (verdict.settleUntil === undefined || verdict.settleUntil <= world.now());
        if (settled) return verdict;
        await wake();
      }
    },
    end: () => ending.abort(),
  };
}

function keyOf(object: KubeObject | (ObjectRef & { readonly metadata?: undefined })): string {
  const { kind } = object;
  const group = object.apiVersion.includes("/") ? (object.apiVersion.split("/")[0] ?? "") : "";
  const { namespace = "", name } = object.metadata ?? object;
  return [group, kind, namespace, name].join("/");
}
