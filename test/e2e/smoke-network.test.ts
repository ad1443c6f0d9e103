import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { runSmoke } from "../../src/actions/smoke/run-smoke.ts";
import type { SmokeCluster } from "../../src/actions/smoke/world.ts";
import { readSpec } from "../../src/smoke/read-spec.ts";
import type { CheckResult } from "../../src/smoke/result.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { needCluster } from "../cluster/need-cluster.ts";
import type { TestCluster } from "../cluster/test-cluster.ts";
import { connectAs, listObjects, makeWorld, writeCurlImage } from "./smoke-network-scene.ts";

const IMAGE = "mayfly.local/smoke-network:1";
const CURL_IMAGE = "mayfly.local/smoke-network-curl:1";
const SECONDS = 1000;

const namespace = `net-${randomBytes(3).toString("hex")}`;
let cluster: TestCluster;
let mine: SmokeCluster;
let scratch: string;

jest.setTimeout(60 * SECONDS);

/** Takes checks one after another, whatever becomes of those before. One that has to fail says how long it may try. */
async function take(checks: readonly object[], access = mine): Promise<readonly CheckResult[]> {
  const text = JSON.stringify({
    apiVersion: "mayfly/v1alpha1",
    kind: "SmokeTest",
    metadata: { name: "network" },
    spec: {
      namespace,
      steps: [
        { name: "all", try: checks.map((check) => ({ timeout: "9s", interval: "500ms", optional: true, ...check })) },
      ],
    },
  });
  const read = readSpec({ file: "network.yaml", text }, {}, { namespace, timeout: 9_000, interval: 500 });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  const options = { only: [], skip: [], timeoutMs: 60 * SECONDS, failFast: false };
  const { tests } = await runSmoke([read.value], makeWorld(access), options);
  return tests.flatMap(({ steps }) => steps.flatMap((step) => step.checks));
}

async function takeOne(check: object, access = mine): Promise<CheckResult | undefined> {
  return (await take([check], access))[0];
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-smoke-network-"));
  cluster = await needCluster();
  await cluster.loadImage(await writeBusyboxImage(scratch, IMAGE));
  await cluster.loadImage(await writeCurlImage(scratch, CURL_IMAGE));
  await cluster.kubectl("create", "namespace", namespace);
  const items = listObjects(namespace, { web: IMAGE, curl: CURL_IMAGE, server: new URL(cluster.server) });
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectlWith(list, "apply", `--namespace=${namespace}`, "-f", "-");
  await cluster.kubectl(
    "wait",
    `--namespace=${namespace}`,
    "--for=condition=Ready",
    "pod/web",
    "pod/secure",
    "pod/asks",
    "--timeout=60s",
  );
  mine = connectAs(cluster.kubeconfig);
}, 120 * SECONDS);

afterAll(async () => {
  await cluster.kubectl("delete", "namespace", namespace, "--wait=false");
  await rm(scratch, { recursive: true, force: true });
}, 60 * SECONDS);

describe("a Service of a real cluster over HTTP", () => {
  const url = "service://web:http/health.json";

  test("answers by the API server's proxy", async () => {
    const http = {
      url,
      status: 200,
      headers: { "Content-Type": { contains: "json" } },
      jsonpath: { "$.sha": "abc123" },
      body: { contains: "ok" },
      maxLatency: "2s",
    };
    expect(await takeOne({ http })).toMatchObject({
      outcome: "passed",
      seen: expect.stringMatching(/^status 200 in \d+ ms \(by the API server's proxy\)$/),
    });
  });

  test("of another build does not pass, and says what is served", async () => {
    expect(await takeOne({ http: { url, jsonpath: { "$.sha": "def456" } }, timeout: "5s" })).toMatchObject({
      outcome: "failed",
      seen: expect.stringContaining('$.sha "abc123"'),
      involved: [
        { kind: "Service", name: "web" },
        { kind: "Pod", name: "web" },
      ],
    });
  });

  test("is asked with the method, the headers and the body that were given", async () => {
    const http = {
      url: "service://web:80/cgi-bin/tell?q=1",
      method: "POST",
      requestHeaders: { "X-Mine": "yes" },
      requestBody: { a: 1 },
      body: { contains: "POST /cgi-bin/tell?q=1\n" },
      headers: { "X-Sha": "abc123" },
    };
    const sent = { matches: 'mine yes\\nlogin \\n\\{"a":1\\}' };
    expect((await takeOne({ http: { ...http, body: sent } }))?.outcome).toBe("passed");
    expect((await takeOne({ http }))?.outcome).toBe("passed");
  });

  test("is asked by a forwarded port with a login, which the proxy drops", async () => {
    const http = {
      url: "service://web:80/cgi-bin/tell",
      requestHeaders: { Authorization: "Bearer x" },
      body: { contains: "login Bearer x" },
    };
    expect(await takeOne({ http })).toMatchObject({
      outcome: "passed",
      seen: expect.stringContaining(
        "by port 8080 of the pod web, since the API server's proxy does not pass on authorization",
      ),
    });
  });

  test("redirects to where it says, by either way, and is followed there", async () => {
    const place = "service://web:80/cgi-bin/moved";
    const results = await take([
      { http: { url: place, status: 302, redirect: "/cgi-bin/tell?x=1" } },
      { http: { url: place, route: "port-forward", redirect: "/cgi-bin/tell?x=1" } },
      { http: { url: place, followRedirects: true, body: { contains: "GET /cgi-bin/tell?x=1" } } },
    ]);
    expect(results.map(({ outcome, seen }) => [outcome, seen])).toEqual(
      results.map(() => ["passed", expect.anything()]),
    );
  });

  test("is asked from within, by its own name, by curl of a pod", async () => {
    const place = "service://web:80/cgi-bin";
    const route = "in-cluster";
    const results = await take([
      {
        http: {
          url: `${place}/tell`,
          route,
          headers: { "X-Sha": "abc123" },
          body: { contains: `host web.${namespace}.svc` },
        },
      },
      { http: { url: `${place}/tell`, route, method: "PUT", requestBody: "hello", body: { contains: "hello" } } },
      { http: { url: `${place}/broken`, route, status: 500, body: { contains: "no database" } } },
      { http: { url: `${place}/moved`, route, status: 302, redirect: "/cgi-bin/tell?x=1" } },
      { http: { url: `${place}/moved`, route, followRedirects: true, body: { contains: "GET /cgi-bin/tell?x=1" } } },
      { http: { url: "service://secure:443/version", route, jsonpath: { "$.major": "1" } } },
    ]);
    expect(results.map(({ outcome, seen }) => `${outcome}: ${seen}`)).toEqual(
      results.map(() => expect.stringMatching(/^passed: .*by curl in the container main of the pod asks/)),
    );
    const refused = await take(
      [
        { http: { url: "service://web:81/", route, status: 200 } },
        { http: { url: `${place}/tell`, route, status: 200, requestHeaders: { "X-Mine": "hunter2" } } },
      ].map((each) => ({ ...each, timeout: "5s" })),
    );
    expect(refused.map(({ seen }) => seen)).toEqual([
      expect.stringMatching(/curl: \(7\)/),
      expect.stringContaining("smoke-route-unfit"),
    ]);
  });

  test("speaks TLS by either way, whoever signed for it", async () => {
    const place = "service://secure:443/version";
    const results = await take([
      { http: { url: place, jsonpath: { "$.major": "1" } } },
      { http: { url: place, certificate: { daysLeft: 1 }, jsonpath: { "$.major": "1" } } },
      { http: { url: place, certificate: { daysLeft: 100_000 } }, timeout: "10s" },
    ]);
    expect(results.map(({ outcome, seen }) => `${outcome} ${seen}`)).toEqual([
      expect.stringMatching(/^passed .*proxy\)$/),
      expect.stringMatching(/^passed .*by port 6443 of the pod secure, since .* shows no certificate/),
      expect.stringMatching(/^failed .*the certificate of CN=.* expires on 20/),
    ]);
  });

  test("that fails, that nobody serves and that has no pods does not pass, by any way", async () => {
    const results = await take(
      [
        { http: { url: "service://web:80/cgi-bin/broken", body: { contains: "database" } } },
        { http: { url: "service://web:silent/", status: 200 } },
        { http: { url: "service://web:silent/", status: 200, route: "port-forward" } },
        { http: { url: "service://empty:80/", status: 200 } },
        { http: { url: "service://empty:80/", status: 200, route: "port-forward" } },
        { http: { url: "service://webb:80/", status: 200 } },
        { http: { url: "service://web:90/", status: 200 } },
      ].map((each) => ({ timeout: "5s", ...each })),
    );
    // On a busy machine the last look of a check may be cut off: then the one before is told, too.
    expect(results.map(({ outcome, seen }) => `${outcome}: ${seen.split("; before: ").at(-1)}`)).toEqual([
      expect.stringMatching(/^failed: status 500 .*no database/),
      expect.stringMatching(/^failed: .*connection refused/),
      expect.stringMatching(/^failed: .*refused/),
      'failed: no endpoints available for service "empty"',
      'failed: no pod of the Service "empty" is ready',
      expect.stringMatching(/^failed: no Service "webb" .*there is web/),
      'failed: the Service "web" has no port 90; it has 80 (http), 81 (silent)',
    ]);
  });

  test("is asked by a forwarded port where services/proxy is forbidden", async () => {
    const audience = "--audience=https://kubernetes.default.svc";
    const token = await cluster.kubectl("create", "token", "forwards", `--namespace=${namespace}`, audience);
    const config = JSON.parse(await cluster.kubectl("config", "view", "--raw", "--minify", "-o=json")) as {
      users: { user: object }[];
    };
    const kubeconfig = join(scratch, "forwards.json");
    await writeFile(
      kubeconfig,
      JSON.stringify({ ...config, users: config.users.map((each) => ({ ...each, user: { token: token.trim() } })) }),
    );
    const forwards = connectAs(kubeconfig);
    expect(await takeOne({ http: { url, status: 200 } }, forwards)).toMatchObject({
      outcome: "passed",
      seen: expect.stringContaining("since services/proxy is forbidden"),
    });
    expect(await takeOne({ http: { url, status: 200, route: "in-cluster" }, timeout: "5s" }, forwards)).toMatchObject({
      outcome: "failed",
      seen: expect.stringMatching(/smoke-forbidden.*pods\/exec/s),
    });
    expect(await takeOne({ dns: { name: "web", from: "cluster" }, timeout: "5s" }, forwards)).toMatchObject({
      outcome: "failed",
      seen: expect.stringMatching(/smoke-forbidden.*kube-system/s),
    });
  });
});

describe("ports, names and metrics of a real cluster", () => {
  test("a port is taken, or refused at once", async () => {
    const { port, hostname } = new URL(cluster.server);
    const [taken, direct, silent, empty] = await take(
      ["service://web:http", `${hostname}:${port}`, "service://web:silent", "service://empty:80"].map((address) => ({
        timeout: "5s",
        tcp: { address },
      })),
    );
    expect(taken).toMatchObject({ outcome: "passed", seen: "connected (by port 8080 of the pod web)" });
    expect(direct).toMatchObject({ outcome: "passed", seen: "connected" });
    expect(silent).toMatchObject({ outcome: "failed", seen: expect.stringContaining("refused") });
    expect(`${empty?.outcome}: ${empty?.seen}`).toMatch(/^failed: .*no pod of the Service "empty" is ready$/);
  });

  test("names are those that a pod knows", async () => {
    const results = await take([
      { dns: { name: "web", from: "cluster" } },
      { dns: { name: `web.${namespace}.svc.cluster.local`, answers: { includes: await addressOf("web") } } },
      { dns: { name: `_http._tcp.web.${namespace}.svc.cluster.local`, type: "SRV" } },
      { dns: { name: "kubernetes.default", from: "cluster" } },
      { dns: { name: `gone.${namespace}.svc.cluster.local` }, timeout: "10s" },
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["passed", "passed", "passed", "passed", "failed"]);
    expect(results[2]?.seen).toContain(` 80 web.${namespace}.svc.cluster.local`);
    expect(results[4]?.seen).toContain("no A record of gone");
  });

  test("metrics have the values that they have", async () => {
    const url = "service://web:http/metrics";
    const results = await take(
      [
        {
          metrics: {
            url,
            samples: [
              { name: "up", labels: { job: "api" }, value: 1 },
              { name: "queue_depth", value: { ">": 5 } },
            ],
          },
        },
        { metrics: { url, samples: [{ name: "queue_dept" }] } },
      ].map((each) => ({ ...each, timeout: "5s" })),
    );
    expect(results.map(({ outcome, seen }) => `${outcome}: ${seen}`)).toEqual([
      expect.stringMatching(/^passed: up\{job="api"\} 1, queue_depth 7/),
      expect.stringMatching(/^failed: no queue_dept among 2 samples \(there is queue_depth\)/),
    ]);
  });
});

async function addressOf(name: string): Promise<string> {
  return cluster.kubectl("get", "service", name, `--namespace=${namespace}`, "-o=jsonpath={.spec.clusterIP}");
}
