import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createAzure } from "../azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam } from "../azure/team.ts";
import { type AskApi, connectApi } from "../cluster/ask-api.ts";
import { AKS_SERVER } from "../cluster/door/authentication-config.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { type Layout, readLayout } from "../cluster/layout.ts";
import { findProcesses } from "../cluster/node/processes.ts";
import { readRecord } from "../cluster/record.ts";
import { startCluster, type TestCluster } from "../cluster/test-cluster.ts";
import { describeMachine, listTraces } from "../cluster/traces.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { pod, webServer } from "./cluster-objects.ts";
import { publish } from "./nats-messages.ts";
import { until } from "./until.ts";

const IMAGE = "mayfly.local/shell:1";
const SECONDS = 1000;

/** A cluster of this test's own, beside the one that tests share: it is killed and ended in here. */
let cluster: TestCluster;
let layout: Layout;
let scratch: string;
let home: string;
let before: readonly string[];
let api: AskApi;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-bed-"));
  home = join(scratch, "home");
  before = await describeMachine();
  cluster = await timed("up, with DNS", () => startCluster({ home, addons: ["dns"], info: say }));
  layout = readLayout(home);
  api = connectApi(layout);
  await cluster.loadImage(await writeBusyboxImage(scratch, IMAGE));
}, 120 * SECONDS);

afterAll(async () => {
  api.close();
  await cluster.stop();
  await rm(scratch, { recursive: true, force: true });
}, 60 * SECONDS);

const say = (line: string) => process.stderr.write(`  cluster: ${line}\n`);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  say(`${what}: ${((performance.now() - started) / SECONDS).toFixed(1)} s`);
  return result;
}

const apply = (...items: readonly object[]) =>
  cluster.kubectlWith(JSON.stringify({ apiVersion: "v1", kind: "List", items }), "apply", "-f", "-");

describe("a node with real pods", () => {
  beforeAll(async () => {
    await timed("two replicas behind a Service", async () => {
      await apply(...webServer(IMAGE), pod("shell", IMAGE));
      await cluster.kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout=60s");
      await cluster.kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=60s");
    });
  }, 90 * SECONDS);

  test("answers at a ClusterIP from this machine, from either replica", async () => {
    const address = await cluster.kubectl("get", "service", "web", "--output=jsonpath={.spec.clusterIP}");
    const names = (
      await cluster.kubectl("get", "pods", "-lapp=web", "--output=jsonpath={.items[*].metadata.name}")
    ).split(" ");
    const seen = new Set<string>();
    for (let asked = 0; asked < 100 && seen.size < 2; asked++) {
      seen.add((await (await fetch(`http://${address}`, { headers: { connection: "close" } })).text()).trim());
    }
    expect([...seen].sort()).toEqual(names.sort());
  });

  test("knows Services by name in its pods, and no other name", async () => {
    expect(
      await cluster.kubectl("exec", "shell", "--", "wget", "-q", "-O", "-", "http://web.default.svc.cluster.local"),
    ).toMatch(/^web-/);
    expect(await cluster.kubectl("exec", "shell", "--", "wget", "-q", "-O", "-", "http://web")).toMatch(/^web-/);
    await expect(cluster.kubectl("exec", "shell", "--", "nslookup", "example.com")).rejects.toThrow("NXDOMAIN");
  });

  test("shows logs, and passes on what a command in a pod ends with", async () => {
    expect(await cluster.kubectl("logs", "deployment/web")).toContain("serving");
    expect(await cluster.kubectl("exec", "shell", "--", "id", "-u")).toBe("0\n");
    await expect(cluster.kubectl("exec", "shell", "--", "sh", "-c", "exit 7")).rejects.toThrow("ended with 7");
  });

  test("names the issuer of service accounts' tokens as AKS does, with its keys", async () => {
    const { url, jwks } = await cluster.issuer();
    expect(url).toMatch(/^https:\/\/westeurope\.oic\.prod-aks\.azure\.com\/[^/]+\/[^/]+\/$/);
    const token = await cluster.kubectl("create", "token", "default", "--audience=api://AzureADTokenExchange");
    const [header = "", claims = ""] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
    expect(JSON.parse(claims)).toMatchObject({
      iss: url,
      aud: ["api://AzureADTokenExchange"],
      sub: "system:serviceaccount:default:default",
    });
    expect(jwks.keys).toContainEqual(expect.objectContaining({ kid: JSON.parse(header).kid, alg: "RS256" }));
  });
});

describe("an emulated Azure beside it", () => {
  const azure = createAzure();
  const team = addTeam(azure);
  const node = azure.entra.addManagedIdentity({
    tenantId: team.tenantId,
    clientId: "c11e0000-0000-4000-8000-00000000000a",
    objectId: "0b1ec700-0000-4000-8000-00000000000a",
  });
  const registry = azure.acr.addRegistry({ name: "mayflybed", subscriptionId: team.subscriptionId });
  let proxy: EmulatorProxy;
  let attached: AsyncDisposable;

  beforeAll(async () => {
    proxy = await startProxy(azure);
    const registries = [registry.loginServer];
    attached = await timed("attached", () =>
      cluster.attach({ azure, proxy, tenantId: team.tenantId, kubelet: node, registries }),
    );
  }, 90 * SECONDS);

  afterAll(async () => {
    await attached[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  const ask = (token: string) => api("/api/v1/namespaces/default/pods", { token });
  const bind = (name: string, kind: "User" | "Group", subject: string) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name, namespace: "default" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind, name: subject }],
  });

  test("issues tokens that the API server takes, and RBAC decides by the object id", async () => {
    const token = azure.entra.accessToken(team.principal, AKS_SERVER);
    const refused = await ask(token);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(`User \\"${team.principal.objectId}\\" cannot list resource \\"pods\\"`);
    await apply(bind("by-object-id", "User", team.principal.objectId));
    await until(async () => (await ask(token)).status === 200);
  });

  test(
    "takes no token for something else, or of a tenant that nobody vouches for, until somebody does",
    async () => {
      expect((await ask(azure.entra.accessToken(team.principal))).status).toBe(401);
      const other = "0717e200-0000-4000-8000-000000000002";
      azure.entra.addTenant({ id: other });
      const far = azure.entra.addApplication({
        tenantId: other,
        clientId: "far",
        objectId: "0b1ec700-0000-4000-8000-00000000000b",
      });
      const token = azure.entra.accessToken(far, AKS_SERVER);
      expect((await ask(token)).status).toBe(401);
      await using _ = await timed("another tenant trusted", () => cluster.trust(other));
      expect((await ask(token)).status).toBe(403);
    },
    90 * SECONDS,
  );

  test(
    "pulls with the kubelet's identity: not without AcrPull, and with it",
    async () => {
      const { skopeo } = needTools("skopeo");
      const reference = `${registry.loginServer}/team/app:1`;
      const archive = await writeBusyboxImage(scratch, reference);
      const { username, password } = registry.credentials();
      await promisify(execFile)(
        skopeo,
        [
          "--insecure-policy",
          "copy",
          `--dest-creds=${username}:${password}`,
          `oci-archive:${archive}`,
          `docker://${reference}`,
        ],
        { env: { PATH: "/usr/bin:/bin", ...proxy.env } },
      );
      await apply(pod("puller", reference));
      const refusal = await timed("pull refused", () => until(() => waitingMessage("puller")));
      expect(refusal).toContain("failed to fetch anonymous token");
      expect(refusal).toContain("401 Unauthorized");

      azure.arm.assignRole(node.objectId, "AcrPull", registry.id);
      await cluster.kubectl("delete", "pod", "puller", "--force");
      await apply(pod("puller", reference));
      await timed("pulled and running", () =>
        cluster.kubectl("wait", "--for=condition=Ready", "pod/puller", "--timeout=60s"),
      );
      expect(azure.traffic.find({ path: /^\/oauth2\/exchange$/ }).map(({ status }) => status)).toContain(200);
    },
    120 * SECONDS,
  );
});

describe("NATS and KEDA", () => {
  beforeAll(async () => {
    await timed("NATS and KEDA put in", () => startCluster({ home, addons: ["nats", "keda"] }));
  }, 120 * SECONDS);

  test(
    "start a Job for a message",
    async () => {
      const address = await cluster.kubectl("get", "service", "nats", "-n=nats", "--output=jsonpath={.spec.clusterIP}");
      await publish(address, [
        ["$JS.API.STREAM.CREATE.WORK", { name: "WORK", subjects: ["work.>"] }],
        [
          "$JS.API.CONSUMER.DURABLE.CREATE.WORK.workers",
          { stream_name: "WORK", config: { durable_name: "workers", ack_policy: "explicit" } },
        ],
        ["work.new", { order: 1 }],
      ]);
      const containers = [{ name: "main", image: IMAGE, args: ["echo done"] }];
      const metadata = {
        natsServerMonitoringEndpoint: "nats.nats.svc:8222",
        account: "$G",
        stream: "WORK",
        consumer: "workers",
        lagThreshold: "1",
      };
      await apply({
        apiVersion: "keda.sh/v1alpha1",
        kind: "ScaledJob",
        metadata: { name: "worker" },
        spec: {
          pollingInterval: 2,
          maxReplicaCount: 1,
          jobTargetRef: { template: { spec: { restartPolicy: "Never", containers } } },
          triggers: [{ type: "nats-jetstream", metadata }],
        },
      });
      const job = ["job", "--selector=scaledjob.keda.sh/name=worker", "--output=jsonpath={.items[*].status.succeeded}"];
      await timed("a Job done for a message", () =>
        until(async () => (await cluster.kubectl("get", ...job)).startsWith("1")),
      );
    },
    60 * SECONDS,
  );
});

describe("what it leaves", () => {
  test(
    "a cluster whose every process is killed is cleared by the next start",
    async () => {
      for (const { pid } of findProcesses(home)) process.kill(pid, "SIGKILL");
      expect(listTraces(layout)).not.toEqual([]);
      const lines: string[] = [];
      await timed("up after kill -9", () => startCluster({ home, info: (line) => lines.push(line) }));
      expect(lines[0]).toBe("removed what a cluster that was killed had left");
      expect(await cluster.kubectl("get", "pods", "--all-namespaces", "--output=name")).toBe("");
    },
    60 * SECONDS,
  );

  test("a second start finds it", async () => {
    const running = readRecord(layout);
    await timed("up again", () => startCluster({ home }));
    expect(readRecord(layout)).toEqual(running);
  });

  test(
    "its end leaves nothing on this machine",
    async () => {
      await timed("down", () => cluster.stop());
      expect(listTraces(layout)).toEqual([]);
      expect(await describeMachine()).toEqual(before);
    },
    60 * SECONDS,
  );
});

async function waitingMessage(name: string): Promise<string | undefined> {
  const path = "{.status.containerStatuses[0].state.waiting.message}";
  const message = await cluster.kubectl("get", "pod", name, `--output=jsonpath=${path}`);
  return message.includes("failed to") ? message : undefined;
}
