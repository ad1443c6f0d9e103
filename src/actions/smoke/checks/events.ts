import type { KubeObject, ObjectKind, ObjectRef } from "../../../kubernetes/kube-object.ts";
import { oneLine } from "../../../rollout/one-line.ts";
import { textOf } from "../../../rollout/read-field.ts";
import { compareEvents, readEvent, type SeenEvent } from "../../../rollout/seen-event.ts";
import type { Events } from "../../../smoke/spec/checks/events.ts";
import type { Checker, Look } from "../look.ts";
import type { Scope } from "../scope.ts";

const EVENT: ObjectKind = { apiVersion: "v1", kind: "Event" };
const MOST_TOLD = 3;
const MOST_INVOLVED = 5;

interface Found {
  readonly object: KubeObject;
  readonly event: SeenEvent;
}

/** By then a watch has heard of nearly all that happens from the beginning of the smoke test on. */
const PROMPT_MS = 2_000;

/**
 * What Kubernetes has reported since the smoke test began: what the watch has told of since, so that no clock has to be
 * right. With `since`, and where the watch began late, also what was there before, by the times that events bear.
 */
export const eventsChecker: Checker<"events"> = {
  prepare: async ({ namespace }, scope) => {
    const place = namespace ?? scope.namespace;
    await scope.watches.changes(EVENT, place);
    if (scope.elapsed() <= PROMPT_MS) scope.memory.held.set(PROMPT + place, { end: async () => {} });
  },
  begin: (wanted, scope) => ({ look: () => look(wanted, scope) }),
};

/** Whose events are watched from the beginning. */
const PROMPT = "events of ";

async function look(wanted: Events, scope: Scope): Promise<Look> {
  const place = wanted.namespace ?? scope.namespace;
  const changes = await scope.watches.changes(EVENT, place);
  const since = wanted.since ?? (scope.memory.held.has(PROMPT + place) ? undefined : 0);
  const earliest = since === undefined ? undefined : scope.startedAt.getTime() - since;
  const newest = new Map<string, Found>();
  for (const { type, object, atMs } of changes) {
    if (type === "deleted") continue;
    const event = readEvent(object);
    const counts = atMs > 0 || (earliest !== undefined && event.lastAt >= earliest);
    if (counts && fits(event, wanted)) newest.set(event.uid, { object, event });
  }
  const found = [...newest.values()].toSorted((a, b) => compareEvents(a.event, b.event));
  const { state, expected } = judge(found.length, wanted);
  const told = found.slice(-MOST_TOLD).map(({ event }) => tell(event));
  const more = found.length > MOST_TOLD ? [`${found.length - MOST_TOLD} more`] : [];
  return {
    state,
    expected,
    seen: found.length === 0 ? "none" : `${found.length}: ${[...told, ...more].join("; ")}`,
    involved: listInvolved(found),
  };
}

function fits({ warning, reason, about }: SeenEvent, wanted: Events): boolean {
  const { involvedObject = {} } = wanted;
  return (
    warning === (wanted.type === "Warning") &&
    (wanted.reason === undefined || reason === wanted.reason) &&
    (involvedObject.kind === undefined || about.kind === involvedObject.kind) &&
    (involvedObject.name === undefined || about.name === involvedObject.name)
  );
}

/** What has happened has happened: too many will never be fewer. */
function judge(many: number, wanted: Events): Pick<Look, "state" | "expected"> {
  const { count, type, reason, involvedObject: about } = wanted;
  const whom = about === undefined ? "" : ` about ${[about.kind ?? "any", about.name].filter(Boolean).join("/")}`;
  const which = `${type} event${reason === undefined ? "" : ` ${reason}`}${whom}`;
  if (typeof count !== "number") {
    const least = count[">="];
    return { state: many >= least ? "holds" : "not-yet", expected: `at least ${least}: ${which}` };
  }
  const expected = `${count === 0 ? "no" : `${count}:`} ${which}`;
  return { state: many === count ? "holds" : many > count ? "never" : "not-yet", expected };
}

function tell({ about, reason, message, times }: SeenEvent): string {
  const container = about.container === "" ? "" : ` {${about.container}}`;
  return oneLine(`${about.kind}/${about.name}${container} ${reason} ${message}${times > 1 ? ` (×${times})` : ""}`);
}

function listInvolved(found: readonly Found[]): readonly ObjectRef[] {
  const refs = found.flatMap(({ object, event: { about } }): readonly ObjectRef[] => {
    const whom = object["involvedObject"] ?? object["regarding"];
    const apiVersion = textOf(whom, "apiVersion");
    // Of events that people make by hand the version may be missing.
    if (apiVersion === "" || about.name === "") return [];
    return [{ apiVersion, kind: about.kind, name: about.name, namespace: about.namespace || undefined }];
  });
  const distinct = new Map(refs.map((ref) => [JSON.stringify(ref), ref]));
  return [...distinct.values()].slice(-MOST_INVOLVED);
}
