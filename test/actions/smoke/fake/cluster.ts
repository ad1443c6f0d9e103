import type { SmokeCluster } from "../../../../src/actions/smoke/world.ts";
import type { ListQuery } from "../../../../src/kubernetes/cluster.ts";
import type { KubeObject, ObjectKind } from "../../../../src/kubernetes/kube-object.ts";
import { createCluster, type FakeCluster } from "../../helm-deploy/fake/cluster.ts";
import type { FakeTime } from "../../helm-deploy/fake/time.ts";
import { createPods, type FakePods } from "./pod-access.ts";

/** The API server of helm-deploy's tests, with ways into its pods. */
export interface SmokeFakeCluster extends Omit<FakeCluster, "session"> {
  session(cancelled?: AbortSignal): SmokeCluster;
  readonly pods: FakePods;
  /** The watches that were opened, in order. */
  readonly followed: (ObjectKind & ListQuery)[];
  /** Lets the cluster know a kind of somebody else's, such as KEDA's. */
  define(apiVersion: string, ...kinds: readonly string[]): void;
}

export const KEDA = "keda.sh/v1alpha1";

export function createSmokeCluster(time: FakeTime): SmokeFakeCluster {
  const cluster = createCluster(time);
  const pods = createPods();
  const followed: (ObjectKind & ListQuery)[] = [];
  return {
    ...cluster,
    pods,
    followed,
    define: (apiVersion, ...kinds) => {
      for (const kind of kinds) cluster.put(defineKind(apiVersion, kind));
    },
    session: (cancelled) => {
      const session = cluster.session(cancelled);
      return {
        ...session,
        ...pods,
        follow: (kind, query, watcher) => {
          followed.push({ apiVersion: kind.apiVersion, kind: kind.kind, ...query });
          return session.follow(kind, query, watcher);
        },
      };
    },
  };
}

function defineKind(apiVersion: string, kind: string): KubeObject {
  const [group = "", version = ""] = apiVersion.split("/");
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural },
      versions: [{ name: version, served: true, storage: true, subresources: { status: {} } }],
    },
    status: { conditions: [{ type: "Established", status: "True" }] },
  };
}
