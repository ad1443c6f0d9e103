import { describe, expect, test } from "@jest/globals";
import { REAPER } from "../../../src/actions/clusters/explain-namespace-denial.ts";
import { type ClusterWorld, openCluster } from "../../../src/actions/clusters/open-cluster.ts";
import type { ClusterFacts } from "../../../src/azure/managed-clusters.ts";
import type { ClusterAddress } from "../../../src/kubernetes/connect-cluster-at.ts";

const PLACE = { subscriptionId: "s", resourceGroup: "rg", name: "aks" };
const FACTS: ClusterFacts = {
  ...PLACE,
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks",
  location: "westeurope",
  provisioningState: "Succeeded",
  stopped: false,
  version: "1.36.3",
  private: false,
  fqdn: "aks.hcp.westeurope.azmk8s.io",
  privateFqdn: undefined,
  authorizedRanges: [],
  runCommandDisabled: false,
  auth: "aad-azure-rbac",
  localAccountsDisabled: true,
  oidcIssuer: undefined,
  workloadIdentity: false,
  keda: false,
  kubelet: undefined,
  nodeResourceGroup: "MC_x",
};
const CA = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n";
const LOCAL = JSON.stringify({
  clusters: [
    {
      name: "aks",
      cluster: { server: "https://aks:443", "certificate-authority-data": Buffer.from(CA).toString("base64") },
    },
  ],
  users: [{ name: "u", user: { token: "local-token-5d2c" } }],
  contexts: [{ name: "aks", context: { cluster: "aks", user: "u" } }],
  "current-context": "aks",
});

function worldOf(facts: Partial<ClusterFacts>, fault: ReturnType<ClusterWorld["readFault"]>, kubeconfig = LOCAL) {
  const seen = { masked: [] as string[], addresses: [] as ClusterAddress[], mirrors: 0 };
  const world: ClusterWorld = {
    visitor: REAPER,
    clusters: {
      require: async () => ({ ...FACTS, ...facts }),
      readEntrance: async () => ({ server: "https://aks:443", certificateAuthority: CA }),
      readUserKubeconfig: async () => kubeconfig,
    },
    token: async () => "token",
    mask: (secret) => void seen.masked.push(secret),
    connect: (address) => {
      seen.addresses.push(address);
      return {
        list: async () => [],
        find: async () => undefined,
        annotate: async () => undefined,
        remove: async () => "gone",
      };
    },
    readFault: () => fault,
    findObjectId: async () => "oid-1",
    findEgressAddress: async () => {
      seen.mirrors += 1;
      return "198.51.100.7";
    },
  };
  return { world, seen };
}

const REFUSED = (status: number) => ({ kind: "refused", status, message: "said so" }) as const;
const SILENT = { kind: "silent", because: "no answer in time (ETIMEDOUT)" } as const;

describe("a cluster that is opened for a sweep", () => {
  test("is asked with the job's own token, and nothing is read that holds a credential", async () => {
    const { world, seen } = worldOf({}, SILENT);
    await openCluster(PLACE, world);
    expect(seen.addresses).toEqual([
      { name: "aks", server: "https://aks:443", certificateAuthority: CA, credential: world.token },
    ]);
    expect(seen.masked).toEqual([]);
  });

  test("without Entra is asked with its local account, masked first", async () => {
    const { world, seen } = worldOf({ auth: "local" }, SILENT);
    await openCluster(PLACE, world);
    expect(seen.masked).toEqual(["local-token-5d2c"]);
    expect(seen.addresses[0]?.credential).toEqual({ token: "local-token-5d2c" });
  });

  test("without Entra and without a credential is refused, and its kubeconfig is not quoted", async () => {
    const { world } = worldOf({ auth: "local" }, SILENT, LOCAL.replace("token", "nothing"));
    await expect(openCluster(PLACE, world)).rejects.toMatchObject({
      code: "cluster-credential-unreadable",
      message: expect.not.stringContaining("5d2c"),
    });
  });

  test.each([
    [{ stopped: true }, "cluster-stopped"],
    [{ provisioningState: "Deleting" }, "cluster-busy"],
  ])("%j is %s", async (facts, code) => {
    await expect(openCluster(PLACE, worldOf(facts, SILENT).world)).rejects.toMatchObject({ code });
  });

  const RANGES = { authorizedRanges: ["203.0.113.0/24"] };
  test.each<readonly [string, Partial<ClusterFacts>, ReturnType<ClusterWorld["readFault"]>, string, string]>([
    ["401", {}, REFUSED(401), "cluster-login-failed", "tenantId"],
    ["403", {}, REFUSED(403), "cluster-access-denied", "--assignee-object-id oid-1"],
    ["403, roles of its own", { auth: "aad-rbac" }, REFUSED(403), "cluster-access-denied", "--user=oid-1"],
    ["503", {}, REFUSED(503), "cluster-unreachable", "HTTP 503 came instead: said so"],
    ["silence", {}, SILENT, "cluster-unreachable", "az aks show"],
    ["silence, private", { private: true }, SILENT, "cluster-private", "self-hosted runner"],
    ["silence, ranges", RANGES, SILENT, "runner-not-authorized", "203.0.113.0/24,198.51.100.7"],
  ])("that answers with %s is told with what mends it", async (_, facts, fault, code, line) => {
    const { world, seen } = worldOf(facts, fault);
    const error = await (await openCluster(PLACE, world)).explain(new Error("x"));
    expect(error).toMatchObject({ code, message: expect.stringContaining(line) });
    // An input that this action does not have.
    expect(error).toMatchObject({ message: expect.not.stringContaining("run-command") });
    expect(seen.mirrors).toBe(facts.authorizedRanges === undefined ? 0 : 1);
  });
});
