import type { KubeObject } from "../../../../src/kubernetes/kube-object.ts";
import type { SmokeFakeCluster } from "../fake/cluster.ts";
import { NAMESPACE } from "../fake/world.ts";

export const SERVICE = { apiVersion: "v1", kind: "Service", namespace: NAMESPACE, name: "api" } as const;

/** A pod of the Service, and what its slice says of it. */
export interface ShopPod {
  readonly name: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
}

/** A Service `api`: 80 (http, by 8080 of its pods), 443 (https, by 8443), 9153 (metrics). */
export function putService(cluster: SmokeFakeCluster, pods: readonly ShopPod[] = [{ name: "api-1" }]): void {
  const ports = [
    { name: "http", port: 80, targetPort: 8080 },
    { name: "https", port: 443, targetPort: 8443 },
    { name: "metrics", port: 9153, targetPort: 9153 },
  ];
  cluster.put({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "api", namespace: NAMESPACE },
    spec: { ports: [{ name: "dns", protocol: "UDP", port: 80 }, ...ports] },
  });
  cluster.put({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "api-x1", namespace: NAMESPACE, labels: { "kubernetes.io/service-name": "api" } },
    addressType: "IPv4",
    ports: ports.map(({ name, targetPort }) => ({ name, port: targetPort, protocol: "TCP" })),
    endpoints: pods.map(({ name, ready = true, terminating = false }) => ({
      addresses: ["10.0.0.1"],
      conditions: { ready, terminating },
      targetRef: { kind: "Pod", name, namespace: NAMESPACE },
    })),
  } as KubeObject);
  for (const { name } of pods) {
    cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: NAMESPACE },
      status: {
        phase: "Running",
        containerStatuses: [{ name: "main", image: name, state: { running: { startedAt: "2026-01-01T00:00:00Z" } } }],
      },
    });
  }
}

export const podRef = (name: string) => ({ apiVersion: "v1", kind: "Pod", namespace: NAMESPACE, name });
