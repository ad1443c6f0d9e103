import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ProxyRequest } from "../../src/kubernetes/pod-access.ts";
import { openPodScene, type PodScene } from "./pod-scene.ts";

const SECONDS = 1000;
/** What the API server's own audience is where tokens are issued as on AKS. */
const API_AUDIENCE = "https://kubernetes.default.svc";
const never = new AbortController().signal;
let scene: PodScene;

beforeAll(async () => {
  scene = await openPodScene();
}, 120 * SECONDS);

afterAll(async () => {
  await scene[Symbol.asyncDispose]();
}, 60 * SECONDS);

describe("a Service behind the API server", () => {
  const ask = (path: string, more: Partial<ProxyRequest> = {}) =>
    scene.access.proxy({
      resource: "services",
      target: scene.web,
      port: "http",
      scheme: "http",
      method: "GET",
      path,
      headers: {},
      body: undefined,
      timeoutMs: 10 * SECONDS,
      until: never,
      ...more,
    });

  test("gets method, path, query, headers and body as they are, and no login", async () => {
    const headers = { host: "shop.example.com", "x-mine": "1", "content-type": "text/plain" };
    const answer = await ask("/cgi-bin/tell?a=b%20c&d=%2F..&e", { method: "POST", headers, body: "héllo" });
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain", "cache-control": "max-age=5" },
    });
    expect(answer.body.split("\n")).toEqual([
      "POST /cgi-bin/tell?a=b%20c&d=%2F..&e",
      "host shop.example.com",
      "mine 1",
      "login ",
      "héllo",
    ]);
  });

  test("is found by name and number of a port, and a pod by its own", async () => {
    expect(await ask("/", { port: "80" })).toMatchObject({ status: 200, body: "home\n" });
    expect(await ask("/", { resource: "pods", port: "8080" })).toMatchObject({ status: 200, body: "home\n" });
  });

  test("is not followed where it leads", async () => {
    expect(await ask("/cgi-bin/moved")).toMatchObject({ status: 302, headers: { location: "/cgi-bin/tell?x=1" } });
  });

  test("has its own 404 told as an answer, even where it says so as the API server does, whose own is a refusal", async () => {
    expect(await ask("/none")).toMatchObject({ status: 404, body: expect.stringContaining("404 Not Found") });
    expect(await ask("/cgi-bin/missing")).toMatchObject({ status: 404, body: expect.stringContaining("not found") });
    await expect(ask("/", { target: { namespace: scene.namespace, name: "none" } })).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 404,
      message: 'services "none" not found',
    });
    await expect(
      ask("/", { resource: "pods", port: "80", target: { namespace: scene.namespace, name: "none" } }),
    ).rejects.toMatchObject({
      status: 404,
      message: 'pods "none" not found',
    });
  });

  test("may be an API server itself, whose refusals are answers here", async () => {
    const relay = {
      resource: "pods",
      target: { namespace: scene.namespace, name: "relay" },
      port: "6443",
      scheme: "https",
    } as const;
    expect(await ask("/version", relay)).toMatchObject({ status: 200 });
    const { status, body } = await ask("/api/v1/namespaces/x/pods/y", relay);
    expect([status, JSON.parse(body)]).toMatchObject([403, { kind: "Status", code: 403 }]);
  });

  test.each<[string, Partial<ProxyRequest>, string, string]>([
    ["without endpoints", {}, "empty", 'no endpoints available for service "empty"'],
    ["without that port", { port: "99" }, "web", 'no service port 99 found for service "web"'],
    ["where nobody listens", { port: "silent" }, "web", "connection refused"],
    ["that speaks no TLS", { scheme: "https" }, "web", "does not look like a TLS handshake"],
  ])("%s is a refusal of 503", async (_, more, name, words) => {
    await expect(ask("/", { ...more, target: { ...scene.web, name } })).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 503,
      message: expect.stringContaining(words),
    });
  });
});

describe("a token of a service account", () => {
  test("is for its audience, and masked", async () => {
    const token = await scene.access.createToken(
      { namespace: scene.namespace, name: "nobody" },
      "api://AzureADTokenExchange",
    );
    expect(scene.masked).toContain(token);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({
      aud: ["api://AzureADTokenExchange"],
      sub: `system:serviceaccount:${scene.namespace}:nobody`,
      iss: (await scene.cluster.issuer()).url,
    });
    expect(claims.exp - claims.iat).toBe(600);
  });

  test("is refused for one that is not there", async () => {
    await expect(scene.access.createToken({ namespace: scene.namespace, name: "none" }, "a")).rejects.toMatchObject({
      status: 404,
      message: 'serviceaccounts "none" not found',
    });
  });

  test("lets whoever has no rights do nothing of all this, and says which is missing", async () => {
    const token = await scene.access.createToken({ namespace: scene.namespace, name: "nobody" }, API_AUDIENCE);
    const path = join(scene.scratch, "nobody.json");
    const server = {
      server: scene.cluster.server,
      "certificate-authority-data": Buffer.from(scene.cluster.ca).toString("base64"),
    };
    const context = { name: "one", context: { cluster: "one", user: "one" } };
    await writeFile(
      path,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "one", cluster: server }],
        users: [{ name: "one", user: { token } }],
        contexts: [context],
        "current-context": "one",
      }),
    );
    const nobody = scene.connect(path);
    const order = { container: "main", command: ["true"], timeoutMs: 20 * SECONDS, until: never };
    const request: ProxyRequest = {
      ...{ resource: "services", target: scene.web, port: "http", scheme: "http", method: "GET", path: "/" },
      ...{ headers: {}, body: undefined, timeoutMs: 20 * SECONDS, until: never },
    };
    const missing = (words: string) => ({ status: 403, reason: "Forbidden", message: expect.stringContaining(words) });
    await expect(nobody.exec(scene.web, order)).rejects.toMatchObject(missing('resource "pods/exec"'));
    await expect(nobody.forward(scene.web, 8080)).rejects.toMatchObject(missing('resource "pods/portforward"'));
    await expect(nobody.proxy(request)).rejects.toMatchObject(missing('cannot get resource "services/proxy"'));
    await expect(nobody.createToken(scene.web, "a")).rejects.toMatchObject(missing('resource "serviceaccounts/token"'));
  });
});
