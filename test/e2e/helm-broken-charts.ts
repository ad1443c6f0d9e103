import { denyForbidden } from "./helm-policies.ts";
import type { HelmScene, Major } from "./helm-scene.ts";

/** A chart that a cluster does not get ready, and what is to be said of it. */
export interface BrokenChart {
  readonly name: string;
  /** The helms that deploy it; only 4 where left out. What the cluster tells does not hang on helm. */
  readonly majors?: readonly Major[];
  /** On top of those of the release that works. */
  readonly values: object | ((scene: HelmScene) => object);
  /** Of the release that works, besides. */
  readonly good?: object;
  /** Changes the namespace once the release works there. */
  readonly arrange?: (scene: HelmScene, namespace: string) => Promise<unknown>;
  readonly timeout?: string;
  /** Of the cause, as the cluster shows it; undefined where the API server or helm itself refuses. */
  readonly cause: string | undefined;
  readonly error: string;
  /** The first line. */
  readonly says: RegExp;
  /** Somewhere in what is said. */
  readonly tells?: RegExp;
  /** A file of evidence, and what it holds. */
  readonly keeps?: readonly [name: RegExp, content: RegExp];
  /**
   * How the release ends. `back`: as it was, while the pods that worked stayed. `back-late`: so, after helm may have
   * called the broken one deployed. `replaced`: so, after the pods that worked had gone, too. `stuck`: helm cannot go
   * back, and all stays as it was. `unsent`: nothing came into the cluster, not even a failed revision. `back` where left
   * out.
   */
  readonly ends?: "back" | "back-late" | "replaced" | "stuck" | "unsent";
  /** The code by which the preflight finds it, where it can. */
  readonly preflight?: string;
}

const LATE = "12s";
/** Eats memory until the kernel ends it. */
const HUNGRY = "exec tail /dev/zero";
const SMALL = { resources: { limits: { memory: "16Mi" } } };
const NEVER = { restartPolicy: "Never", terminationGracePeriodSeconds: 0 };

const fromSecret = { env: [{ name: "PAGE", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }] };
const imageOf = (scene: HelmScene) => `${scene.image.repository}:${scene.image.tag}`;
const container = (scene: HelmScene, script: string) => ({ name: "main", image: imageOf(scene), args: [script] });
const job = (scene: HelmScene, script: string, annotations = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "shop-migrate", annotations },
  spec: { backoffLimit: 0, template: { spec: { ...NEVER, containers: [container(scene, script)] } } },
});
const migration = "echo migrating; echo 'ERROR: relation users exists' >&2; exit 4";

export const BROKEN: readonly BrokenChart[] = [
  {
    name: "a tag that nobody has pushed",
    values: ({ registry }: HelmScene) => ({ image: { repository: `${registry.loginServer}/team/shop`, tag: "typo" } }),
    cause: "image-pull/not-found",
    error: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ cannot pull \S+\/team\/shop:typo: there is no tag typo of team\/shop$/,
    keeps: [/^events\.txt$/, /Failed to pull image/],
    preflight: "image-missing",
  },
  {
    name: "a registry that the nodes may not pull from",
    values: ({ foreign }: HelmScene) => ({ image: { repository: `${foreign.loginServer}/team/shop`, tag: "1" } }),
    cause: "image-pull/denied",
    error: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ cannot pull foreign\S+\/team\/shop:1/,
    tells: /AcrPull/,
    keeps: [/^events\.txt$/, /401 Unauthorized/],
    preflight: "pull-right-missing",
  },
  {
    name: "a variable from a Secret that is not there",
    values: { container: fromSecret },
    cause: "container-config/secret-missing",
    error: "rollout-failed",
    says: /^Deployment\/shop: .*Secret db/i,
    keeps: [/^states\.txt$/, /CreateContainerConfigError/],
  },
  {
    name: "a volume of a Secret that is not there",
    values: {
      pod: { volumes: [{ name: "db", secret: { secretName: "db" } }] },
      container: { volumeMounts: [{ name: "db", mountPath: "/db" }] },
    },
    timeout: LATE,
    cause: "volume/secret-missing",
    error: "rollout-failed",
    says: /^Deployment\/shop: .*Secret db/i,
    keeps: [/^events\.txt$/, /FailedMount/],
  },
  {
    name: "a program that ends with an error",
    values: { script: "echo starting; echo 'FATAL: no database at db:5432' >&2; exit 3" },
    cause: "crash/exit",
    error: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ .*\b3\b/,
    tells: /Its log ends:\n(?: {2}.*\n)* {2}FATAL: no database at db:5432/,
    keeps: [/\.log$/, /FATAL: no database at db:5432/],
  },
  {
    name: "a program that runs out of memory",
    values: { script: HUNGRY, container: SMALL },
    cause: "crash/out-of-memory",
    error: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ .*memory/,
    tells: /16Mi/,
    keeps: [/^states\.txt$/, /OOMKilled/],
  },
  {
    name: "a program that runs out of memory after helm has called it deployed",
    values: { script: `sleep 1; ${HUNGRY}`, container: SMALL, probe: null },
    cause: "crash/out-of-memory",
    error: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ .*memory/,
    ends: "replaced",
  },
  {
    name: "a program that is never ready",
    values: { probe: { httpGet: { path: "/nope", port: 8080 }, periodSeconds: 1 } },
    timeout: LATE,
    cause: "never-ready/readiness",
    error: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ .*(?:readiness|404)/,
    tells: /404/,
    keeps: [/^events\.txt$/, /Unhealthy/],
  },
  {
    name: "a quota that leaves no room",
    values: { page: "second" },
    arrange: ({ cluster }, namespace) =>
      cluster.kubectl("create", "quota", "small", "--hard=pods=1", "--namespace", namespace),
    cause: "pods-refused/quota",
    error: "rollout-failed",
    says: /^Deployment\/shop: .*quota/,
    tells: /quota:? small/,
    keeps: [/^states\.txt$/, /exceeded quota/],
  },
  {
    name: "a namespace that wants restricted pods",
    values: { page: "second" },
    arrange: ({ cluster }, namespace) =>
      cluster.kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"),
    cause: "pods-refused/pod-security",
    error: "rollout-failed",
    says: /^Deployment\/shop: .*/,
    tells: /allowPrivilegeEscalation/,
  },
  {
    name: "a policy that refuses the Deployment",
    majors: [4, 3],
    values: { page: "second", labels: { forbidden: "yes" } },
    arrange: denyForbidden,
    cause: undefined,
    error: "admission-denied",
    says: /policy|refuse/i,
    tells: /no label forbidden, please/,
    preflight: "admission-denied",
  },
  {
    name: "a node that is nowhere",
    values: { pod: { nodeSelector: { "kubernetes.io/hostname": "nowhere" } } },
    timeout: LATE,
    cause: "unschedulable/affinity",
    error: "rollout-failed",
    says: /^Deployment\/shop: .*node/,
    keeps: [/^events\.txt$/, /FailedScheduling/],
  },
  {
    name: "a hook before the upgrade that fails",
    majors: [4, 3],
    values: (scene: HelmScene) => ({
      extra: [
        job(scene, migration, {
          "helm.sh/hook": "pre-upgrade",
          "helm.sh/hook-delete-policy": "before-hook-creation",
        }),
      ],
    }),
    cause: "job/failed",
    error: "rollout-failed",
    says: /^Job\/shop-migrate/,
    tells: /ERROR: relation users exists/,
    keeps: [/\.log$/, /ERROR: relation users exists/],
  },
  {
    name: "values that break the chart's schema",
    majors: [4, 3],
    values: { replicas: "many" },
    cause: undefined,
    error: "values-invalid",
    says: /replicas/,
    ends: "unsent",
  },
  {
    name: "a field that is fixed",
    majors: [4, 3],
    values: { page: "second", selector: { tier: "web" } },
    cause: undefined,
    error: "immutable-field",
    says: /Deployment.*shop/,
    tells: /spec\.selector/,
    preflight: "immutable-field",
  },
  {
    name: "a Job that fails, which helm does not wait for",
    values: (scene: HelmScene) => ({ extra: [job(scene, migration)] }),
    cause: "job/failed",
    error: "rollout-failed",
    says: /^Job\/shop-migrate: it has failed/,
    tells: /ERROR: relation users exists/,
    ends: "back-late",
  },
  {
    name: "a bare pod that fails",
    values: (scene: HelmScene) => ({
      extra: [
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "shop-once" },
          spec: { ...NEVER, containers: [container(scene, "echo 'no such table'; exit 9")] },
        },
      ],
    }),
    cause: "pod/failed",
    error: "rollout-failed",
    says: /^Pod\/shop-once/,
    tells: /no such table/,
    ends: "back-late",
  },
  {
    name: "a load balancer without an address",
    values: {
      extra: [
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "shop-public" },
          spec: {
            type: "LoadBalancer",
            // Of a cloud that is not there.
            loadBalancerClass: "example.com/none",
            selector: { app: "shop" },
            ports: [{ port: 80, targetPort: 8080 }],
          },
        },
      ],
    },
    timeout: LATE,
    cause: "load-balancer/pending",
    error: "rollout-failed",
    says: /^Service\/shop-public/,
    ends: "back-late",
  },
  {
    name: "replicas that an autoscaler has set",
    good: { extra: [autoscaler()] },
    values: { page: "second", extra: [autoscaler()] },
    arrange: ({ cluster }, namespace) =>
      cluster.kubectl("wait", "deployment/shop", "-n", namespace, "--for=jsonpath={.spec.replicas}=2", "--timeout=60s"),
    cause: undefined,
    error: "helm-conflict",
    says: /replicas/,
    ends: "stuck",
    preflight: "helm-conflict",
  },
];

function autoscaler() {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "shop" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
      minReplicas: 2,
      maxReplicas: 3,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
      ],
    },
  };
}
