import type { Json } from "../wire.ts";
import { parseResourceId, type ResourceId, within } from "./resource-id.ts";

/** One resource: where it is, and its body as ARM would show it, without id, name and type. */
export interface ResourceDocument extends ResourceId {
  body: Json;
}

/** Everything in ARM, by case-insensitive id. */
export interface Store {
  find(id: string): ResourceDocument | undefined;
  /** Keeps the id's first casing when the document is there already. @throws Error for what is no resource id */
  put(id: string, body: Json): ResourceDocument;
  remove(id: string): void;
  /** The documents of a type within a scope, by key in alphabetical order where `sorted`. */
  list(type: string, scope: string): readonly ResourceDocument[];
  /** Whatever lies below a scope, not the scope itself. */
  below(scope: string): readonly ResourceDocument[];
  /** Counts up with each change: lets others keep what they derived. */
  readonly version: number;
  readonly size: number;
}

/** Indexed by subscription and type, since lists ask for one type of one subscription. */
export function createStore(): Store {
  const all = new Map<string, ResourceDocument>();
  const index = new Map<string, Map<string, Map<string, ResourceDocument>>>();
  let version = 0;

  const shelf = (document: ResourceId) => {
    const subscription = document.subscriptionId?.toLowerCase() ?? "";
    const types = index.get(subscription) ?? new Map<string, Map<string, ResourceDocument>>();
    index.set(subscription, types);
    const type = document.type.toLowerCase();
    const documents = types.get(type) ?? new Map<string, ResourceDocument>();
    types.set(type, documents);
    return documents;
  };
  const shelves = (scope: string) => {
    const subscription = /^\/subscriptions\/([^/]+)/.exec(scope)?.[1];
    return subscription === undefined
      ? [...index.values()]
      : [index.get(subscription) ?? new Map<string, Map<string, ResourceDocument>>()];
  };

  return {
    get version() {
      return version;
    },
    get size() {
      return all.size;
    },
    find: (id) => all.get(id.toLowerCase()),
    put: (id, body) => {
      const parsed = parseResourceId(id);
      if (parsed === undefined) throw new Error(`"${id}" is no resource id`);
      version += 1;
      const known = all.get(parsed.key);
      if (known !== undefined) {
        known.body = body;
        return known;
      }
      const document = { ...parsed, body };
      all.set(parsed.key, document);
      shelf(document).set(parsed.key, document);
      return document;
    },
    remove: (id) => {
      const document = all.get(id.toLowerCase());
      if (document === undefined) return;
      version += 1;
      all.delete(document.key);
      shelf(document).delete(document.key);
    },
    list: (type, scope) => {
      const root = scope.toLowerCase();
      const found = shelves(root).flatMap((types) => [...(types.get(type.toLowerCase())?.values() ?? [])]);
      return found.filter(({ key }) => within(root, key));
    },
    below: (scope) => {
      const root = scope.toLowerCase();
      const found = shelves(root).flatMap((types) =>
        [...types.values()].flatMap((documents) => [...documents.values()]),
      );
      return found.filter(({ key }) => key !== root && within(root, key));
    },
  };
}

/** The document as ARM shows it. */
export function present({ id, name, type, body }: ResourceDocument): Json {
  return { id, name, type, ...body };
}
