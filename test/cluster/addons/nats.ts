import type { AddonSpec } from "./addon.ts";
import { programContainer } from "./program-container.ts";

const NAME = "nats";
const LABELS = { app: NAME };

/** NATS with JetStream at `nats.nats.svc:4222`, which tells of itself at port 8222. Its streams go with its pod. */
export function natsAddon(program: string): AddonSpec {
  const { container, volume } = programContainer("nats-server", program, {
    args: ["-js", "-sd", "/data", "-m", "8222"],
    ports: [
      { name: "client", containerPort: 4222 },
      { name: "monitor", containerPort: 8222 },
    ],
    readinessProbe: { httpGet: { path: "/healthz?js-server-only=true", port: "monitor" }, periodSeconds: 1 },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  });
  const metadata = { name: NAME, namespace: NAME };
  return {
    namespace: NAME,
    workload: `statefulsets/${NAME}`,
    objects: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: NAME } },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: {
          selector: LABELS,
          ports: [
            { name: "client", port: 4222 },
            { name: "monitor", port: 8222 },
          ],
        },
      },
      {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata,
        spec: {
          serviceName: NAME,
          selector: { matchLabels: LABELS },
          template: {
            metadata: { labels: LABELS },
            spec: { containers: [container], volumes: [volume, { name: "data", emptyDir: {} }] },
          },
        },
      },
    ],
  };
}
