import { describe, expect, test } from "@jest/globals";
import type { AzureWorld } from "../../../src/actions/helm-deploy/world.ts";
import type { ClusterFacts } from "../../../src/azure/managed-clusters.ts";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { act, type Outcome } from "./act.ts";
import { deployment, document, SHOP } from "./fake/charts.ts";
import { WORKSPACE } from "./fake/files.ts";
import { createScene, NAMESPACE, type Scene } from "./fake-world.ts";
import type { Given } from "./inputs.ts";

const ID = "33333333-3333-4333-8333-333333333333";
const ISSUER = "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/";
const SUBJECT = `system:serviceaccount:${NAMESPACE}:api`;

/** Azure as it is when all is well. */
function azure(more: Partial<AzureWorld> = {}): AzureWorld {
  return {
    findImage: async () => ({ digest: `sha256:${"a".repeat(64)}`, platforms: ["linux/amd64"] }),
    listTags: async () => ["1", "2"],
    findLogin: async () => undefined,
    readCluster: async () => ({ oidcIssuer: ISSUER }) as ClusterFacts,
    readPullRight: async () => ({ kind: "granted", because: "AcrPull" }),
    listFederated: async () => ({
      kind: "found",
      identityId: "/identity",
      subjects: [{ name: "pr-12", issuer: ISSUER, subject: SUBJECT, audiences: ["api://AzureADTokenExchange"] }],
    }),
    ...more,
  };
}

function addNode(scene: Scene, arch: string): void {
  const labels = { "kubernetes.io/os": "linux", "kubernetes.io/arch": arch };
  scene.cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: `node-${arch}`, labels } });
}

/** An account with the identity, and pods that have or lack the label of Azure's webhook. */
function withIdentity(label: boolean): string {
  const account = `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api, annotations: {azure.workload.identity/client-id: ${ID}}}`;
  const pods = deployment("api", label ? { labels: 'azure.workload.identity/use: "true"' } : {});
  return document("account", account) + pods.replace("    spec:\n", "    spec:\n      serviceAccountName: api\n");
}

async function actWith(
  render: string,
  given: Given,
  prepare: (scene: Scene) => void,
): Promise<Outcome & { scene: Scene }> {
  const scene = createScene();
  scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, render: () => render });
  prepare(scene);
  const before = scene.cluster.version();
  const done = await act(scene, given);
  if (done.code !== "") {
    expect(scene.cluster.version()).toBe(before);
    expect(scene.helm.calls.map(({ name }) => name)).toEqual(["template"]);
    expect(done.message).toMatch(/^Nothing was changed\.\n/);
    expect(done.outputs.status).toBe("failed");
  }
  return { ...done, scene };
}

describe("what would fail is found before anything is changed", () => {
  const API = deployment("api");
  const identity = { "workload-identity": `serviceAccount.annotations: ${ID}` };
  const conflict = (): KubeRefusal =>
    new KubeRefusal(
      409,
      "Conflict",
      'Apply failed with 1 conflict: conflict with "hpa" using autoscaling/v2: .spec.replicas',
    );

  test.each<readonly [string, string, RegExp, (scene: Scene) => void, string?, Given?]>([
    [
      "a right that is missing",
      "cluster-access-missing",
      /kind: Role[\s\S]*deployments[\s\S]*create/,
      ({ cluster }) => {
        cluster.settings.may = ({ verb, resource }) => verb !== "create" || resource !== "deployments";
      },
    ],
    [
      "an object that a webhook would refuse",
      "admission-denied",
      /Deployment\/api \(shop\/templates\/api\.yaml\): .*not on a Friday/,
      ({ cluster }) => {
        const text = 'admission webhook "no.example" denied the request: not on a Friday';
        cluster.settings.refuse = ({ dryRun }) => (dryRun ? new KubeRefusal(403, "Forbidden", text) : undefined);
      },
    ],
    [
      "a field of somebody else",
      "helm-conflict",
      /spec\.replicas/,
      ({ cluster }) => {
        cluster.settings.refuse = ({ dryRun, kind }) => (dryRun && kind === "Deployment" ? conflict() : undefined);
      },
    ],
    [
      "an image that is not there",
      "image-missing",
      /Deployment\/api: shop\.azurecr\.io\/api:1 is not in the registry \(newest tags: 1, 2\)/,
      (scene) => {
        scene.azure = azure({ findImage: async () => undefined });
      },
    ],
    [
      "an image for no node",
      "image-platform",
      /is there for linux\/amd64, and the cluster has nodes with linux\/arm64/,
      (scene) => {
        scene.azure = azure();
        addNode(scene, "arm64");
      },
    ],
    [
      "nodes that may not pull",
      "pull-right-missing",
      /may not pull from shop\.azurecr\.io: no role.*\nTo do: az role assignment create/,
      (scene) => {
        const command = "az role assignment create …";
        scene.azure = azure({ readPullRight: async () => ({ kind: "missing", because: "no role", command }) });
      },
    ],
    [
      "pods that lack the label of Azure's webhook",
      "identity-label-missing",
      /azure\.workload\.identity\/use/,
      (scene) => {
        scene.azure = azure();
      },
      withIdentity(false),
      identity,
    ],
    [
      "an identity that does not take the account's tokens",
      "identity-not-federated",
      /system:serviceaccount:pr-12:api/,
      (scene) => {
        scene.azure = azure({ listFederated: async () => ({ kind: "found", identityId: "/i", subjects: [] }) });
      },
      withIdentity(true),
      identity,
    ],
  ])("%s", async (_, code, says, prepare, render = API, given = {}) => {
    const done = await actWith(render, given, prepare);

    expect(done.code).toBe(code);
    expect(done.message).toMatch(says);
  });

  test("and all of it is told at once", async () => {
    const done = await actWith(API, {}, (scene) => {
      scene.azure = azure({
        findImage: async () => undefined,
        readPullRight: async () => ({ kind: "missing", because: "no role", command: "az" }),
      });
      scene.cluster.settings.may = ({ resource }) => resource !== "deployments";
    });

    expect(done.message).toMatch(/kind: Role[\s\S]*is not in the registry[\s\S]*may not pull from/);
  });

  test("unless nobody wants to look", async () => {
    const done = await actWith(API, { preflight: "none" }, (scene) => {
      scene.azure = azure({ findImage: async () => undefined });
    });

    expect(done.code).toBe("");
  });

  test("only where it is looked at", async () => {
    const done = await actWith(API, { preflight: "access\nstatic" }, (scene) => {
      scene.azure = azure({ findImage: async () => undefined });
    });

    expect(done.code).toBe("");
  });

  test("and all is well where all is", async () => {
    const done = await actWith(withIdentity(true), identity, (scene) => {
      scene.azure = azure();
      addNode(scene, "amd64");
    });

    expect([done.code, done.world.warnings]).toEqual(["", []]);
  });
});

describe("what may be wrong stops nothing", () => {
  test.each<readonly [string, string, (scene: Scene) => void, RegExp]>([
    ["a missing probe", deployment("api", { probe: false }), () => {}, /no readiness probe/],
    [
      "one pool of another kind",
      deployment("api"),
      (scene) => {
        scene.azure = azure();
        addNode(scene, "amd64");
        addNode(scene, "arm64");
      },
      /nodes with linux\/arm64/,
    ],
  ])("%s", async (_, render, prepare, says) => {
    const done = await actWith(render, {}, prepare);

    expect(done.code).toBe("");
    expect(done.world.warnings.join("\n")).toMatch(says);
  });

  test("what nobody here may ask", async () => {
    const done = await actWith(deployment("api"), {}, (scene) => {
      scene.azure = azure({
        findImage: async () => "unknown",
        readPullRight: async () => undefined,
        readCluster: async () => undefined,
        listFederated: async () => ({ kind: "unknown", because: "no right" }),
      });
    });

    expect(done.code).toBe("");
  });
});

test("a namespace that was made for the dry run is told", async () => {
  const scene = createScene();
  scene.azure = azure({ findImage: async () => undefined });
  const done = await act(scene, { namespace: "pr-13" });

  expect([done.code, done.message.split("\n")[0]]).toEqual([
    "image-missing",
    "No object of it was changed. Namespace pr-13 was made.",
  ]);
});

test("fields of others are taken where that is wanted", async () => {
  const scene = createScene();
  await act(scene);
  const forced: unknown[] = [];
  scene.cluster.settings.refuse = ({ dryRun, object }) => {
    if (dryRun) forced.push(object?.kind);
    return undefined;
  };
  scene.cluster.session();
  const api = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "api", namespace: NAMESPACE } };
  await scene.cluster.session().apply({ ...api, spec: { replicas: 5 } }, { fieldManager: "hpa", force: true });
  scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, render: () => deployment("api", { replicas: 2 }) });

  expect((await act(scene)).code).toBe("helm-conflict");
  expect((await act(scene, { conflicts: "force" })).code).toBe("");
});
