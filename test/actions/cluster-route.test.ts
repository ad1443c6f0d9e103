import { describe, expect, test } from "@jest/globals";
import { readRoute, requireDirect } from "../../src/actions/cluster-route.ts";
import { codeOf } from "../../src/kit/error-chain.ts";

const OWN = "/home/runner/work/_temp/mayfly-kubeconfig-1/config";
const EXPORTED = { KUBECONFIG: OWN, KUBE_CONFIG_PATH: OWN, MAYFLY_AKS_ROUTE: "run-command" };

describe("the way to the API server", () => {
  test("is the one that aks-set-context found", () => {
    expect(readRoute(EXPORTED, OWN)).toBe("run-command");
    expect(readRoute({ ...EXPORTED, MAYFLY_AKS_ROUTE: "direct" }, OWN)).toBe("direct");
    expect(readRoute(EXPORTED, undefined)).toBe("run-command");
    expect(readRoute(EXPORTED, `${OWN}:/home/runner/kind.yaml`)).toBe("run-command");
  });

  test("is direct for a kubeconfig of somebody else's, and without a word of any", () => {
    expect(readRoute(EXPORTED, "/home/runner/kind.yaml")).toBe("direct");
    expect(readRoute({}, undefined)).toBe("direct");
    expect(readRoute({ KUBECONFIG: OWN }, OWN)).toBe("direct");
  });

  test("is told by name, with what mends it, to who needs another", () => {
    expect(() => requireDirect("direct", "helm-deploy")).not.toThrow();
    let thrown: unknown;
    try {
      requireDirect("run-command", "helm-deploy");
    } catch (error) {
      thrown = error;
    }
    expect(codeOf(thrown)).toBe("route-needs-direct-cluster");
    expect(String(thrown)).toMatch(/run-command.*\n.*in the cluster's network.*\n.*route: direct/);
  });
});
