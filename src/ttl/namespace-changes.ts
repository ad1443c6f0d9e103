import type { NamespaceFacts } from "./namespace.ts";

/**
 * What differs between a namespace as it was planned and as it is now, in words. As with groups, anything that somebody
 * has written on it since leaves it for the next run. That both are the same one is for the caller to see. Values are not repeated: an annotation may be of any length.
 */
export function listNamespaceChanges(planned: NamespaceFacts, live: NamespaceFacts): readonly string[] {
  return [
    ...compare("label", planned.labels, live.labels),
    ...compare("annotation", planned.annotations, live.annotations),
    ...(planned.deleting && !live.deleting ? ["it is not being deleted any more"] : []),
  ];
}

function compare(
  kind: "label" | "annotation",
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is) return [];
    if (was === undefined) return [`the ${kind} ${name} was added`];
    return [`the ${kind} ${name} was ${is === undefined ? "removed" : "changed"}`];
  });
}
