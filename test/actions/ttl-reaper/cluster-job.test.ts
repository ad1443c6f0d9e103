import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { addCluster } from "../../azure/aks/add-cluster.ts";
import { type Azure, createAzure } from "../../azure/azure.ts";
import { startProxy } from "../../azure/proxy.ts";
import { addTeam, NAMESPACE_REAPER_ROLE, type Team } from "../../azure/team.ts";
import type { ApiServer } from "../../kubernetes/api-server.ts";
import type { JobResult } from "../../runner/job.ts";
import { runJob } from "../../runner/run-job.ts";
import { addStoppedCluster, type ServedCluster, serveCluster } from "../clusters/served-cluster.ts";

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, "../../..");
const NAMESPACE = { apiVersion: "v1", kind: "Namespace" } as const;
const utc = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");

/** The action from its sources on the runner of the tests, through the emulator's proxy, with API servers behind it. */
const opened = new AsyncDisposableStack();
let azure: Azure;
let team: Team;
let good: ServedCluster;
let strict: ServedCluster;
let result: JobResult;
let report: { readonly plan: { readonly subscriptions: readonly { readonly id: string }[] } };

function put(api: ApiServer, name: string, hours: number, more: Readonly<Record<string, unknown>> = {}): void {
  const metadata = { name, labels: { "auto-destroy": "true" }, annotations: { "expires-at": utc(hours) }, ...more };
  api.put({ ...NAMESPACE, metadata, status: { phase: "Active" } });
}

const names = (api: ApiServer): readonly string[] => api.list(NAMESPACE).map(({ metadata }) => metadata.name);

beforeAll(async () => {
  azure = createAzure();
  azure.aks.settings.silentMilliseconds = 50;
  team = addTeam(azure);
  const proxy = opened.use(await startProxy(azure));
  const folder = mkdtempSync(join(tmpdir(), "mayfly-sweep-"));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  good = await serveCluster({ azure, team, opened }, "aks-good");
  strict = await serveCluster({ azure, team, opened }, "aks-strict", {
    aadProfile: { managed: true, enableAzureRBAC: true },
  });
  strict.api.settings.may = () => "User does not have access to the resource in Azure.";
  const stopped = addStoppedCluster(azure, team, "aks-stopped");
  const hidden = addCluster(azure, {
    subscriptionId: team.subscriptionId,
    name: "aks-hidden",
    properties: { apiServerAccessProfile: { enablePrivateCluster: true } },
  });
  const foreign = addCluster(azure, { subscriptionId: team.subscriptionId, name: "aks-foreign" });
  for (const { id } of [stopped, hidden]) team.assign(NAMESPACE_REAPER_ROLE, id);

  put(good.api, "pr-1", -2);
  put(good.api, "pr-2", 2);
  put(good.api, "pr-3", -2, { annotations: { "expires-at": "tomorrow" } });
  put(good.api, "kube-system", -2);
  put(strict.api, "pr-4", -2);

  const ids = [stopped.id, hidden.id, strict.id, foreign.id, good.id];
  const job = {
    repositoryRoot: layOut(join(folder, "repository")),
    machineEnv: { PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1", ...proxy.env },
    permissions: { "id-token": "write" },
    idToken: team.job,
    github: { repository: "octo/shop", event_name: "schedule" },
  };
  const inputs = {
    "client-id": team.clientId,
    "tenant-id": team.tenantId,
    clusters: ids.join("\n"),
    "all-names": "true",
    "dry-run": "false",
  };
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  const env = { REPORT: "${{ steps.reap.outputs.report }}" };
  const keep = { if: "always()", run: `cp "$REPORT" ${join(folder, "report.json")}`, env };
  result = await runJob({ ...job, steps: [{ id: "reap", uses: "$/actions/ttl-reaper", with: inputs }, keep] });
  report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
}, 120_000);
afterAll(async () => opened.disposeAsync());

/** A repository whose dist runs this one's sources. */
function layOut(root: string): string {
  cpSync(join(ROOT, "actions/ttl-reaper"), join(root, "actions/ttl-reaper"), { recursive: true });
  const dist = join(root, "dist/ttl-reaper");
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "dist/package.json"), '{"type":"module"}');
  for (const stage of ["index", "post"]) {
    const source = JSON.stringify(join(ROOT, "src/actions/ttl-reaper", `${stage}.ts`));
    writeFileSync(join(dist, `${stage}.js`), `await import(${source});\n`);
  }
  return root;
}

describe("a job that sweeps five clusters, of which one is open to it", () => {
  const reap = () => result.steps.find(({ id, stage }) => id === "reap" && stage === "main");

  test("deletes what has expired there, and nothing else", () => {
    expect(names(good.api)).toEqual(["default", "kube-system", "pr-2", "pr-3"]);
    expect(names(strict.api)).toContain("pr-4");
    expect(reap()?.outputs).toMatchObject({ expired: "1", deleted: "1", kept: "2", odd: "1" });
  });

  test("binds the DELETE to what it has looked at", () => {
    const deletes = good.api.requests.filter(({ method }) => method === "DELETE");
    expect(deletes).toMatchObject([
      {
        path: "/api/v1/namespaces/pr-1",
        user: team.principal.objectId,
        status: 200,
        body: { preconditions: { uid: expect.stringMatching(/./), resourceVersion: expect.stringMatching(/^\d+$/) } },
      },
    ]);
  });

  test("asks for nothing but namespaces", () => {
    const paths = new Set(good.api.requests.map(({ path }) => path.replace(/(?<=namespaces)\/.*/, "")));
    expect([...paths].sort()).toEqual(["/api/v1", "/api/v1/namespaces"]);
  });

  test("tells of each other one what mends it, and fails for those that somebody has to mend", () => {
    expect(reap()).toMatchObject({ outcome: "failure" });
    const said = result.annotations.map(({ message }) => message).join("\n");
    expect(said).toContain('The cluster "aks-stopped" is stopped');
    expect(said).toContain("az aks start");
    expect(said).toContain('The cluster "aks-hidden" is private');
    expect(said).not.toContain("run-command");
    expect(said).toContain('may not list the namespaces of the cluster "aks-strict"');
    expect(said).toContain("Microsoft.ContainerService/managedClusters/namespaces/delete");
    expect(said).toContain(team.principal.objectId);
    expect(said).toContain("aks-foreign");
    expect(said).toContain("kubectl annotate namespace pr-3 expires-at=");
    expect(result.summary).toContain("3 of 5 clusters not read");
    expect(report.plan.subscriptions).toHaveLength(5);
  });

  test("leaves no token anywhere that people or later steps look", () => {
    const text = [result.summary, ...result.log.map((line) => JSON.stringify(line)), JSON.stringify(report)].join("\n");
    expect(text).not.toMatch(/eyJ[\w-]{20,}\.[\w-]+\./);
    expect(result.env).not.toHaveProperty("KUBECONFIG");
  });
});
