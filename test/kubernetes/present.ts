import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import type { Json } from "./field-paths.ts";
import { apiVersionOf } from "./kinds.ts";
import type { Target } from "./request-path.ts";

/** The version of its kind that was asked for: an Event is kept once and told in two forms. */
export function present({ kind }: Target, object: KubeObject): KubeObject {
  const told = { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
  if (kind.kind !== "Event" || object.apiVersion === told.apiVersion) return told;
  const { involvedObject, message, regarding, note, ...rest } = told as KubeObject & Json;
  return kind.group === ""
    ? ({ ...rest, involvedObject: regarding, message: note } as KubeObject)
    : ({ ...rest, regarding: involvedObject, note: message } as KubeObject);
}

/** A list of them, or one. */
export function presentAll(target: Target, body: unknown): unknown {
  const { items } = body as { readonly items?: readonly KubeObject[] };
  if (Array.isArray(items)) return { ...(body as Json), items: items.map((item) => present(target, item)) };
  return present(target, body as KubeObject);
}
