import type { Explained } from "./fault-row.ts";

interface Conflict {
  readonly manager: string;
  readonly subresource: string;
  readonly fields: readonly string[];
}

/** What server-side apply says of fields that somebody else manages: who, and which. */
export function describeConflicts(
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string },
  text: string,
): Explained {
  const conflicts = readConflicts(text);
  const what = name === "" ? "the object" : `${kind === "" ? "" : `${kind}/`}${name}`;
  const who = conflicts.map(({ manager, fields }) => `${fields.join(", ")} of ${what} belongs to ${manager}`);
  const scaled = conflicts.some(
    ({ fields, subresource }) => fields.includes(".spec.replicas") || subresource === "scale",
  );
  return {
    message: who.length === 0 ? `Somebody else manages fields of ${what}` : who.join("; "),
    fix: scaled
      ? "leave replicas out of the template where an autoscaler sets it ({{- if not .Values.autoscaling.enabled }}), or conflicts: force, which takes it back with each deployment"
      : "leave these fields out of the chart, or conflicts: force, which takes them",
    ...(name === "" ? {} : { object: { kind, name, ...(namespace === "" ? {} : { namespace }) } }),
  };
}

/** One manager with one field on its line, or with several on lines below. */
function readConflicts(text: string): readonly Conflict[] {
  const heads = [...text.matchAll(/conflicts? with "([^"]+)"(?: with subresource "([^"]+)")?/g)];
  return heads.map((head, index) => {
    const part = text.slice(head.index, heads[index + 1]?.index ?? text.length);
    const fields = [...part.matchAll(/(?:: |^- |\n- )(\.[^\s,]+)/g)].map(([, field = ""]) => field);
    return { manager: head[1] ?? "", subresource: head[2] ?? "", fields };
  });
}
