import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, text } from "../../kit/input.ts";
import { azureInputs } from "../azure-inputs.ts";
import { clusterForm, clusterGroup } from "../cluster-inputs.ts";
import { words } from "../input-words.ts";

export const spec = defineAction({
  name: "AKS set context",
  description:
    "Writes a kubeconfig for an AKS cluster whose credential renews itself for the whole job: no az, no kubelogin, no admin account. Then proves that it works, or says why not.",
  inputs: {
    ...azureInputs,
    cluster: text({ ...clusterForm, required: true }),
    "resource-group": clusterGroup,
    namespace: text({
      pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      expected: "1 to 63 lower-case letters, digits and hyphens",
      description: words.namespace,
    }),
    "context-name": text({
      pattern: /^[^\s\p{C}]{1,253}$/u,
      expected: "a name without spaces",
      description: "What the context is called in the kubeconfig; as the cluster when left out.",
    }),
    route: choice(
      "auto",
      "direct",
      "run-command",
    )({
      description:
        "The way to the API server. `direct`: from this runner. `run-command`: by commands that Azure runs in the cluster, which need no network. `auto`: direct where it answers, else run-command.",
      default: "auto",
    }),
    "server-fqdn": choice(
      "auto",
      "public",
      "private",
    )({
      description: "Which of its names a private cluster is called by. `auto` is the private one.",
      default: "auto",
    }),
    admin: flag({
      description:
        "Writes the credential of the local admin account instead, which ends only with the cluster's certificates. For emergencies.",
      default: "false",
    }),
    export: flag({
      description:
        "Sets KUBECONFIG and KUBE_CONFIG_PATH for later steps, and tells other actions which cluster this is.",
      default: "true",
    }),
    "access-timeout": duration({
      description:
        "How long to wait for an API server that does not answer yet, and for a role that was given only now.",
      default: "2m",
      min: "0s",
      max: "1h",
    }),
  },
  outputs: {
    kubeconfig: "Path of the kubeconfig. It goes with the job.",
    context: "What the context is called.",
    server: "The API server's address.",
    "cluster-id": "The cluster's resource id.",
    "kubernetes-version": "The cluster's version, such as `1.36.3`.",
    "oidc-issuer": "Who issues the tokens of its service accounts, with the slash at its end; empty without one.",
    "kubelet-object-id": "Object id of the identity that its nodes pull images with.",
    "node-resource-group": "The resource group of its nodes.",
    private: "Whether its API server is private.",
    auth: "Who decides: `aad-azure-rbac` (roles of Azure), `aad-rbac` (roles in the cluster) or `local` (no Entra).",
    "keda-addon": "Whether AKS runs KEDA in it.",
    route: "`direct` or `run-command`.",
  },
  post: true,
});
