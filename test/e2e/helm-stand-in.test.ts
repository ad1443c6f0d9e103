import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectCluster } from "../../src/kubernetes/connect-cluster.ts";
import { listReleaseRecords } from "../../src/kubernetes/read-release-records.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { type ApiServer, createApiServer } from "../kubernetes/api-server.ts";
import { execUser, printToken, renderKubeconfig } from "../kubernetes/kubeconfig.ts";
import { playWillingKubelet } from "../kubernetes/willing-kubelet.ts";

/** What proves the stand-in: the clients that everybody uses take it for an API server. */
const tools = {
  kubectl: needTools("kubernetes").kubectl,
  "helm 4": needTools("helm").helm,
  "helm 3": needTools("helm3").helm,
};

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "app:{{ .Values.tag }}", env: [{name: A, value: a}{{ if .Values.extra }}, {name: B, value: b}{{ end }}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
const HOOK = `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: "pre-install,pre-upgrade"}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: m}]}}}
`;

let server: ApiServer;
let folder: string;
beforeAll(async () => {
  server = await createApiServer();
  playWillingKubelet(server);
  folder = mkdtempSync(join(tmpdir(), "mayfly-clients-"));
  mkdirSync(join(folder, "chart/templates"), { recursive: true });
  server.settings.tokens.set("plugged-token", "plugged");
  writeFileSync(join(folder, "kubeconfig"), renderKubeconfig(server, { user: execUser(printToken("plugged-token")) }), {
    mode: 0o600,
  });
  writeFileSync(join(folder, "chart/Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 0.1.0\n");
  writeFileSync(join(folder, "chart/values.yaml"), "tag: '1'\nextra: true\n");
  writeFileSync(join(folder, "chart/templates/web.yaml"), DEPLOYMENT);
  writeFileSync(join(folder, "chart/templates/hook.yaml"), HOOK);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function run(program: string, ...parameters: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
  const { stdout } = await promisify(execFile)(program, parameters, { env, cwd: folder, timeout: 40_000 });
  return stdout;
}

const containers = (namespace: string) =>
  (
    server.find({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: "web" }) as unknown as {
      spec: { template: { spec: { containers: unknown } } };
    }
  ).spec.template.spec.containers;

describe("the stand-in is an API server", () => {
  const { kubectl } = tools;
  test("to kubectl, with an exec plugin: create, apply in both ways, wait, delete", async () => {
    await run(kubectl, "create", "configmap", "a", "--from-literal=x=1");
    expect(await run(kubectl, "get", "cm", "a", "-o", "jsonpath={.data.x}")).toBe("1");
    const path = join(folder, "web.yaml");
    const write = (image: string): void =>
      writeFileSync(path, DEPLOYMENT.replace(/\{\{ \.Values\.tag \}\}/, image).replace(/\{\{.*\}\}/, ""));
    write("1");
    await run(kubectl, "apply", "-f", path);
    write("2");
    await run(kubectl, "apply", "-f", path);
    expect(await run(kubectl, "rollout", "status", "deploy/web")).toContain("successfully rolled out");
    write("3");
    const taken = run(kubectl, "apply", "--server-side", "--field-manager=other", "-f", path);
    await expect(taken).rejects.toThrow(
      /conflict with "kubectl-client-side-apply" using apps\/v1: \.spec\.template\.spec\.containers\[name="web"\]\.image/,
    );
    await run(kubectl, "apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", path);
    expect(containers("default")).toMatchObject([{ image: "app:3" }]);
    expect(await run(kubectl, "auth", "can-i", "create", "pods")).toBe("yes\n");
    await run(kubectl, "delete", "deploy", "web");
    expect(server.list({ apiVersion: "apps/v1", kind: "ReplicaSet" })).toEqual([]);
    expect(new Set(server.requests.map(({ user }) => user))).toEqual(new Set(["plugged"]));
  }, 60_000);

  for (const version of ["helm 3", "helm 4"] as const) {
    const helm = tools[version];
    test(`to ${version}: install, upgrade, a failure, rollback, and what it keeps is read`, async () => {
      const namespace = version.replace(" ", "");
      const upgrade = (...more: readonly string[]) =>
        run(
          helm,
          "upgrade",
          "--install",
          "web",
          "chart",
          "-n",
          namespace,
          "--create-namespace",
          "--wait",
          "--timeout",
          "20s",
          "--labels",
          "mayfly-run=7",
          ...more,
        );
      await upgrade();
      await upgrade("--set", "tag=2", "--set", "extra=false");
      expect(containers(namespace)).toEqual([{ name: "web", image: "app:2", env: [{ name: "A", value: "a" }] }]);
      server.faults.add({
        when: { method: "PATCH", path: /deployments\/web/ },
        times: 1,
        effect: { status: 403, reason: "Forbidden", message: "not today" },
      });
      await expect(upgrade("--set", "tag=3")).rejects.toThrow(/not today/);
      await run(helm, "rollback", "web", "1", "-n", namespace, "--wait", "--timeout", "20s");
      expect(containers(namespace)).toMatchObject([{ image: "app:1", env: [{ name: "A" }, { name: "B" }] }]);
      const cluster = connectCluster({
        kubeconfig: join(folder, "kubeconfig"),
        context: undefined,
        environment: { PATH: process.env["PATH"] },
        cancelled: new AbortController().signal,
        mask: () => undefined,
        now: () => new Date(),
        sleep: async () => undefined,
      });
      const { releases, unreadable } = await listReleaseRecords(cluster, namespace, "web");
      expect(unreadable).toEqual([]);
      expect(releases.map(({ record }) => `${record.revision} ${record.status}`)).toEqual([
        "4 deployed",
        "3 failed",
        "2 superseded",
        "1 superseded",
      ]);
      expect(releases[1]?.record).toMatchObject({
        name: "web",
        namespace,
        description: expect.stringContaining("not today"),
        labels: { "mayfly-run": "7" },
        chart: { name: "demo", version: "0.1.0" },
        values: { tag: 3 },
        manifest: expect.stringContaining("kind: Service"),
        hooks: [{ path: "demo/templates/hook.yaml", events: ["pre-install", "pre-upgrade"] }],
        applyMethod: version === "helm 4" ? "ssa" : "csa",
      });
      expect(Date.parse(releases[0]?.record.deployedAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
    }, 90_000);
  }
});
