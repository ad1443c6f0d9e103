import type { ObjectRef } from "../kubernetes/kube-object.ts";
import { oneLine } from "./one-line.ts";
import { compareEvents, compareTexts, readEvent, type SeenEvent } from "./seen-event.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The events of a rollout, a line each, oldest first: `12.0s  Warning  Pod/api-7c9-x2 {main}  BackOff  Back-off … (×4)`.
 * The seconds are those since the rollout began. Events that differ in their object's random name alone, as of the pods
 * of one ReplicaSet, are one line.
 *
 * @param about only those of one object
 */
export function listEvents({ objects, startedAt }: Snapshot, about?: ObjectRef): readonly string[] {
  const began = startedAt.getTime();
  const events = objects
    .filter(({ kind }) => kind === "Event")
    .map(readEvent)
    .filter((event) => event.lastAt >= began - SKEW_MS && (about === undefined || isAbout(event, about)))
    .toSorted(compareEvents);
  const folded = [...Map.groupBy(events, nameFold).values()]
    .map(fold)
    .toSorted((a, b) => a.at - b.at || compareTexts(a.text, b.text));
  return folded.map(({ at, warning, text }) =>
    [`${Math.max(0, (at - began) / 1_000).toFixed(1)}s`.padStart(8), warning ? "Warning" : "Normal ", text].join("  "),
  );
}

const SKEW_MS = 5_000;

interface Line {
  readonly at: number;
  readonly warning: boolean;
  readonly text: string;
}

function fold(events: readonly SeenEvent[]): Line {
  const [first] = events;
  if (first === undefined) return { at: 0, warning: false, text: "" };
  const { about, reason, message, warning } = first;
  const times = events.reduce((sum, event) => sum + event.times, 0);
  const others = new Set(events.map((event) => event.about.name)).size - 1;
  const object = `${about.kind}/${about.name}${others > 0 ? ` and ${others} more` : ""}`;
  const container = about.container === "" ? "" : ` {${about.container}}`;
  const text = `${object}${container}  ${reason}  ${oneLine(message)}${times > 1 ? ` (×${times})` : ""}`;
  return { at: Math.min(...events.map(({ firstAt }) => firstAt)), warning, text };
}

/** What two events have in common that tell the same. */
function nameFold({ about, reason, message, warning }: SeenEvent): string {
  const plain = about.name === "" ? message : message.replaceAll(about.name, "…");
  const owner = about.kind === "Pod" ? about.name.replace(/-[a-z0-9]{5}$/, "") : about.name;
  const family = owner === "" ? plain : plain.replaceAll(owner, "…");
  return JSON.stringify([
    about.kind,
    about.namespace,
    owner,
    about.container,
    reason,
    warning,
    family.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…"),
  ]);
}

function isAbout({ about }: SeenEvent, ref: ObjectRef): boolean {
  return about.kind === ref.kind && about.name === ref.name && (ref.namespace ?? about.namespace) === about.namespace;
}
