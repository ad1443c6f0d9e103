import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { connectSmokeCluster } from "../../src/actions/smoke/connect-cluster.ts";
import { runSmoke } from "../../src/actions/smoke/run-smoke.ts";
import type { SmokeCluster, SmokeWorld } from "../../src/actions/smoke/world.ts";
import { KubeRefusal } from "../../src/kubernetes/kube-refusal.ts";
import { connectNetwork } from "../../src/network/connect-network.ts";
import { readSpec } from "../../src/smoke/read-spec.ts";
import type { CheckResult } from "../../src/smoke/result.ts";
import { addCluster } from "../azure/aks/add-cluster.ts";
import { stageRunner } from "../azure-adapters/runner-on-emulator.ts";
import { writeImageArchive } from "../cluster/images/archive.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { needCluster } from "../cluster/need-cluster.ts";
import type { TestCluster } from "../cluster/test-cluster.ts";
import { needTools } from "../image-tools/need-tools.ts";

const SECONDS = 1000;
const CLOUD = { cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined } as const;
const never = new AbortController().signal;
const own = randomBytes(3).toString("hex");
const namespace = `private-${own}`;
const SHELL = `mayfly.local/private-shell:${own}`;
const SCRATCH = `mayfly.local/private-scratch:${own}`;

let cluster: TestCluster;
let scratch: string;
/** The same cluster, from a runner that reaches it, and from one that only reaches ARM. */
let ways: Readonly<Record<"direct" | "run-command", SmokeCluster>>;
let commands: () => number;

jest.setTimeout(180 * SECONDS);

const CONTAINER = {
  env: [
    { name: "MODE", value: "live" },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
  ],
  resources: { limits: { cpu: "150m", memory: "64Mi" } },
};
const pod = (name: string, image: string, args: readonly string[]): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "main", image, args, ...CONTAINER }] },
});

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-smoke-private-"));
  cluster = await needCluster();
  const { busybox, kubectl } = needTools("busybox-static", "kubernetes");
  await cluster.loadImage(await writeBusyboxImage(scratch, SHELL));
  const bare = join(scratch, "bare.tar");
  // Nothing but a program: neither cat nor env.
  await writeImageArchive(bare, {
    reference: SCRATCH,
    files: { app: { from: busybox }, "image-of": { text: own } },
    links: { sleep: "app" },
    entrypoint: ["/sleep"],
    command: ["infinity"],
  });
  await cluster.loadImage(bare);
  await cluster.kubectl("create", "namespace", namespace);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db" },
    stringData: { password: "hunter2-secret" },
  };
  const serve = 'mkdir /www; echo \'{"status":"ok"}\' >/www/health.json; echo serving; exec httpd -f -p 8080 -h /www';
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  };
  const items = [secret, pod("web", SHELL, [serve]), pod("bare", SCRATCH, ["infinity"]), service];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectlWith(list, "apply", `--namespace=${namespace}`, "-f", "-");
  const wait = ["wait", `--namespace=${namespace}`, "--for=condition=Ready", "pod/web", "pod/bare", "--timeout=60s"];
  await cluster.kubectl(...wait);

  const { azure, team, runner } = stageRunner();
  const properties = { aadProfile: undefined, apiServerAccessProfile: { enablePrivateCluster: true } };
  const { id } = addCluster(azure, { subscriptionId: team.subscriptionId, name: "private", properties });
  team.assign("Contributor", id);
  azure.aks.connect(id, {
    server: cluster.server,
    caPem: cluster.ca,
    adminKubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
    path: dirname(kubectl),
  });
  // What aks-set-context writes leads to an address that is of no use here.
  const unreachable = join(scratch, "kubeconfig");
  const text = readFileSync(cluster.kubeconfig, "utf8").replaceAll(cluster.server, "https://private.invalid:443");
  await writeFile(unreachable, text, { mode: 0o600 });
  const connect = (kubeconfig: string, more: Readonly<Record<string, string>>): SmokeCluster => {
    const environment = { ...runner.environment, ...more, KUBECONFIG: kubeconfig };
    const pause = async (milliseconds: number): Promise<void> => {
      azure.clock.advance(milliseconds);
      await sleep(Math.min(milliseconds, 500));
    };
    const job = { ...runner, environment, sleep: pause };
    const inputs = { ...CLOUD, ...team, kubeconfig: undefined, kubeContext: undefined };
    const made = connectSmokeCluster(job, inputs, never, { httpClient: azure.httpClient() });
    if (made === undefined) throw new Error("no kubeconfig");
    return made;
  };
  commands = () => azure.traffic.find({ path: /\/runCommand$/ }).length;
  ways = {
    direct: connect(cluster.kubeconfig, {}),
    "run-command": connect(unreachable, { MAYFLY_AKS_ROUTE: "run-command", MAYFLY_AKS_CLUSTER: id }),
  };
}, 180 * SECONDS);

afterAll(async () => {
  await cluster?.kubectl("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
  await rm(scratch, { recursive: true, force: true });
});

function makeWorld(access: SmokeCluster): SmokeWorld & { readonly masked: string[] } {
  const unused = (): never => {
    throw new Error("nobody asks for it here");
  };
  const say = (): void => {};
  const masked: string[] = [];
  return {
    masked,
    log: { info: say, notice: say, warning: say, error: say, group: (_, work) => work() },
    cancelled: never,
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, until) => sleep(milliseconds, undefined, { signal: until }).catch(() => {}),
    mask: (secret) => void masked.push(secret),
    redact: (text) => text,
    cluster: access,
    lastingCluster: access,
    readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
    readReleases: unused,
    network: connectNetwork({ environment: {}, monotonic: () => performance.now(), cancelled: never }),
    nats: unused,
    runHelmTests: unused,
    exchange: unused,
  };
}

async function take(checks: readonly object[], world: SmokeWorld, timeout = "60s"): Promise<readonly CheckResult[]> {
  const parallel = checks.map((check) => ({ timeout, interval: "500ms", optional: true, ...check }));
  const text = JSON.stringify({
    apiVersion: "mayfly/v1alpha1",
    kind: "SmokeTest",
    metadata: { name: "private" },
    spec: { namespace, steps: [{ name: "all", try: [{ parallel }] }] },
  });
  const read = readSpec({ file: "private.yaml", text }, {}, { namespace, timeout: 60 * SECONDS, interval: 500 });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  const options = { only: [], skip: [], timeoutMs: 120 * SECONDS, failFast: false };
  const { tests } = await runSmoke([read.value], world, options);
  return tests.flatMap(({ steps }) => steps.flatMap((step) => step.checks));
}

const tell = (results: readonly CheckResult[]): readonly string[] =>
  results.map(({ outcome, seen }) => `${outcome} ${seen}`);

describe.each(["direct", "run-command"] as const)("a real cluster, route %s", (way) => {
  test("shows what is inside of containers, with programs and without", async () => {
    const world = makeWorld(ways[way]);
    const quoted = ["echo", "$(id)", "a b", "'\""];
    const results = await take(
      [
        { exec: { pod: "web", command: quoted, stdout: "$(id) a b '\"" } },
        { exec: { pod: "web", command: ["sh", "-c", "echo no >&2; exit 7"], exitCode: 7, stderr: "no" } },
        { env: { pod: "web", variables: { MODE: "live", PASSWORD: "hunter2-secret" } } },
        { limits: { pod: "web", cpu: "150m", memory: "64Mi" } },
        { env: { pod: "bare", variables: { MODE: "live", PASSWORD: { startsWith: "hunter2" } } } },
        { limits: { pod: "bare", cpu: "150m", memory: "64Mi" } },
        { http: { url: "service://web:http/health.json", route: "proxy", status: 200 } },
        { logs: { pod: "web", contains: "serving" } },
      ],
      world,
    );
    expect(tell(results)).toEqual([
      `passed exit code 0, stdout ${JSON.stringify("$(id) a b '\"")}`,
      'passed exit code 7, stderr "no"',
      "passed 2 as expected (in /proc/1/environ)",
      "passed cpu 150m, memory 64Mi (by its cgroup)",
      "passed 2 as expected (by the pod's spec: the image has neither cat nor env)",
      "passed cpu 150m, memory 64Mi (as the kubelet reports it: the image has no cat)",
      expect.stringMatching(/^passed .*200/),
      expect.stringMatching(/^passed /),
    ]);
    expect(world.masked).toContain("hunter2-secret");
  });

  test("shows what is wrong, and no value", async () => {
    const results = await take(
      [
        { env: { pod: "web", variables: { PASSWORD: "other" } } },
        { limits: { pod: "web", memory: "65Mi" } },
        { exec: { pod: "bare", command: ["cat"] } },
      ],
      makeWorld(ways[way]),
      // A command takes its time, and what it says comes in three of them.
      way === "direct" ? "2s" : "15s",
    );
    expect(tell(results)).toEqual([
      // The last look may come too late; what was seen before stands.
      expect.stringMatching(/^failed (?:.*: )?PASSWORD differs \(in \/proc\/1\/environ\)$/),
      expect.stringMatching(/^failed (?:.*: )?memory 64Mi \(by its cgroup\)$/),
      expect.stringMatching(/^failed .*exec: "cat".* executable file not found/),
    ]);
  });
});

test("what is asked side by side goes in few commands", async () => {
  const access = ways["run-command"];
  await access.findKind({ apiVersion: "v1", kind: "Pod" });
  const before = commands();
  const refs = ["web", "bare"].map((name) => ({ apiVersion: "v1", kind: "Pod", namespace, name }));
  const found = await Promise.all(refs.map((ref) => access.find(ref)));
  expect(found.map((object) => object?.metadata.name)).toEqual(["web", "bare"]);
  expect(commands() - before).toBe(1);
});
