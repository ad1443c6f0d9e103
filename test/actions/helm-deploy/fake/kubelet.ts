import { createHash } from "node:crypto";
import type { KubeObject, ObjectRef } from "../../../../src/kubernetes/kube-object.ts";
import { rfc3339 } from "../../../kubernetes/store.ts";
import type { FakeCluster } from "./cluster.ts";
import type { FakeTime } from "./time.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What becomes of an image, by its tag. Any other one is ready after a second. */
export const TAGS = { missing: "typo", crashing: "crash", slow: "slow", unready: "never", failing: "fails" } as const;

export const SLOW_MS = 20_000;
export const CRASH_LOG = "fatal: cannot open the shop";

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

/** Plays controllers and kubelet: Deployments get ReplicaSets and pods, Jobs pods, and all of them a status. */
export function playKubelet(cluster: FakeCluster, time: FakeTime): void {
  const stamp = (): string => rfc3339(new Date(time.now()));
  const isThere = (object: KubeObject): boolean => {
    const found = cluster.find(refOf(object));
    return found?.metadata.uid === object.metadata.uid && found?.metadata.generation === object.metadata.generation;
  };
  const makePod = (owner: KubeObject, name: string, template: Template, change: Fields = {}): KubeObject => {
    const { namespace = "" } = owner.metadata;
    const { labels = {} } = template.metadata ?? {};
    const pod = cluster.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels, ownerReferences: [ownedBy(owner)] },
      spec: { ...template.spec, nodeName: "node-1", ...change },
    });
    cluster.setStatus(refOf(pod), statusOf(template, "Pending", { waiting: { reason: "ContainerCreating" } }, false));
    return pod;
  };

  const rollOut = (deployment: KubeObject): void => {
    if (!isThere(deployment)) return;
    const { replicas = 1, template } = deployment["spec"] as { replicas?: number; template: Template };
    const { name, namespace = "", generation = 1 } = deployment.metadata;
    const hash = createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 9);
    const kind = { apiVersion: "apps/v1", kind: "ReplicaSet" };
    const olds = cluster.list(kind, namespace).filter((set) => isOwned(set, deployment));
    const known = olds.find((set) => set.metadata.name === `${name}-${hash}`);
    const revision = String(Math.max(0, ...olds.map(revisionOf)) + 1);
    const annotations = { [REVISION]: revision };
    const set = cluster.put({
      ...kind,
      metadata: { name: `${name}-${hash}`, namespace, annotations, ownerReferences: [ownedBy(deployment)] },
      spec: { replicas, template },
    });
    cluster.put({ ...deployment, metadata: { ...deployment.metadata, annotations } });
    const tell = (ready: number): void => {
      const numbers = { observedGeneration: generation, replicas, updatedReplicas: replicas };
      cluster.setStatus(refOf(deployment), { ...numbers, readyReplicas: ready, availableReplicas: ready });
      cluster.setStatus(refOf(set), { replicas, readyReplicas: ready, availableReplicas: ready });
    };
    tell(0);
    const clear = (): void => {
      for (const old of olds) {
        if (old.metadata.name === set.metadata.name) continue;
        for (const pod of cluster.list(POD, namespace)) if (isOwned(pod, old)) cluster.remove(refOf(pod));
      }
    };
    if (known !== undefined && cluster.list(POD, namespace).some((pod) => isOwned(pod, known) && isReady(pod))) {
      clear();
      tell(replicas);
      return;
    }
    const pod = makePod(set, `${name}-${hash}-x2x2x`, template);
    run(pod, template, () => {
      clear();
      tell(replicas);
    });
  };

  const run = (pod: KubeObject, template: Template, onReady: () => void): void => {
    const image = template.spec.containers[0]?.image ?? "";
    const tell = (phase: string, state: Fields, ready: boolean, more: Fields = {}): void => {
      if (isThere(pod)) cluster.setStatus(refOf(pod), statusOf(template, phase, state, ready, more));
    };
    const running = (): Fields => ({ running: { startedAt: stamp() } });
    const ended = (exitCode: number): Fields => ({ terminated: { exitCode, reason: "Error", finishedAt: stamp() } });
    if (image.endsWith(`:${TAGS.missing}`)) {
      const message = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve image: ${image}: not found`;
      time.after(800, () => tell("Pending", { waiting: { reason: "ErrImagePull", message } }, false));
      return;
    }
    if (image.endsWith(`:${TAGS.crashing}`)) {
      const [container] = template.spec.containers;
      const log = `${pod.metadata.namespace}/${pod.metadata.name}/${container?.name}`;
      for (const each of [log, `${log}/previous`]) {
        if (!cluster.settings.logs.has(each)) cluster.settings.logs.set(each, `starting\n${CRASH_LOG}\n`);
      }
      time.after(900, () => tell("Running", running(), true));
      time.after(950, onReady);
      time.after(1_200, () => tell("Running", ended(1), false, { restartCount: 0 }));
      time.after(2_500, () => tell("Running", ended(1), false, { restartCount: 1, lastState: ended(1) }));
      return;
    }
    if (image.endsWith(`:${TAGS.unready}`)) {
      time.after(1_000, () => tell("Running", running(), false));
      return;
    }
    time.after(image.endsWith(`:${TAGS.slow}`) ? SLOW_MS : 1_000, () => {
      tell("Running", running(), true);
      if (isThere(pod)) onReady();
    });
  };

  const runJob = (job: KubeObject): void => {
    if (!isThere(job)) return;
    const { template } = job["spec"] as { template: Template };
    const image = template.spec.containers[0]?.image ?? "";
    const fails = image.endsWith(`:${TAGS.failing}`);
    const pod = makePod(job, `${job.metadata.name}-x2x2x`, template, { restartPolicy: "Never" });
    time.after(1_000, () => {
      const state = {
        terminated: { exitCode: fails ? 1 : 0, reason: fails ? "Error" : "Completed", finishedAt: stamp() },
      };
      if (isThere(pod)) cluster.setStatus(refOf(pod), statusOf(template, fails ? "Failed" : "Succeeded", state, false));
      if (!isThere(job)) return;
      const condition = fails
        ? {
            type: "Failed",
            status: "True",
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
          }
        : { type: "Complete", status: "True" };
      cluster.setStatus(refOf(job), { [fails ? "failed" : "succeeded"]: 1, conditions: [condition] });
    });
  };

  cluster.listen(({ type, object, before }) => {
    const fresh =
      type === "ADDED" || (type === "MODIFIED" && object.metadata.generation !== before?.metadata.generation);
    if (type === "DELETED") return void removeOwned(cluster, object);
    if (!fresh) return;
    if (object.kind === "Deployment") time.after(100, () => rollOut(object));
    if (object.kind === "Job") time.after(100, () => runJob(object));
    if (object.kind === "CustomResourceDefinition") {
      const conditions = [{ type: "Established", status: "True" }];
      time.after(700, () => isThere(object) && cluster.setStatus(refOf(object), { conditions }));
    }
  });
}

const POD = { apiVersion: "v1", kind: "Pod" } as const;
const REVISION = "deployment.kubernetes.io/revision";

function removeOwned(cluster: FakeCluster, owner: KubeObject): void {
  for (const kind of [POD, { apiVersion: "apps/v1", kind: "ReplicaSet" }]) {
    for (const object of cluster.list(kind, owner.metadata.namespace)) {
      if (isOwned(object, owner)) cluster.remove(refOf(object));
    }
  }
}

function statusOf(template: Template, phase: string, state: Fields, ready: boolean, more: Fields = {}): Fields {
  return {
    phase,
    conditions: [
      { type: "PodScheduled", status: "True" },
      { type: "Ready", status: ready ? "True" : "False" },
    ],
    containerStatuses: template.spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: ready ? `${image.split(":")[0]}@sha256:${"a".repeat(64)}` : "",
      state,
      ready,
      started: ready,
      restartCount: 0,
      ...more,
    })),
  };
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod["status"] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

function isOwned({ metadata }: KubeObject, owner: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true;
}

function ownedBy({ apiVersion, kind, metadata }: KubeObject) {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: true };
}

function refOf({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}
