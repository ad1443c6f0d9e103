import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { AddonSpec } from "./addon.ts";
import type { KubernetesObject } from "./apply-object.ts";
import { programContainer } from "./program-container.ts";

/** KEDA's operator, and folders with what it needs in a cluster: definitions, rights, its account. */
export interface KedaFiles {
  readonly keda: string;
  readonly "config/crd/bases": string;
  readonly "config/rbac": string;
  readonly "config/service_account": string;
}

const NAME = "keda-operator";
/** Its own manifests name it. */
const NAMESPACE = "keda";
const LABELS = { app: NAME };
const CERTIFICATES = "kedaorg-certs";

/**
 * KEDA's operator for ScaledJobs, without the metrics server that ScaledObjects need. At its first start it makes its
 * certificates, writes them into a Secret and ends; when they are mounted it stays.
 */
export function kedaAddon(files: KedaFiles): AddonSpec {
  return {
    namespace: NAMESPACE,
    workload: `deployments/${NAME}`,
    objects: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
      ...readManifests(files["config/crd/bases"]),
      ...readManifests(files["config/service_account"]),
      ...readManifests(files["config/rbac"]),
      deployment(files.keda),
    ],
  };
}

/** The objects in a folder, without what is kustomize's. */
function readManifests(folder: string): readonly KubernetesObject[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "kustomization.yaml");
  return names.flatMap((name) =>
    parseAllDocuments(readFileSync(join(folder, name), "utf8")).flatMap((document) => {
      const object: unknown = document.toJS();
      return typeof object === "object" && object !== null ? [object as KubernetesObject] : [];
    }),
  );
}

function deployment(program: string) {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const { container, volume } = programContainer("keda", program, {
    args: ["--leader-elect=false", "--enable-cert-rotation=true", "--cert-dir=/certs", "--zap-log-level=info"],
    env: [
      field("POD_NAME", "metadata.name"),
      field("POD_NAMESPACE", "metadata.namespace"),
      field("KEDA_CLUSTER_OBJECT_NAMESPACE", "metadata.namespace"),
      { name: "WATCH_NAMESPACE", value: "" },
    ],
    // It calls itself ready at its first start, too, and ends a moment later: only with its certificates does it stay.
    startupProbe: {
      exec: { command: ["/busybox", "test", "-s", "/certs/tls.crt"] },
      periodSeconds: 1,
      failureThreshold: 120,
    },
    readinessProbe: { httpGet: { path: "/readyz", port: 8081 }, periodSeconds: 1 },
    volumeMounts: [{ name: "certificates", mountPath: "/certs", readOnly: true }],
  });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: NAME,
          containers: [container],
          volumes: [volume, { name: "certificates", secret: { secretName: CERTIFICATES, optional: true } }],
        },
      },
    },
  };
}
