import { text } from "../kit/input.ts";
import { words } from "./input-words.ts";

/** What a namespace is called. */
export const namespaceForm = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  expected: "1 to 63 lower-case letters, digits and hyphens",
} as const;

/** What a release of helm is called. */
export const releaseForm = {
  pattern: /^[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?$/,
  expected: "1 to 53 lower-case letters, digits, hyphens and dots",
  description: "The release's name.",
} as const;

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const NAME = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";
const GROUP = "[\\p{L}\\p{N}_.()-]{0,89}[\\p{L}\\p{N}_()-]";
const ID = `/subscriptions/[0-9a-f-]{36}/resourceGroups/${GROUP}/providers/Microsoft\\.ContainerService/managedClusters/${NAME}`;

/** How a cluster of AKS is named, for inputs made from it. */
export const clusterForm = {
  pattern: new RegExp(`^(?:${NAME}|${ID})$`, "iu"),
  expected: "a cluster's name (letters, digits, - and _) or its resource id",
  description: words.cluster,
} as const;

/** The group of a cluster that is named without it. */
export const clusterGroup = text({
  pattern: new RegExp(`^${GROUP}$`, "u"),
  expected: "a resource group's name",
  description: words["resource-group"],
});

/** The inputs of an action that works in any cluster, by a kubeconfig. */
export const clusterInputs = {
  namespace: text({ ...namespaceForm, description: words.namespace }),
  kubeconfig: text({
    description: "Path of a kubeconfig; KUBECONFIG when left out, as `aks-set-context` exports it.",
    env: "KUBECONFIG",
  }),
  "kube-context": text({ description: "The context in the kubeconfig; the current one when left out." }),
} as const;
