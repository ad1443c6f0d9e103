import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import { findCondition } from "../../../rollout/condition.ts";
import { readPod } from "../../../rollout/pod.ts";
import { countOf, textsOf } from "../../../rollout/read-field.ts";
import type { Heard } from "../../../smoke/cold-start.ts";
import type { SeenChange } from "../scope.ts";
import { earliest, hearFirst, hearNothing, replay } from "./heard-changes.ts";
import { hasRun, hearPods, known } from "./pod-milestones.ts";

/** What was heard of in a namespace, by kind. */
export interface Changes {
  /** Of the ScaledJob or ScaledObject alone. */
  readonly scaler: readonly SeenChange[];
  /** Of Jobs, or of what the ScaledObject scales alone. */
  readonly makers: readonly SeenChange[];
  readonly pods: readonly SeenChange[];
  readonly events: readonly SeenChange[];
}

/** What was heard of a cold start, and of whom. */
export interface Hearing {
  readonly heard: Heard;
  /** The Jobs, or what is scaled; oldest first. */
  readonly makers: readonly KubeObject[];
  /** What has already run when the message was published, so that the start is none: `2 replicas`. */
  readonly warm: string | undefined;
}

const JOB_OF = "scaledjob.keda.sh/name";

/** The first Job that KEDA makes after a message. Jobs of before do not count, but have to end before nothing runs. */
export function hearJobs(name: string, changes: Changes, afterMs: number): Hearing {
  const jobs = changes.makers.filter(({ object }) => textsOf(object, "metadata", "labels")[JOB_OF] === name);
  const born = bornAfter(jobs, afterMs);
  const own = jobs.filter(({ object }) => born.has(object.metadata.uid));
  const pods = changes.pods.filter(({ object }) => ownedBy(object, born));
  const all = new Set(jobs.map(({ object }) => object.metadata.uid));
  const running = [...jobs, ...changes.pods.filter(({ object }) => ownedBy(object, all))];
  const done = hearFirst(own, afterMs, (job) => isTrue(job, "Complete"));
  return {
    heard: {
      ...hearPods(pods, changes.events, afterMs, hasRun),
      ...known({
        active: hearActive(changes.scaler, afterMs),
        created: hearFirst(own, afterMs, (_, type) => type === "added"),
        done,
        scaledToZero: done === undefined ? undefined : hearNothing(running, done, (object) => runs(object)),
      }),
    },
    makers: latest(own),
    warm: undefined,
  };
}

/** The first replica that KEDA asks for after a message. Its work is done when KEDA sees no more of it. */
export function hearReplicas(changes: Changes, afterMs: number): Hearing {
  const { makers } = changes;
  const workload = makers.at(-1)?.object;
  const selected = changes.pods.filter(({ object }) => workload !== undefined && fits(object, workload));
  const born = bornAfter(selected, afterMs);
  const pods = selected.filter(({ object }) => born.has(object.metadata.uid));
  const before = replay([...makers, ...selected], afterMs).filter((object) => runs(object));
  const asked = hearFirst(makers, afterMs, (object) => replicasOf(object) > 0);
  const active = hearActive(changes.scaler, afterMs);
  const came = hearPods(pods, changes.events, afterMs, ({ ready }) => ready);
  const idle = active === undefined ? undefined : hearFirst(changes.scaler, active, (each) => !isTrue(each, "Active"));
  // A trigger may become quiet by itself: then nobody has done anything.
  const done = idle === undefined || came.started === undefined ? undefined : Math.max(idle, came.started);
  return {
    heard: {
      ...came,
      ...known({
        active,
        created: earliest([asked, hearFirst(pods, afterMs, (_, type) => type === "added")]),
        done,
        scaledToZero: done === undefined ? undefined : hearNothing([...makers, ...selected], done, runs),
      }),
    },
    makers: latest(makers),
    warm: before.length === 0 ? undefined : before.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", "),
  };
}

/** KEDA may have been active before, with other work. */
function hearActive(scaler: readonly SeenChange[], afterMs: number): number | undefined {
  const isActive = (object: KubeObject): boolean => isTrue(object, "Active");
  return replay(scaler, afterMs).some(isActive) ? afterMs : hearFirst(scaler, afterMs, isActive);
}

/** By uid: whose first change came after a moment. */
function bornAfter(changes: readonly SeenChange[], afterMs: number): ReadonlySet<string | undefined> {
  const born = new Set(changes.map(({ object }) => object.metadata.uid));
  for (const { object, atMs } of changes) if (atMs <= afterMs) born.delete(object.metadata.uid);
  return born;
}

function latest(changes: readonly SeenChange[]): readonly KubeObject[] {
  return [...new Map(changes.map(({ object }) => [object.metadata.uid, object])).values()];
}

function runs(object: KubeObject): boolean {
  if (object.kind === "Pod") return !["Succeeded", "Failed"].includes(readPod(object).phase);
  if (object.kind === "Job") return !isTrue(object, "Complete") && !isTrue(object, "Failed");
  return replicasOf(object) > 0;
}

/** Asked for, or there. A Deployment that says nothing asks for one. */
function replicasOf(workload: KubeObject): number {
  return Math.max(countOf(workload, "spec", "replicas") ?? 1, countOf(workload, "status", "replicas") ?? 0);
}

function fits(pod: KubeObject, workload: KubeObject): boolean {
  const wanted = Object.entries(textsOf(workload, "spec", "selector", "matchLabels"));
  const labels = textsOf(pod, "metadata", "labels");
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

function ownedBy({ metadata }: KubeObject, uids: ReadonlySet<string | undefined>): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uids.has(uid)) === true;
}

function isTrue(object: KubeObject, type: string): boolean {
  return findCondition(object, type)?.status === "True";
}
