import type { HelmScene } from "./helm-scene.ts";

/** Lets a policy of the cluster refuse Deployments of this namespace with the label `forbidden`. */
export async function denyForbidden({ cluster }: HelmScene, namespace: string): Promise<void> {
  const matchLabels = { "kubernetes.io/metadata.name": namespace };
  const rule = {
    apiGroups: ["apps"],
    apiVersions: ["v1"],
    operations: ["CREATE", "UPDATE"],
    resources: ["deployments"],
  };
  const policy = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: namespace },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: { resourceRules: [rule], namespaceSelector: { matchLabels } },
      validations: [
        {
          expression: "!has(object.metadata.labels) || !('forbidden' in object.metadata.labels)",
          message: "no label forbidden, please",
        },
      ],
    },
  };
  const binding = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: namespace },
    spec: { policyName: namespace, validationActions: ["Deny"] },
  };
  const list = { apiVersion: "v1", kind: "List", items: [policy, binding] };
  await cluster.kubectlWith(JSON.stringify(list), "apply", "-f", "-");
  // It counts a moment later.
  const label = ["label", "deployment", "shop", "forbidden=yes", "-n", namespace, "--dry-run=server"];
  while (
    await cluster.kubectl(...label).then(
      () => true,
      () => false,
    )
  ) {
    await new Promise((again) => setTimeout(again, 200));
  }
}

/** Takes away what the policies of a scene's namespaces are. */
export async function removePolicies({ cluster }: HelmScene, namespaces: readonly string[]): Promise<void> {
  const kinds = "validatingadmissionpolicybindings,validatingadmissionpolicies";
  await cluster.kubectl("delete", kinds, ...namespaces, "--ignore-not-found");
}
