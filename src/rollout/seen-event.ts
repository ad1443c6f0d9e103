import type { KubeObject } from "../kubernetes/kube-object.ts";
import { scrub } from "./one-line.ts";
import { countOf, textOf, timeOf } from "./read-field.ts";
import { remember } from "./remember.ts";

/** An event of either API (`v1`, `events.k8s.io/v1`), in one form. */
export interface SeenEvent {
  readonly uid: string;
  /** Whom it is about. */
  readonly about: {
    readonly uid: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    /** `main` of `spec.containers{main}`; empty when it is about the whole. */
    readonly container: string;
  };
  readonly warning: boolean;
  readonly reason: string;
  readonly message: string;
  readonly times: number;
  /** Milliseconds; 0 when nobody says. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Reads an event. The scheduler's, and KEDA's, have `eventTime` alone: no count, no first and last time. */
export const readEvent = remember((object: KubeObject): SeenEvent => {
  const about = object["involvedObject"] ?? object["regarding"];
  const at = timeOf(object, "eventTime") ?? timeOf(object, "metadata", "creationTimestamp") ?? 0;
  const firstAt = timeOf(object, "firstTimestamp") ?? timeOf(object, "deprecatedFirstTimestamp") ?? at;
  const last = [
    timeOf(object, "series", "lastObservedTime"),
    timeOf(object, "lastTimestamp"),
    timeOf(object, "deprecatedLastTimestamp"),
  ].filter((time) => time !== undefined);
  return {
    uid: object.metadata.uid ?? object.metadata.name,
    about: {
      uid: textOf(about, "uid"),
      kind: textOf(about, "kind"),
      namespace: textOf(about, "namespace"),
      name: textOf(about, "name"),
      container: /\{([^}]*)\}/.exec(textOf(about, "fieldPath"))?.[1] ?? "",
    },
    warning: textOf(object, "type") === "Warning",
    reason: textOf(object, "reason"),
    message: scrub(textOf(object, "message") || textOf(object, "note")).replace(
      /^\(combined from similar events\): /,
      "",
    ),
    times: countOf(object, "series", "count") ?? countOf(object, "count") ?? countOf(object, "deprecatedCount") ?? 1,
    firstAt,
    lastAt: Math.max(firstAt, ...last),
  };
});

/** Older before newer; what came at the same moment in an order that is always the same. */
export function compareEvents(a: SeenEvent, b: SeenEvent): number {
  return (
    a.lastAt - b.lastAt ||
    a.firstAt - b.firstAt ||
    compareTexts(a.reason + a.message + a.uid, b.reason + b.message + b.uid)
  );
}

/** By code units: the same on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
