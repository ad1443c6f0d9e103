import type { Barriers, GroupFacts } from "./facts.ts";
import { decideFate, type Fate, type Policy } from "./fate.ts";
import type { NamespaceFacts } from "./namespace.ts";
import { EXPIRY, findTag, MARK, type Tag } from "./tags.ts";

/**
 * Namespaces that belong to a cluster itself or to what Azure puts into it. No input takes them off this list: a label
 * on all namespaces at once (`kubectl label namespace --all`) is one mistake away.
 */
export const SYSTEM_NAMESPACES = [
  "default",
  "kube-*",
  "aks-command",
  "aks-istio-*",
  "gatekeeper-system",
  "calico-system",
  "tigera-operator",
  "azure-arc",
  "app-routing-system",
  "flux-system",
  "dapr-system",
] as const;

/**
 * Decides what should happen to a group, or to a namespace in its shape, at a moment: by the same rules. Any doubt keeps
 * it; `expired` is the only answer that lets it be deleted.
 */
export function decideEnd(group: GroupFacts, barriers: Barriers, policy: Policy, now: Date): Fate {
  const { namespace } = group;
  if (namespace === undefined) return decideFate(group, barriers, policy, now);
  const guarded = { ...policy, protectedNames: [...SYSTEM_NAMESPACES, ...policy.protectedNames] };
  const fate = decideFate(group, { locks: [], denyAssignments: [] }, guarded, now);
  if (fate.kind === "ignore" && fate.because === "out-of-scope") return fate;
  return doubtPlaces(namespace, fate) ?? fate;
}

/** A mark or a date where it does not count: whoever wrote it there meant something by it. */
function doubtPlaces({ labels, annotations }: NamespaceFacts, fate: Fate): Fate | undefined {
  const mark = findTag(annotations, MARK);
  if (mark.kind !== "absent" && !agrees(mark, findTag(labels, MARK))) {
    const names = mark.kind === "found" ? [mark.name] : mark.names;
    const meant = mark.kind === "found" && says(mark) === "true" ? "true" : "false";
    const because = `${names.join(", ")} is an annotation, and only the label ${MARK} counts`;
    return { ...odd(because), mend: { [MARK]: meant }, misplaced: names };
  }
  const date = findTag(labels, EXPIRY);
  if (date.kind === "absent" || fate.kind === "ignore") return undefined;
  const names = date.kind === "found" ? [date.name] : date.names;
  const because = `${names.join(", ")} is a label, which cannot hold a time, and only the annotation ${EXPIRY} counts`;
  const { mend = undefined, remove = undefined } = fate.kind === "keep" ? fate : {};
  return {
    ...odd(because),
    ...(mend === undefined ? {} : { mend }),
    ...(remove === undefined ? {} : { remove }),
    misplaced: names,
  };
}

/** Said twice and the same, or said no where nobody said yes: nothing else can have been meant. */
function agrees(annotation: Tag, label: Tag): boolean {
  return annotation.kind === "found" && says(annotation) === (label.kind === "absent" ? "false" : says(label));
}

function says(tag: Tag): string | undefined {
  return tag.kind === "found" ? tag.value.trim().toLowerCase() : undefined;
}

function odd(because: string) {
  return { kind: "keep", reason: "odd", because } as const;
}
