import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import { isObject, type Json } from "./field-paths.ts";
import type { Served } from "./kinds.ts";

let addresses = 0;

/** The few fields that the API server fills in and that clients wait for. */
export function admit({ group, kind }: Served, object: KubeObject): KubeObject {
  if (kind === "Namespace" && group === "") {
    const labels = { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name };
    return {
      ...object,
      metadata: { ...object.metadata, labels },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    };
  }
  if (kind === "Secret" && isObject(object["stringData"])) {
    const { stringData, ...rest } = object;
    const encoded = Object.entries(stringData as Json).map(([name, value]) => [
      name,
      Buffer.from(String(value)).toString("base64"),
    ]);
    return { ...rest, data: { ...(object["data"] as Json | undefined), ...Object.fromEntries(encoded) } } as KubeObject;
  }
  if (kind === "Service" && isObject(object["spec"]) && object["spec"]["clusterIP"] === undefined) {
    addresses += 1;
    return {
      ...object,
      spec: { type: "ClusterIP", ...object["spec"], clusterIP: `10.96.${addresses >> 8}.${addresses & 255}` },
    };
  }
  if (kind === "CustomResourceDefinition") {
    const { spec } = object as unknown as {
      readonly spec: { readonly names: Json; readonly versions: readonly Json[] };
    };
    const conditions = ["NamesAccepted", "Established"].map((type) => ({
      type,
      status: "True",
      reason: "Accepted",
      message: "",
    }));
    return {
      ...object,
      status: { acceptedNames: spec.names, conditions, storedVersions: spec.versions.map(({ name }) => name) },
    };
  }
  return object;
}
