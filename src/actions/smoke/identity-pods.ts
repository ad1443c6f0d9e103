import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { listOf, textOf } from "../../rollout/read-field.ts";
import type { Scope } from "./scope.ts";

const POD = { apiVersion: "v1", kind: "Pod" } as const;
const USE = "azure.workload.identity/use";
/** Of the identity's federated credential, unless whoever wired the pods up chose another. */
const AUDIENCE = "api://AzureADTokenExchange";
const TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";

/** The pods that run as a service account, and are to go on. */
export async function listPodsOf(account: KubeObject, namespace: string, scope: Scope): Promise<readonly KubeObject[]> {
  const pods = await scope.watches.list(POD, namespace);
  return pods.filter(
    (pod) =>
      (textOf(pod, "spec", "serviceAccountName") || "default") === account.metadata.name &&
      pod.metadata.deletionTimestamp === undefined &&
      !["Succeeded", "Failed"].includes(textOf(pod, "status", "phase")),
  );
}

/**
 * What keeps a pod from logging in to Azure. Azure's webhook gives pods with a label of their own what the SDKs look for;
 * whoever wires a pod up by hand needs no label.
 * https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
export function listFaults(pod: KubeObject, clientId: string): readonly string[] {
  const { name, labels } = pod.metadata;
  const skipped = (pod.metadata.annotations?.["azure.workload.identity/skip-containers"] ?? "").split(/[;,\s]+/);
  const containers = listOf(pod, "spec", "containers").filter((each) => !skipped.includes(textOf(each, "name")));
  const wired = containers.filter((container) => findVariable(container, TOKEN_FILE) !== undefined);
  if (containers.length > 0 && wired.length === 0) {
    if (labels?.[USE] !== "true") return [`pod ${name} gets no token: it lacks the label ${USE}: "true"`];
    return [
      `pod ${name} has the label ${USE} and no ${TOKEN_FILE}: Azure's webhook did not see it, so workload identity is off in the cluster, or the pod is older than the annotation of its account`,
    ];
  }
  if (findToken(pod) === undefined) return [`pod ${name} has ${TOKEN_FILE} and no volume with a token in it`];
  return wired.flatMap((container) => {
    const own = findVariable(container, "AZURE_CLIENT_ID");
    if (own === undefined || own === "" || own.toLowerCase() === clientId.toLowerCase()) return [];
    return [
      `pod ${name} logs in as ${own} instead of ${clientId}: it is older than the annotation of its account, or sets AZURE_CLIENT_ID itself`,
    ];
  });
}

/** The audience of the tokens that pods are given. */
export function readAudience(pods: readonly KubeObject[]): string {
  return pods.map(findToken).find((audience) => audience !== undefined && audience !== "") ?? AUDIENCE;
}

/** The audience of a token for Entra among a pod's volumes: any but the one of the API server. */
function findToken(pod: KubeObject): string | undefined {
  const sources = listOf(pod, "spec", "volumes").flatMap((volume) => listOf(volume, "projected", "sources"));
  return sources.map((source) => textOf(source, "serviceAccountToken", "audience")).find((audience) => audience !== "");
}

/** Empty where it is set from elsewhere. */
function findVariable(container: unknown, name: string): string | undefined {
  const found = listOf(container, "env").find((each) => textOf(each, "name") === name);
  return found === undefined ? undefined : textOf(found, "value");
}
