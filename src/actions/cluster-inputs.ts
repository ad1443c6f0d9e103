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

/** The inputs of an action that works in any cluster, by a kubeconfig. */
export const clusterInputs = {
  namespace: text({ ...namespaceForm, description: words.namespace }),
  kubeconfig: text({
    description: "Path of a kubeconfig; KUBECONFIG when left out, as `aks-set-context` exports it.",
    env: "KUBECONFIG",
  }),
  "kube-context": text({ description: "The context in the kubeconfig; the current one when left out." }),
} as const;
