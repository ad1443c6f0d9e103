import { connectNamespaceGroups } from "../../../src/actions/ttl-reaper/connect-namespace-groups.ts";
import { joinPlaces, onlyOfSubscriptions } from "../../../src/actions/ttl-reaper/join-places.ts";
import type { World } from "../../../src/actions/ttl-reaper/world.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import type { Namespaces } from "../../../src/kubernetes/namespaces.ts";
import type { NamespaceFacts } from "../../../src/ttl/namespace.ts";
import { type Simulation, type SimulationOptions, SUBSCRIPTION, simulate } from "./simulation.ts";

export const CLUSTER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shared/providers/Microsoft.ContainerService/managedClusters/aks-shared`;

/** What becomes of a namespace once its delete was accepted. */
export type NamespaceCourse = "gone" | "came-back" | "held";
export type ClusterMishap = "refuse" | "throttle" | "fail" | "lose-request" | "lose-answer";

export interface Look {
  readonly call: "list" | "find" | "remove";
  readonly name: string;
  readonly at: number;
}

/** A DELETE that the API server carried out, and what the reaper knew. */
export interface Removed {
  readonly name: string;
  readonly uid: string;
  /** When it was asked, by the runner's clock. */
  readonly at: number;
  readonly skewMs: number | undefined;
  /** As the plan saw it: the uid in the first list. */
  readonly plannedUid: string | undefined;
  /** As the reaper's last look showed it. */
  readonly seen: NamespaceFacts | undefined;
  /** As it was at that moment. */
  readonly live: NamespaceFacts;
}

/** A cluster in memory, on the clock of a simulation: a version for each change, and deletes on conditions. */
export interface ClusterSimulation {
  readonly simulation: Simulation;
  readonly world: World;
  readonly looks: Look[];
  readonly removed: Removed[];
  names(): readonly string[];
  /** As somebody else changes it; nothing where it is not there. */
  edit(name: string, change: Partial<Pick<NamespaceFacts, "labels" | "annotations">>): void;
  vanish(name: string): void;
  /** Deletes it and makes another of the same name, with the same labels and annotations unless others are given. */
  remake(name: string, more?: Partial<NamespaceFacts>): void;
}

export interface ClusterOptions {
  readonly now: Date;
  readonly namespaces: readonly {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deleting?: boolean;
    readonly course?: NamespaceCourse;
  }[];
  /** Of the subscription. */
  readonly groups?: SimulationOptions["groups"];
  /** Called before each request to the cluster: may change it, and says what goes wrong. */
  readonly before?: (look: Look, own: ClusterSimulation) => ClusterMishap | undefined;
  readonly latencyMs?: number;
  /** Why the cluster cannot be opened. */
  readonly closed?: UserError;
}

interface Live {
  facts: NamespaceFacts;
  readonly course: NamespaceCourse;
  endsAt?: number;
}

const TAKES_MS = 8_000;
const HELD_BY = ["Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"];

export function simulateCluster(options: ClusterOptions): ClusterSimulation {
  const simulation = simulate({ now: options.now, groups: options.groups ?? [] });
  const all = new Map<string, Live>();
  const lastLook = new Map<string, NamespaceFacts | undefined>();
  const planned = new Map<string, string>();
  let version = 1;
  const next = (): string => String(++version);
  const put = (facts: NamespaceFacts, course: NamespaceCourse): Live => {
    const live: Live = { facts, course };
    all.set(facts.name, live);
    return live;
  };
  const begin = (live: Live): void => {
    live.facts = { ...live.facts, resourceVersion: next(), deleting: true };
    if (live.course === "held") live.facts = { ...live.facts, heldBy: HELD_BY };
    else live.endsAt = simulation.now() + TAKES_MS;
  };
  const settle = (): void => {
    for (const [name, live] of all) {
      if (live.endsAt === undefined || simulation.now() < live.endsAt) continue;
      all.delete(name);
      if (live.course === "came-back")
        put({ ...live.facts, uid: `uid-${next()}`, resourceVersion: next(), deleting: false }, "gone");
    }
  };
  for (const { name, labels = {}, annotations = {}, deleting = false, course = "gone" } of options.namespaces) {
    const facts = { name, uid: `uid-${next()}`, resourceVersion: next(), labels, annotations, deleting: false };
    const live = put(facts, course);
    if (deleting) begin(live);
  }

  const ask = async <T>(call: Look["call"], name: string, reply: (mishap: ClusterMishap | undefined) => T) => {
    await Promise.resolve();
    const look = { call, name, at: simulation.now() };
    own.looks.push(look);
    const mishap = options.before?.(look, own);
    simulation.pass(options.latencyMs ?? 20);
    settle();
    if (call !== "remove" && mishap !== undefined)
      throw new UserError("cluster-unreachable", "the API server is silent");
    if (mishap === "lose-request") throw new UserError("cluster-unreachable", "cut before it was heard");
    if (mishap === "throttle") throw new KubeRefusal(429, "TooManyRequests", "later");
    if (mishap === "refuse") throw new KubeRefusal(403, "Forbidden", 'namespaces "x" is forbidden: a webhook said no');
    if (mishap === "fail") throw new KubeRefusal(500, "InternalError", "etcdserver: leader changed");
    const answer = reply(mishap);
    if (mishap === "lose-answer") throw new UserError("cluster-unreachable", "cut after it was heard");
    return answer;
  };
  const namespaces: Pick<Namespaces, "list" | "find" | "remove"> = {
    list: () =>
      ask("list", "", () => {
        const found = [...all.values()].map(({ facts }) => facts);
        if (planned.size === 0) for (const { name, uid } of found) planned.set(name, uid);
        return found;
      }),
    find: (name) =>
      ask("find", name, () => {
        const facts = all.get(name)?.facts;
        lastLook.set(name, facts);
        return facts;
      }),
    remove: ({ name, uid, resourceVersion }) => {
      const [at, { skewMs }] = [simulation.now(), simulation];
      const seen = lastLook.get(name);
      return ask("remove", name, () => {
        const live = all.get(name);
        if (live === undefined) return "gone";
        if (live.facts.uid !== uid || live.facts.resourceVersion !== resourceVersion) return "changed";
        if (live.facts.deleting) return "accepted";
        own.removed.push({ name, uid, at, skewMs, plannedUid: planned.get(name), seen, live: live.facts });
        begin(live);
        return "accepted";
      });
    },
  };
  const groups = connectNamespaceGroups(async () => {
    // Who opens a cluster has asked ARM about it.
    await Promise.resolve();
    if (options.closed !== undefined) throw options.closed;
    return { namespaces, explain: async (error) => error };
  });

  const own: ClusterSimulation = {
    simulation,
    world: {
      ...simulation.world,
      groups: joinPlaces(simulation.world.groups, async () => groups),
      barriers: onlyOfSubscriptions(simulation.world.barriers),
    },
    looks: [],
    removed: [],
    names: () => [...all.keys()].sort(),
    edit: (name, change) => {
      const live = all.get(name);
      if (live !== undefined) live.facts = { ...live.facts, ...change, resourceVersion: next() };
    },
    vanish: (name) => void all.delete(name),
    remake: (name, more = {}) => {
      const live = all.get(name);
      if (live === undefined) return;
      const fresh = { uid: `uid-${next()}`, resourceVersion: next(), deleting: false };
      put({ ...live.facts, ...fresh, ...more }, live.course);
    },
  };
  return own;
}
