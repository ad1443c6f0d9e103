import type { AskApi } from "../ask-api.ts";

/** What every object of Kubernetes says of itself. */
export interface KubernetesObject {
  readonly [field: string]: unknown;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Where an object is, for kinds whose plural is regular: all that add-ons are made of. */
export function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${kind.toLowerCase()}s/${metadata.name}`;
}

/** Makes an object or changes it, as `kubectl apply --server-side` does, without kubectl's second of looking around. */
export async function applyObject(api: AskApi, object: KubernetesObject): Promise<void> {
  const path = `${pathOf(object)}?fieldManager=mayfly&force=true`;
  const { status, text } = await api(path, { method: "PATCH", type: "application/apply-patch+yaml", body: object });
  if (status !== 200 && status !== 201)
    throw new Error(`${path} could not be made: the API server answered ${status}: ${text}`);
}
