import type { Served } from "./kinds.ts";
import { collectionOf, type Store } from "./store.ts";

/** What goes with what is deleted: a namespace's objects, what an object owned, the objects of a definition. */
export function collectGarbage(store: Store, kinds: () => readonly Served[]): void {
  store.listen(({ type, object, collection }) => {
    if (type !== "DELETED") return;
    const { uid, name } = object.metadata;
    const [group, resource] =
      collection === "apiextensions.k8s.io/customresourcedefinitions" ? [groupOf(object), pluralOf(object)] : [];
    const once = new Map(kinds().map((kind) => [collectionOf(kind), kind]));
    for (const kind of once.values()) {
      for (const { metadata } of store.list(kind)) {
        const owned = metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
        const inside = collection === "/namespaces" && metadata.namespace === name;
        const defined = kind.group === group && kind.resource === resource;
        if (owned || inside || defined) store.remove(kind, metadata.namespace, metadata.name);
      }
    }
  });
}

function groupOf(definition: { readonly [field: string]: unknown }): string {
  return (definition["spec"] as { readonly group: string }).group;
}

function pluralOf(definition: { readonly [field: string]: unknown }): string {
  return (definition["spec"] as { readonly names: { readonly plural: string } }).names.plural;
}
