import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Cluster } from "../../src/kubernetes/cluster.ts";
import { connectCluster } from "../../src/kubernetes/connect-cluster.ts";
import type { ExecOrder, PodAccess, ProxyRequest } from "../../src/kubernetes/pod-access.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { needCluster } from "../cluster/need-cluster.ts";
import type { TestCluster } from "../cluster/test-cluster.ts";
import { pod } from "./cluster-objects.ts";

const IMAGE = "mayfly.local/pod-access:1";
const SECONDS = 1000;
const MIB = 1024 * 1024;
/** What the API server's own audience is where tokens are issued as on AKS. */
const API_AUDIENCE = "https://kubernetes.default.svc";

/** A server of busybox, with programs that tell what they were asked and imitate the API server. */
const WEB = `
mkdir -p /www/cgi-bin; echo home >/www/index.html; cd /www/cgi-bin
cat >tell <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\r\nCache-Control: max-age=5\r\n\r\n'
echo "$REQUEST_METHOD $REQUEST_URI"; echo "host $HTTP_HOST"; echo "mine $HTTP_X_MINE"; echo "login $HTTP_AUTHORIZATION"; cat
END
cat >missing <<'END'
#!/bin/sh
printf 'Status: 404 Not Found\r\nContent-Type: application/json\r\n\r\n'
echo '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"services "other" not found","reason":"NotFound","details":{"name":"other","kind":"services"},"code":404}'
END
cat >moved <<'END'
#!/bin/sh
printf 'Status: 302 Found\r\nLocation: /cgi-bin/tell?x=1\r\n\r\n'
END
chmod +x *; exec httpd -f -p 8080 -h /www`;

const namespace = `pods-${randomBytes(3).toString("hex")}`;
const web = { namespace, name: "web" };
const never = new AbortController().signal;
const masked: string[] = [];
let cluster: TestCluster;
let access: Cluster & PodAccess;
let scratch: string;

function connect(kubeconfig: string): Cluster & PodAccess {
  return connectCluster({
    kubeconfig,
    context: undefined,
    environment: {},
    cancelled: never,
    mask: (secret) => void masked.push(secret),
    now: () => new Date(),
    sleep: (milliseconds) => sleep(milliseconds),
  });
}

const service = (name: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: {
    selector: { app: name },
    ports: [
      { name: "http", port: 80, targetPort: 8080 },
      { name: "silent", port: 81, targetPort: 8081 },
    ],
  },
});

function labelled(name: string, script: string): object {
  const made = pod(name, IMAGE, script) as { readonly metadata: object };
  return { ...made, metadata: { ...made.metadata, labels: { app: name } } };
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-pods-"));
  cluster = await needCluster();
  await cluster.loadImage(await writeBusyboxImage(scratch, IMAGE));
  await cluster.kubectl("create", "namespace", namespace);
  const { hostname, port } = new URL(cluster.server);
  const items = [
    labelled("web", WEB),
    // The API server itself, as an application in a pod.
    pod("relay", IMAGE, `exec nc -ll -p 6443 -e nc ${hostname} ${port}`),
    pod("waits", "mayfly.local/none:1"),
    service("web"),
    service("empty"),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nobody" } },
  ];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectlWith(list, "apply", `--namespace=${namespace}`, "-f", "-");
  const ready = ["--for=condition=Ready", "pod/web", "pod/relay", "--timeout=60s"];
  await cluster.kubectl("wait", `--namespace=${namespace}`, ...ready);
  access = connect(cluster.kubeconfig);
}, 120 * SECONDS);

afterAll(async () => {
  await cluster.kubectl("delete", "namespace", namespace, "--wait=false");
  await rm(scratch, { recursive: true, force: true });
}, 60 * SECONDS);

describe("a program in a container", () => {
  const run = (command: readonly string[], more: Partial<ExecOrder> = {}, name = "web") =>
    access.exec({ namespace, name }, { container: "main", command, timeoutMs: 20 * SECONDS, until: never, ...more });

  test("ends with its exit code, and what it printed is told apart", async () => {
    expect(await run(["true"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const script = "echo out; echo err >&2; exit 7";
    expect(await run(["sh", "-c", script])).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
    expect(await run(["sh", "-c", "kill -9 $$"])).toMatchObject({ exitCode: 137 });
  });

  test("gets its arguments as they are", async () => {
    const { stdout } = await run(["printf", "%s|", "a b", "c&d=e", "$HOME", "é", ""]);
    expect(stdout).toBe("a b|c&d=e|$HOME|é||");
  });

  test("may print much: 1 MiB of it is kept, and it is said that there was more", async () => {
    const outcome = await run(["sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2; exit 3"]);
    expect(outcome.stdout).toBe("x".repeat(MIB));
    expect(outcome).toMatchObject({ exitCode: 3, stderr: "end\n", cut: true });
  });

  test("that is not there is a refusal in the words of the container runtime", async () => {
    await expect(run(["no-such-program"])).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 500,
      message: expect.stringContaining('exec: "no-such-program": executable file not found in $PATH'),
    });
  });

  test("is refused where there is no such pod or container, or it does not run", async () => {
    await expect(run(["true"], {}, "none")).rejects.toMatchObject({ status: 404, message: 'pods "none" not found' });
    await expect(run(["true"], { container: "none" })).rejects.toMatchObject({
      status: 400,
      message: "container none is not valid for pod web",
    });
    // Again and again: each time the kubelet closes the connection.
    for (const _ of [1, 2, 3]) {
      await expect(run(["true"], {}, "waits")).rejects.toMatchObject({
        status: 500,
        message: 'container not found ("main")',
      });
    }
  });

  test("is listened to for as long as it may take, or until it is called off", async () => {
    const started = performance.now();
    await expect(run(["sleep", "30"], { timeoutMs: 500 })).rejects.toMatchObject({ status: 504, reason: "Timeout" });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 300);
    await expect(run(["sleep", "30"], { until: stop.signal })).rejects.toThrow("enough");
    expect(performance.now() - started).toBeLessThan(5 * SECONDS);
  });
});

describe("a forwarded port", () => {
  test("is a connection that HTTP goes over, also twice", async () => {
    for (const _ of [1, 2]) {
      const stream = await access.forward(web, 8080);
      expect(await askOver(stream, "/")).toEqual({ status: 200, body: "home\n" });
      stream.destroy();
    }
  });

  test("carries much, to its last byte", async () => {
    await access.exec(web, {
      container: "main",
      command: ["sh", "-c", "head -c 6000000 /dev/urandom >/www/big; md5sum </www/big >/www/sum"],
      timeoutMs: 20 * SECONDS,
      until: never,
    });
    const { body } = await askOver(await access.forward(web, 8080), "/sum");
    const { createHash } = await import("node:crypto");
    const stream = await access.forward(web, 8080);
    stream.write("GET /big HTTP/1.0\r\n\r\n");
    const bytes = await readAll(stream);
    const content = bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
    expect(content.length).toBe(6_000_000);
    expect(createHash("md5").update(content).digest("hex")).toBe(body.slice(0, 32));
  });

  test("where nobody listens errors with the kubelet's words", async () => {
    const stream = await access.forward(web, 9999);
    await expect(readAll(stream)).rejects.toMatchObject({
      code: "ECONNREFUSED",
      message: expect.stringMatching(/error forwarding port 9999 .*127\.0\.0\.1:9999: connect: connection refused/s),
    });
  });

  test("is refused for a pod that is not there", async () => {
    await expect(access.forward({ namespace, name: "none" }, 80)).rejects.toMatchObject({
      status: 404,
      message: 'pods "none" not found',
    });
  });
});

describe("a Service behind the API server", () => {
  const ask = (path: string, more: Partial<ProxyRequest> = {}) =>
    access.proxy({
      resource: "services",
      target: web,
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
    await expect(ask("/", { target: { namespace, name: "none" } })).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 404,
      message: 'services "none" not found',
    });
    await expect(ask("/", { resource: "pods", port: "80", target: { namespace, name: "none" } })).rejects.toMatchObject(
      {
        status: 404,
        message: 'pods "none" not found',
      },
    );
  });

  test("may be an API server itself, whose refusals are answers here", async () => {
    const relay = { resource: "pods", target: { namespace, name: "relay" }, port: "6443", scheme: "https" } as const;
    expect(await ask("/version", relay)).toMatchObject({ status: 200 });
    const { status, body } = await ask("/api/v1/namespaces/x/pods/y", relay);
    expect([status, JSON.parse(body)]).toMatchObject([403, { kind: "Status", code: 403 }]);
  });

  test.each<[string, Partial<ProxyRequest>, string]>([
    ["without endpoints", { target: { namespace, name: "empty" } }, 'no endpoints available for service "empty"'],
    ["without that port", { port: "99" }, 'no service port 99 found for service "web"'],
    ["where nobody listens", { port: "silent" }, "connection refused"],
    ["that speaks no TLS", { scheme: "https" }, "does not look like a TLS handshake"],
  ])("%s is a refusal of 503", async (_, more, words) => {
    await expect(ask("/", more)).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 503,
      message: expect.stringContaining(words),
    });
  });
});

describe("a token of a service account", () => {
  test("is for its audience, and masked", async () => {
    const token = await access.createToken({ namespace, name: "nobody" }, "api://AzureADTokenExchange");
    expect(masked).toContain(token);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({
      aud: ["api://AzureADTokenExchange"],
      sub: `system:serviceaccount:${namespace}:nobody`,
      iss: (await cluster.issuer()).url,
    });
    expect(claims.exp - claims.iat).toBe(600);
  });

  test("is refused for one that is not there", async () => {
    await expect(access.createToken({ namespace, name: "none" }, "a")).rejects.toMatchObject({
      status: 404,
      message: 'serviceaccounts "none" not found',
    });
  });

  test("lets whoever has no rights do nothing of all this, and says which is missing", async () => {
    const token = await access.createToken({ namespace, name: "nobody" }, API_AUDIENCE);
    const path = join(scratch, "nobody.json");
    const server = { server: cluster.server, "certificate-authority-data": Buffer.from(cluster.ca).toString("base64") };
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
    const nobody = connect(path);
    const order = { container: "main", command: ["true"], timeoutMs: 20 * SECONDS, until: never };
    const request: ProxyRequest = {
      ...{ resource: "services", target: web, port: "http", scheme: "http", method: "GET", path: "/" },
      ...{ headers: {}, body: undefined, timeoutMs: 20 * SECONDS, until: never },
    };
    const missing = (words: string) => ({ status: 403, reason: "Forbidden", message: expect.stringContaining(words) });
    await expect(nobody.exec(web, order)).rejects.toMatchObject(missing('resource "pods/exec"'));
    await expect(nobody.forward(web, 8080)).rejects.toMatchObject(missing('resource "pods/portforward"'));
    await expect(nobody.proxy(request)).rejects.toMatchObject(missing('cannot get resource "services/proxy"'));
    await expect(nobody.createToken(web, "a")).rejects.toMatchObject(missing('resource "serviceaccounts/token"'));
  });
});

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function askOver(stream: Duplex, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    request({ path, createConnection: () => stream }, (response) => {
      readAll(response).then((body) => resolve({ status: response.statusCode ?? 0, body: body.toString() }), reject);
    })
      .on("error", reject)
      .end();
  });
}
