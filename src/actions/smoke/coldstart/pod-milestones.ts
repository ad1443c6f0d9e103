import type { KubeObject } from "../../../kubernetes/kube-object.ts";
import { type Pod, readPod } from "../../../rollout/pod.ts";
import { readEvent } from "../../../rollout/seen-event.ts";
import type { Heard } from "../../../smoke/cold-start.ts";
import type { SeenChange } from "../scope.ts";
import { earliest, hearFirst } from "./heard-changes.ts";

/** How far pods came after a moment: whichever was the first. */
export function hearPods(
  pods: readonly SeenChange[],
  events: readonly SeenChange[],
  afterMs: number,
  hasStarted: (pod: Pod) => boolean,
): Pick<Heard, "scheduled" | "pulled" | "started"> {
  const hear = (isSo: (pod: Pod) => boolean) => hearFirst(pods, afterMs, (object) => isSo(readPod(object)));
  return known({
    scheduled: hear(({ scheduled }) => scheduled),
    pulled: hearPulled(pods, events, afterMs),
    started: hear(hasStarted),
  });
}

/** Without what was not heard of. */
export function known(heard: { readonly [M in keyof Heard]?: number | undefined }): Heard {
  return Object.fromEntries(Object.entries(heard).filter(([, atMs]) => atMs !== undefined));
}

/** All main containers run, or have: one that is short may end before anybody hears that it runs. */
export function hasRun({ containers }: Pod): boolean {
  const mains = containers.filter(({ role }) => role === "main");
  return mains.length > 0 && mains.every(({ state }) => state.kind === "running" || state.kind === "ended");
}

/** The kubelet tells of each image in an event. Who may not see events takes the start for it. */
function hearPulled(pods: readonly SeenChange[], events: readonly SeenChange[], afterMs: number): number | undefined {
  const byUid = new Map(pods.map(({ object }) => [object.metadata.uid, object]));
  const pulled = new Map<KubeObject, Map<string, number>>();
  for (const { object, atMs } of events) {
    const { about, reason } = readEvent(object);
    const pod = byUid.get(about.uid);
    if (pod === undefined || reason !== "Pulled" || atMs <= afterMs) continue;
    const images = pulled.get(pod) ?? new Map<string, number>();
    images.set(about.container, Math.min(atMs, images.get(about.container) ?? atMs));
    pulled.set(pod, images);
  }
  return earliest(
    [...pulled].map(([pod, images]) =>
      images.size >= readPod(pod).containers.length ? Math.max(...images.values()) : undefined,
    ),
  );
}
