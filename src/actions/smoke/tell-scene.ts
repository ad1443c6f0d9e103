import type { KubeObject, ObjectRef } from "../../kubernetes/kube-object.ts";
import { describeObject } from "../../rollout/describe-object.ts";
import { listEvents } from "../../rollout/list-events.ts";
import { textsOf } from "../../rollout/read-field.ts";
import { readEvent } from "../../rollout/seen-event.ts";
import type { EvidenceScene } from "./evidence-scene.ts";

/** How objects stand, pods last. */
export function tellStates({ objects, pods }: EvidenceScene): readonly string[] {
  const isLonely = (object: KubeObject): boolean =>
    pods.length === 0 && Object.keys(textsOf(object, "spec", "selector")).length > 0 && object.kind === "Service";
  const told = objects.map(
    (object) => describeObject(object) + (isLonely(object) ? "\n  no pod has these labels" : ""),
  );
  return [...told, ...pods.map(({ object }) => describeObject(object))];
}

/** What happened to the objects of a scene, oldest first; empty when nothing did. */
export function tellEvents({ at, events, about }: EvidenceScene, startedAt: Date): string {
  const telling = about === undefined ? events : events.filter((event) => about.some((ref) => isAbout(event, ref)));
  // What went wrong before the smoke test began explains as much: a pod that no node takes is told of once.
  const first = Math.min(startedAt.getTime(), ...telling.map((event) => readEvent(event).lastAt));
  const began = new Date(first);
  const lines = listEvents({ at, startedAt: began, wanted: [], objects: telling });
  return lines.length === 0 ? "" : [`since ${began.toISOString()}:`, ...lines].join("\n");
}

function isAbout(event: KubeObject, ref: ObjectRef): boolean {
  const { about } = readEvent(event);
  return about.kind === ref.kind && about.name === ref.name && about.namespace === (ref.namespace ?? about.namespace);
}
