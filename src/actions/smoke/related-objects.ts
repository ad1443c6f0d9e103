import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { remember } from "../../rollout/remember.ts";
import { readEvent } from "../../rollout/seen-event.ts";

type Objects = readonly KubeObject[];

/** What others own, and so belongs to somebody: of the rest all counts, such as claims and autoscalers. */
const OWNED = /^(?:Pod|ReplicaSet|ControllerRevision|Job|Deployment|StatefulSet|DaemonSet)$/;

/**
 * Of some lists what tells of some objects: themselves, what they own, directly or not, and what happened to those.
 *
 * A namespace has thousands of objects, and a hundred checks look at it with each change. Lists stay the same until a
 * change, so that each is put in order only once for all of them.
 */
export function pickRelated(objects: Objects, lists: readonly Objects[]): Objects {
  const picked = new Set(objects);
  const events: Objects[] = [];
  const owned: Objects[] = [];
  for (const list of lists) {
    const kind = list[0]?.kind ?? "";
    if (kind === "Event") events.push(list);
    else if (OWNED.test(kind)) owned.push(list);
    else for (const object of list) picked.add(object);
  }
  // What is added is visited, too.
  for (const { metadata } of picked) {
    for (const list of owned) for (const object of listBy(indexOwners(list), metadata.uid)) picked.add(object);
  }
  const about = [...picked].flatMap(({ metadata }) =>
    events.flatMap((list) => listBy(indexEvents(list), metadata.uid)),
  );
  return [...picked, ...about];
}

const indexOwners = remember((list: Objects) =>
  Map.groupBy(list, ({ metadata: { ownerReferences: owners = [] } }) => {
    const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
    return owner?.uid;
  }),
);

const indexEvents = remember((list: Objects) =>
  Map.groupBy(list, (event): string | undefined => readEvent(event).about.uid),
);

function listBy(index: ReadonlyMap<string | undefined, Objects>, uid: string | undefined): Objects {
  return uid === undefined ? [] : (index.get(uid) ?? []);
}
