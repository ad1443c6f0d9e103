import { beforeEach, describe, expect, test } from "@jest/globals";
import { dnsChecker } from "../../../../src/actions/smoke/checks/dns.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import type { Dns } from "../../../../src/smoke/spec/checks/dns.ts";
import { networkFault } from "../fake/network.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type Scene } from "../fake/world.ts";

let scene: Scene;

beforeEach(() => {
  scene = createScene();
});

const look = (check: Partial<Dns>) =>
  lookOnce(dnsChecker, { name: "shop.example", type: "A", ...check }, createScope(scene, createFakeWorld(scene)));

function putClusterDns(): void {
  const namespace = "kube-system";
  scene.cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  scene.cluster.put({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace },
    spec: {
      ports: [
        { name: "dns", protocol: "UDP", port: 53 },
        { name: "dns-tcp", protocol: "TCP", port: 53 },
      ],
    },
  });
  scene.cluster.put({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "kube-dns-1", namespace, labels: { "kubernetes.io/service-name": "kube-dns" } },
    ports: [
      { name: "dns", protocol: "UDP", port: 53 },
      { name: "dns-tcp", protocol: "TCP", port: 1053 },
    ],
    endpoints: [{ addresses: ["10.0.0.2"], conditions: {}, targetRef: { kind: "Pod", name: "coredns-1", namespace } }],
  });
}

describe("a name", () => {
  test("resolves by this machine's DNS", async () => {
    scene.network.answers.resolve = () => ["10.0.0.4", "10.0.0.5"];
    expect(await look({})).toMatchObject({
      state: "holds",
      expected: "A records of shop.example",
      seen: "A 10.0.0.4, 10.0.0.5 (by this machine's DNS)",
    });
    expect(scene.network.asked.resolve).toEqual([{ name: "shop.example", type: "A", dialled: false }]);
  });

  test("that nobody knows may come", async () => {
    expect(await look({})).toMatchObject({ state: "not-yet", seen: expect.stringContaining("no A record of shop") });
  });

  test.each<[Dns["answers"], boolean]>([
    ["10.0.0.4", true],
    ["10.0.0.9", false],
    [{ includes: "10.0.0.5" }, true],
    [{ not: { includes: "10.0.0.5" } }, false],
    [{ isEmpty: true }, false],
  ])("has answers: %j", async (answers, holds) => {
    scene.network.answers.resolve = () => ["10.0.0.4", "10.0.0.5"];
    expect((await look({ answers })).state).toBe(holds ? "holds" : "not-yet");
  });

  test("may have to be gone", async () => {
    expect((await look({ answers: { isEmpty: true } })).state).toBe("holds");
  });

  test("is not gone when the DNS server fails", async () => {
    scene.network.answers.resolve = () => {
      throw networkFault("other", "the DNS server failed (SERVFAIL)");
    };
    expect(await look({ answers: { isEmpty: true } })).toMatchObject({
      state: "unseen",
      seen: "the DNS server failed (SERVFAIL)",
    });
  });
});

describe("a name of the cluster", () => {
  beforeEach(putClusterDns);

  test.each([
    ["api", ["api.shop.svc.cluster.local", "api.svc.cluster.local"]],
    ["api.shop", ["api.shop.shop.svc.cluster.local", "api.shop.svc.cluster.local"]],
    ["api.shop.svc.cluster.local", ["api.shop.svc.cluster.local"]],
    ["api.shop.svc.cluster.local.", ["api.shop.svc.cluster.local"]],
  ])("%s is looked for as a pod would", async (name, tried) => {
    scene.network.answers.resolve = (asked) => (asked === tried.at(-1) ? ["10.96.0.7"] : []);
    expect(await look({ name, from: "cluster" })).toMatchObject({
      state: "holds",
      seen: "A 10.96.0.7 (by the cluster's DNS)",
    });
    expect(scene.network.asked.resolve).toEqual(tried.map((each) => ({ name: each, type: "A", dialled: true })));
  });

  test("is told by its end, and asked of the pod's own port for TCP", async () => {
    scene.network.resolve = async (_, __, { dial }) => {
      await dial?.();
      return [];
    };
    scene.cluster.pods.answers.forward = () => {
      throw new KubeRefusal(404, "NotFound", "gone");
    };
    expect(await look({ name: "api.shop.svc.cluster.local" })).toMatchObject({ state: "unseen", seen: "gone" });
    const pod = { namespace: "kube-system", name: "coredns-1" };
    expect(scene.cluster.pods.asked.forward).toEqual([{ pod, port: 1053 }]);
  });
});
