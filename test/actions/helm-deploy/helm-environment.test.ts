import { expect, test } from "@jest/globals";
import { makeHelmEnvironment } from "../../../src/actions/helm-deploy/helm-environment.ts";

const OWN = { kubeconfig: "/temp/kubeconfig", registryConfig: "/temp/registry.json" };

test("helm gets the job's environment, and is led to the cluster that was looked at", () => {
  const made = makeHelmEnvironment(
    { PATH: "/bin", KUBECONFIG: "/other", ACTIONS_ID_TOKEN_REQUEST_URL: "https://x" },
    OWN,
  );

  expect(made).toEqual({
    PATH: "/bin",
    // The kubeconfig's plugin asks GitHub by it.
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://x",
    KUBECONFIG: "/temp/kubeconfig",
    HELM_REGISTRY_CONFIG: "/temp/registry.json",
    NO_COLOR: "1",
  });
});

test.each([
  "HELM_NAMESPACE",
  "HELM_KUBECONTEXT",
  "HELM_KUBETOKEN",
  "HELM_KUBEAPISERVER",
  "HELM_DRIVER",
  "HELM_DEBUG",
  "INPUT_SECRET-VALUES",
  "STATE_folder",
  "ACTIONS_RUNTIME_TOKEN",
])("%s is none of helm's business", (name) => {
  expect(makeHelmEnvironment({ [name]: "x" }, OWN)).not.toHaveProperty([name]);
});

test("a login to a registry that was made before stays in force", () => {
  expect(makeHelmEnvironment({ HELM_REGISTRY_CONFIG: "/mine" }, OWN)).toMatchObject({ HELM_REGISTRY_CONFIG: "/mine" });
});
