import { UserError } from "../../kit/user-error.ts";
import type { ServedKind } from "../../kubernetes/cluster.ts";
import type { ObjectKind } from "../../kubernetes/kube-object.ts";
import type { SeenChange, Watches } from "./scope.ts";
import { createWatchedObjects, type WatchedObjects } from "./watched-objects.ts";
import type { SmokeCluster, SmokeWorld } from "./world.ts";

/** The watches of a run: one for each kind and namespace, whoever asks. */
export interface WatchHub {
  /** The watches as one check sees them. */
  open(): WatchView;
  end(): void;
}

/** The watches as one check sees them: it is woken by what it has asked for, and by nothing else. */
export interface WatchView extends Watches {
  /** A look begins: what was asked before counts no more. */
  restart(): void;
  /** Settles with the first change since then, in a kind that was asked for since then. */
  changed(): Promise<void>;
  end(): void;
}

export interface HubOptions {
  readonly world: Pick<SmokeWorld, "monotonic" | "readRefusal">;
  /** Throws where the job has none. */
  readonly cluster: () => SmokeCluster;
  /** Milliseconds since the smoke test began. */
  readonly elapsed: () => number;
}

/** After a watch has broken off, or where a kind is not there yet. */
const ASK_AGAIN_MS = 500;

const HEARD = { synced: Promise.resolve(), standing: Promise.resolve() } as const;

interface Followed {
  readonly objects: WatchedObjects;
  readonly waking: Set<() => void>;
  synced: Promise<void>;
  /** Settles once changes are heard of. */
  standing: Promise<void>;
  /** Why it ended. */
  fault: { readonly error: unknown; readonly atMs: number } | undefined;
}

/** Watches on demand. A watch that breaks off is begun again when somebody asks, and told apart from what changed. */
export function createWatchHub({ world, cluster, elapsed }: HubOptions): WatchHub {
  const ending = new AbortController();
  const followed = new Map<string, Followed>();
  const served = new Map<string, Asked>();

  const serve = async (kind: ObjectKind): Promise<ServedKind> => {
    const key = `${kind.apiVersion} ${kind.kind}`;
    const before = served.get(key);
    const again = before?.missed === true && elapsed() - before.atMs >= ASK_AGAIN_MS;
    const asked = before === undefined || again ? askKind(cluster(), kind, elapsed()) : before;
    served.set(key, asked);
    const found = await asked.found;
    if (found !== undefined) return found;
    throw new UserError(
      "kind-unknown",
      `The cluster does not know ${kind.kind} of ${kind.apiVersion}. See that its CustomResourceDefinition is installed, and how both are spelt: kubectl api-resources`,
    );
  };

  const begin = (entry: Followed, kind: ServedKind, namespace: string | undefined): void => {
    const { objects, waking } = entry;
    const wake = (): void => {
      for (const each of waking) each();
    };
    let isSynced = false;
    let stands = (): void => {};
    entry.standing = Promise.resolve();
    entry.fault = undefined;
    entry.synced = new Promise((resolve, reject) => {
      objects.begin();
      const told = cluster().follow(
        kind,
        { namespace },
        {
          until: ending.signal,
          onChange: (change) => {
            objects.take(change, elapsed());
            if (isSynced) wake();
          },
          onStanding: (standing) => {
            stands();
            if (standing) return;
            entry.standing = new Promise((resolve) => {
              stands = resolve;
            });
          },
          onSynced: () => {
            objects.endReplay(elapsed());
            isSynced = true;
            resolve();
          },
        },
      );
      const end = (fault: Followed["fault"]): void => {
        entry.fault = fault;
        stands();
      };
      told.then(
        () => {
          end(undefined);
          resolve();
        },
        (error: unknown) => {
          end({ error, atMs: elapsed() });
          reject(error);
          wake();
        },
      );
    });
    // Whoever asks hears of it.
    entry.synced.catch(() => {});
  };

  const follow = async (kind: ObjectKind, given: string | undefined): Promise<Followed> => {
    const known = await serve(kind);
    const namespace = known.namespaced ? given : undefined;
    const key = `${kind.apiVersion} ${kind.kind} ${namespace ?? ""}`;
    let entry = followed.get(key);
    if (entry === undefined) {
      entry = { objects: createWatchedObjects(), waking: new Set(), fault: undefined, ...HEARD };
      followed.set(key, entry);
      begin(entry, known, namespace);
    }
    const { fault } = entry;
    if (fault !== undefined) {
      const forbidden = world.readRefusal(fault.error)?.status === 403;
      if (forbidden || elapsed() - fault.atMs < ASK_AGAIN_MS) throw fault.error;
      begin(entry, known, namespace);
    }
    return entry;
  };

  return {
    open: () => openView(follow),
    end: () => ending.abort(),
  };
}

/** A question for a kind, which those who come meanwhile wait for, too. */
interface Asked {
  readonly found: Promise<ServedKind | undefined>;
  readonly atMs: number;
  /** It has come to nothing, so that it may be asked again. */
  missed: boolean;
}

function askKind(cluster: SmokeCluster, kind: ObjectKind, atMs: number): Asked {
  const asked: Asked = { found: cluster.findKind(kind), atMs, missed: false };
  const miss = (): void => {
    asked.missed = true;
  };
  asked.found.then((found) => {
    if (found === undefined) miss();
  }, miss);
  return asked;
}

function openView(follow: (kind: ObjectKind, namespace: string | undefined) => Promise<Followed>): WatchView {
  let woken = Promise.withResolvers<void>();
  const wake = (): void => woken.resolve();
  const asked = new Set<Followed>();
  const ask = async (kind: ObjectKind, namespace: string | undefined): Promise<WatchedObjects> => {
    const entry = await follow(kind, namespace);
    asked.add(entry);
    entry.waking.add(wake);
    await entry.synced;
    // What nobody hears of may have changed: what is known proves nothing until it is heard of again.
    await entry.standing;
    if (entry.fault !== undefined) throw entry.fault.error;
    return entry.objects;
  };
  const forget = (): void => {
    for (const { waking } of asked) waking.delete(wake);
    asked.clear();
  };
  return {
    list: async (kind, namespace) => (await ask(kind, namespace)).list(),
    changes: async (kind, namespace): Promise<readonly SeenChange[]> => (await ask(kind, namespace)).changes,
    restart: () => {
      forget();
      woken = Promise.withResolvers<void>();
    },
    changed: () => woken.promise,
    end: forget,
  };
}
