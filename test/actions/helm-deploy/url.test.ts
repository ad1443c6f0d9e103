import { describe, expect, test } from "@jest/globals";
import { KubeRefusal } from "../../../src/kubernetes/kube-refusal.ts";
import { act } from "./act.ts";
import { deployment, document, SHOP } from "./fake/charts.ts";
import { WORKSPACE } from "./fake/files.ts";
import { createScene, NAMESPACE, type Scene } from "./fake-world.ts";

const SPEC = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata: { name: web }
spec:
  timeout: 2s
  steps:
    - name: front
      try:
        - http: { url: "\${url}/health", status: 200 }
`;
const LABEL = "service.beta.kubernetes.io/azure-dns-label-name";
const WEB = { apiVersion: "v1", kind: "Service", namespace: NAMESPACE, name: "web" };

/** A shop whose chart has this object besides. */
function openScene(object?: object): Scene {
  const scene = createScene();
  scene.smoke.specs.set("smoke/web.yaml", SPEC);
  scene.smoke.network.answers.http = () => ({ status: 200 });
  const render = () => deployment("api") + (object === undefined ? "" : document("web", JSON.stringify(object)));
  scene.helm.charts.set(`${WORKSPACE}/charts/shop`, { ...SHOP, render });
  return scene;
}

const asked = (scene: Scene): readonly string[] => scene.smoke.network.asked.http.map(({ url }) => url);

const ingress = (spec: object) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "web" },
  spec,
});
const balancer = (annotations: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", annotations },
  spec: { type: "LoadBalancer", selector: { app: "api" }, ports: [{ port: 80 }] },
});

/** Gives the Service its address after some time, as a cloud does. */
function serve(scene: Scene, afterMs: number): void {
  scene.cluster.listen(({ type, object }) => {
    if (type !== "ADDED" || object.kind !== "Service") return;
    scene.time.after(afterMs, () => scene.cluster.setStatus(WEB, { loadBalancer: { ingress: [{ ip: "20.1.2.3" }] } }));
  });
}

function addNode(scene: Scene): void {
  const labels = { "topology.kubernetes.io/region": "westeurope" };
  scene.cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: "node-9", labels } });
}

describe("where a release is reached", () => {
  test("is what was said, whatever its objects say, and specs know it", async () => {
    const scene = openScene(ingress({ rules: [{ host: "shop.example.com" }] }));
    const done = await act(scene, { smoke: "smoke/*.yaml", url: "https://pr-12.example.com/" });

    expect([done.message, done.outputs.url]).toEqual(["", "https://pr-12.example.com"]);
    expect(asked(scene)).toEqual(["https://pr-12.example.com/health"]);
    expect(done.summary).toContain("https://pr-12.example.com");
  });

  test("is its Ingress", async () => {
    const scene = openScene(ingress({ rules: [{ host: "shop.example.com" }], tls: [{ hosts: ["shop.example.com"] }] }));
    const done = await act(scene, { smoke: "smoke/*.yaml" });

    expect([done.message, done.outputs.url]).toEqual(["", "https://shop.example.com"]);
    expect(asked(scene)).toEqual(["https://shop.example.com/health"]);
  });

  test("is the name of its load balancer in Azure's DNS, once there is an address", async () => {
    const scene = openScene(balancer({ [LABEL]: "shop-pr-12" }));
    addNode(scene);
    serve(scene, 20_000);
    const done = await act(scene, { smoke: "smoke/*.yaml" });

    expect([done.message, done.outputs.url]).toEqual(["", "http://shop-pr-12.westeurope.cloudapp.azure.com"]);
    expect(asked(scene)).toEqual(["http://shop-pr-12.westeurope.cloudapp.azure.com/health"]);
    expect(done.tookMs).toBeGreaterThan(19_000);
  });

  test("is the load balancer's address, where nobody tells the region", async () => {
    const scene = openScene(balancer({ [LABEL]: "shop-pr-12" }));
    serve(scene, 1_000);
    const text = 'nodes is forbidden: User "runner" cannot list resource "nodes" in API group "" at the cluster scope';
    scene.cluster.settings.refuse = ({ kind }) =>
      kind === "Node" ? new KubeRefusal(403, "Forbidden", text) : undefined;
    const done = await act(scene);

    expect([done.code, done.outputs.url]).toEqual(["", "http://20.1.2.3"]);
  });

  test("is found for a release that stands as it would be made, too", async () => {
    const scene = openScene(ingress({ rules: [{ host: "shop.example.com" }] }));
    await act(scene);
    const done = await act(scene, { "skip-if-unchanged": "true" });

    expect([done.outputs.status, done.outputs.url]).toEqual(["unchanged", "http://shop.example.com"]);
  });

  test("is nowhere for a release without such an object, and the specs that want it are refused before anything changes", async () => {
    const scene = openScene();
    const before = scene.cluster.version();
    const done = await act(scene, { smoke: "smoke/*.yaml" });
    expect([done.code, scene.cluster.version()]).toEqual(["smoke-spec-invalid", before]);
    expect(done.message).toContain("url");

    const without = await act(scene);
    expect([without.code, without.outputs.url, without.world.warnings]).toEqual(["", undefined, []]);
  });

  test("is not known where no address comes in the rollout's time, which is a warning and no failure", async () => {
    const scene = openScene(ingress({ defaultBackend: { service: { name: "api", port: { number: 80 } } } }));
    const done = await act(scene, { timeout: "1m" });

    expect([done.code, done.outputs.status, done.outputs.url]).toEqual(["", "deployed", undefined]);
    expect(done.world.warnings.join("\n")).toContain("Ingress/web has no address");
    expect(done.tookMs).toBeGreaterThanOrEqual(60_000);
    expect(done.tookMs).toBeLessThan(70_000);
  });

  test("is not waited for where nobody waits for the release", async () => {
    const scene = openScene(balancer());
    const done = await act(scene, { wait: "none" });

    expect([done.code, done.outputs.url]).toEqual(["", undefined]);
    expect(done.tookMs).toBeLessThan(5_000);
  });
});
