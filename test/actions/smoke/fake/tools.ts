import type { SmokeTools } from "../../../../src/actions/smoke/smoke-order.ts";
import type { SmokeWorld } from "../../../../src/actions/smoke/world.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import { listReleaseRecords } from "../../../../src/kubernetes/read-release-records.ts";
import { matchesWildcard } from "../../../../src/wildcard/matches.ts";
import type { FakeCluster } from "../../helm-deploy/fake/cluster.ts";
import type { FakeTime } from "../../helm-deploy/fake/time.ts";
import { createNats } from "./nats.ts";
import { createNetwork, type FakeNetwork } from "./network.ts";
import { createPods } from "./pod-access.ts";

/** What smoke tests of a scene have in common. */
export interface SmokeStage {
  readonly network: FakeNetwork;
  /** Specs by path. */
  readonly specs: Map<string, string>;
  /** Words that were given out. */
  readonly uniques: string[];
  /** How often all was let go of. */
  ended: number;
}

export function createStage(): SmokeStage {
  return { network: createNetwork(), specs: new Map(), uniques: [], ended: 0 };
}

type Base = Pick<SmokeWorld, "log" | "cancelled" | "now" | "monotonic" | "mask" | "redact">;

/** The tools of a job, on a cluster of helm-deploy's tests. */
export function createTools(
  stage: SmokeStage,
  { cluster, time }: { readonly cluster: FakeCluster; readonly time: FakeTime },
  base: Base,
  options: { readonly noCluster?: true } = {},
): SmokeTools {
  const { log, cancelled, now, monotonic, mask, redact } = base;
  const lasting = cluster.session();
  const pods = createPods();
  return {
    specs: {
      find: async (pattern) => [...stage.specs.keys()].filter((path) => matchesWildcard(path, pattern)).toSorted(),
      read: async (path) => stage.specs.get(path) ?? "",
    },
    end: () => {
      stage.ended += 1;
    },
    makeUnique: () => {
      const word = `u${stage.uniques.length + 1}`;
      stage.uniques.push(word);
      return word;
    },
    world: {
      ...{ log, cancelled, now, monotonic, mask, redact },
      sleep: (milliseconds, until = cancelled) => time.sleep(milliseconds, until),
      cluster: options.noCluster ? undefined : { ...cluster.session(cancelled), ...pods },
      lastingCluster: options.noCluster ? undefined : { ...lasting, ...pods },
      readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
      readReleases: (namespace, release) => listReleaseRecords(lasting, namespace, release),
      network: stage.network,
      nats: createNats(() => time.now()).connect,
      runHelmTests: async () => ({ exitCode: 0, output: "" }),
      exchange: async () => {},
    },
  };
}
