import { Duplex } from "node:stream";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { httpChecker } from "../../../../src/actions/smoke/checks/http.ts";
import type { Look } from "../../../../src/actions/smoke/look.ts";
import type { HttpAnswer } from "../../../../src/actions/smoke/world.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import type { Http } from "../../../../src/smoke/spec/checks/http.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, type Scene } from "../fake/world.ts";
import { podRef, putService, SERVICE } from "./shop-service.ts";

const URL = "https://shop.example/healthz";
let scene: Scene;
let world: FakeWorld;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
});

const look = (check: Partial<Http>): Promise<Look> =>
  lookOnce(
    httpChecker,
    { url: URL, method: "GET", followRedirects: false, ...check } as Http,
    createScope(scene, world),
  );

function answer(given: Partial<HttpAnswer>): void {
  scene.network.answers.http = () => given;
}

describe("a Service", () => {
  const url = "service://api:80/healthz?deep=1";

  beforeEach(() => {
    scene.cluster.pods.answers.proxy = () => ({ status: 200, headers: {}, body: "by proxy" });
    scene.cluster.pods.answers.forward = () => new Duplex({ read: () => {} });
    answer({ status: 200, body: "by port" });
  });

  test("is asked by the API server's proxy", async () => {
    putService(scene.cluster);
    const seen = await look({ url, status: 200, requestHeaders: { "X-A": "1" } });
    expect(seen).toMatchObject({ state: "holds", seen: expect.stringContaining("(by the API server's proxy)") });
    expect(scene.cluster.pods.asked.proxy).toMatchObject([
      {
        resource: "services",
        target: { namespace: "shop", name: "api" },
        port: "80",
        scheme: "http",
        method: "GET",
        path: "/healthz?deep=1",
        headers: { "X-A": "1" },
      },
    ]);
    expect(scene.cluster.pods.asked.forward).toEqual([]);
  });

  test.each([
    ["service://api:http", "80", "http"],
    ["service://shop/api:https/", "443", "https"],
    ["service://api:443/", "443", "https"],
  ])("%s is port %s by %s", async (place, port, scheme) => {
    putService(scene.cluster);
    await look({ url: place, status: 200 });
    expect(scene.cluster.pods.asked.proxy).toMatchObject([{ port, scheme, path: "/" }]);
  });

  test.each<[string, Partial<Http>, RegExp]>([
    ["a login", { requestHeaders: { authorization: "Bearer x" } }, /does not pass on authorization/],
    ["a host of its own", { requestHeaders: { Host: "shop.example" } }, /does not pass on host/],
    ["redirects that are followed", { followRedirects: true }, /follows no redirects/],
    ["a certificate", { certificate: { daysLeft: 1 } }, /shows no certificate/],
  ])("is asked by a forwarded port where the proxy does not do: %s", async (_, check, why) => {
    putService(scene.cluster);
    const all = { url, status: 200, ...check };
    const { seen } = await look(all);
    expect(seen).toMatch(why);
    expect(seen).toContain("by port 8080 of the pod api-1, since");
    expect(scene.network.asked.http).toMatchObject([
      { url: "http://api.shop.svc:80/healthz?deep=1", anyCertificate: true, dial: expect.any(Function) },
    ]);
    expect(scene.cluster.pods.asked.proxy).toEqual([]);
    await expect(look({ ...all, route: "proxy" })).rejects.toMatchObject({ code: "smoke-route-unfit" });
  });

  test("is asked by a forwarded port where the proxy is forbidden", async () => {
    putService(scene.cluster);
    scene.cluster.pods.answers.proxy = () => {
      throw new KubeRefusal(403, "Forbidden", 'services "api" is forbidden');
    };
    expect(await look({ url, status: 200 })).toMatchObject({
      state: "holds",
      seen: expect.stringContaining("since services/proxy is forbidden"),
    });
    await expect(look({ url, status: 200, route: "proxy" })).rejects.toMatchObject({
      code: "smoke-forbidden",
      message: expect.stringContaining('resources: ["services/proxy"], verbs: ["get"]'),
    });
  });

  test("is asked at the newest pod that is ready, and stays", async () => {
    putService(scene.cluster, [{ name: "old" }]);
    await scene.time.drive(scene.time.sleep(60_000));
    putService(scene.cluster, [
      { name: "old" },
      { name: "new" },
      { name: "newer", ready: false },
      { name: "newest", terminating: true },
    ]);
    scene.network.answers.http = async ({ dial }) => {
      await dial?.();
      return { body: "ok" };
    };
    await look({ url, route: "port-forward", status: 200 });
    expect(scene.cluster.pods.asked.forward).toEqual([{ pod: { namespace: "shop", name: "new" }, port: 8080 }]);
  });

  test("that is not there may come; who was meant is told", async () => {
    putService(scene.cluster);
    expect(await look({ url: "service://apis:80", status: 200 })).toMatchObject({
      state: "unseen",
      seen: 'no Service "apis" in the namespace "shop" (there is api)',
    });
    expect(await look({ url: "service://api:81", status: 200 })).toMatchObject({
      state: "unseen",
      seen: 'the Service "api" has no port 81; it has 80 (http), 443 (https), 9153 (metrics)',
    });
  });

  test("without a pod that is ready is told with what stands behind it", async () => {
    putService(scene.cluster, [{ name: "api-1", ready: false }]);
    scene.cluster.pods.answers.proxy = () => {
      throw new KubeRefusal(503, "ServiceUnavailable", 'no endpoints available for service "api"');
    };
    expect(await look({ url, status: 200 })).toMatchObject({
      state: "unseen",
      seen: 'no endpoints available for service "api"',
      involved: [SERVICE, podRef("api-1")],
    });
    expect(await look({ url, status: 200, route: "port-forward" })).toMatchObject({
      state: "unseen",
      seen: 'no pod of the Service "api" is ready',
      involved: [SERVICE, podRef("api-1")],
    });
  });

  test("that says no is told with what stands behind it; one that says yes needs no explanation", async () => {
    putService(scene.cluster);
    expect((await look({ url, status: 204 })).involved).toEqual([SERVICE, podRef("api-1")]);
    expect((await look({ url, status: 200 })).involved).toBeUndefined();
  });

  test("is not judged by an API server that is too busy", async () => {
    putService(scene.cluster);
    const busy = new KubeRefusal(429, "TooManyRequests", "slow down");
    scene.cluster.pods.answers.proxy = () => {
      throw busy;
    };
    await expect(look({ url, status: 200 })).rejects.toBe(busy);
  });

  test("needs a right to forward ports, and says which", async () => {
    putService(scene.cluster);
    scene.cluster.pods.answers.forward = () => {
      throw new KubeRefusal(403, "Forbidden", 'pods "api-1" is forbidden');
    };
    scene.network.answers.http = async ({ dial }) => {
      await dial?.();
      return {};
    };
    await expect(look({ url, status: 200, route: "port-forward" })).rejects.toMatchObject({
      code: "smoke-forbidden",
      message: expect.stringContaining('resources: ["pods/portforward"], verbs: ["get","create"]'),
    });
  });

  test("needs a cluster", async () => {
    world = createFakeWorld(scene, { noCluster: true });
    putService(scene.cluster);
    await expect(look({ url, status: 200 })).rejects.toMatchObject({ code: "smoke-needs-cluster" });
  });

  test.each(["proxy", "port-forward"] as const)("is not what https://… is: route %s does not fit", async (route) => {
    await expect(look({ status: 200, route })).rejects.toMatchObject({ code: "smoke-route-unfit" });
  });
});
