import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Azure, createAzure } from "../../azure/azure.ts";
import { startProxy } from "../../azure/proxy.ts";
import { addTeam, NAMESPACE_REAPER_ROLE, type Team } from "../../azure/team.ts";
import { withToken } from "../../github/job-token.ts";
import type { ApiServer } from "../../kubernetes/api-server.ts";
import type { JobResult } from "../../runner/job.ts";
import { runJob } from "../../runner/run-job.ts";
import { addStoppedCluster, type ServedCluster, serveCluster } from "../clusters/served-cluster.ts";

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, "../../..");
const NAMESPACE = { apiVersion: "v1", kind: "Namespace" } as const;
const [SHOP, SHOP_ID] = ["octo/shop", "599293758"];
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");

/** A closed pull request whose environment is a namespace, and a gate of each cluster that might have it. */
const opened = new AsyncDisposableStack();
let azure: Azure;
let team: Team;
let good: ServedCluster;
let strict: ServedCluster;
let result: JobResult;

async function open(name: string, properties = {}): Promise<ServedCluster> {
  const cluster = await serveCluster({ azure, team, opened }, name, properties);
  const labels = { "auto-destroy": "true", "mayfly-environment": "pr-12", "mayfly-repository-id": SHOP_ID };
  const metadata = { name: "shop-pr-12", labels, annotations: { "expires-at": TOMORROW } };
  cluster.api.put({ ...NAMESPACE, metadata, status: { phase: "Active" } });
  return cluster;
}

const endIn = ({ api }: { readonly api: ApiServer }) =>
  api.list(NAMESPACE).find(({ metadata }) => metadata.name === "shop-pr-12")?.metadata.annotations?.["expires-at"];
const step = (id: string) => result.steps.find((each) => each.id === id && each.stage === "main");

beforeAll(async () => {
  azure = createAzure();
  azure.aks.settings.silentMilliseconds = 50;
  team = addTeam(azure);
  const { githubApi: github } = azure;
  github.addRepository({ name: SHOP, id: SHOP_ID });
  github.addPullRequest(SHOP, { number: 12 }).close();
  const proxy = opened.use(await startProxy(azure));
  const root = mkdtempSync(join(tmpdir(), "mayfly-gate-"));
  opened.defer(() => rmSync(root, { recursive: true, force: true }));
  layOut(root);
  good = await open("aks-good");
  strict = await open("aks-strict", { aadProfile: { managed: true, enableAzureRBAC: true } });
  strict.api.settings.may = () => "User does not have access to the resource in Azure.";
  const stopped = addStoppedCluster(azure, team, "aks-stopped");
  team.assign(NAMESPACE_REAPER_ROLE, `/subscriptions/${team.subscriptionId}/resourceGroups/shared`);

  const gate = (id: string, place: Readonly<Record<string, string>>) => ({
    id,
    uses: "$/actions/preview",
    if: "always()",
    with: {
      command: "gate",
      "only-destroy": "true",
      "client-id": team.clientId,
      "tenant-id": team.tenantId,
      "subscription-id": team.subscriptionId,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
      "github-token": "${{ github.token }}",
      ...place,
    },
  });
  const job = {
    repositoryRoot: root,
    // What a kubeconfig says is nothing to go by.
    machineEnv: {
      ...{ PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1", KUBECONFIG: "/nowhere/config" },
      ...proxy.env,
    },
    permissions: { "id-token": "write", "pull-requests": "write", checks: "write" },
    idToken: team.job,
    github: {
      repository: SHOP,
      repository_id: SHOP_ID,
      event_name: "pull_request_target",
      event: github.pullEvent(SHOP, 12, "closed"),
    },
    steps: [
      gate("stopped", { cluster: stopped.id }),
      gate("strict", { cluster: strict.id }),
      gate("nowhere", { cluster: "aks-good" }),
      gate("none", { cluster: "aks-none", "resource-group": "shared" }),
      gate("good", { cluster: "aks-good", "resource-group": "shared" }),
    ],
  };
  result = await runJob(withToken(github, job));
}, 120_000);
afterAll(async () => opened.disposeAsync());

/** A repository whose dist runs this one's sources. */
function layOut(root: string): void {
  cpSync(join(ROOT, "actions/preview"), join(root, "actions/preview"), { recursive: true });
  const dist = join(root, "dist/preview");
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(root, "package.json"), "{}");
  writeFileSync(join(root, "dist/package.json"), '{"type":"module"}');
  const source = JSON.stringify(join(ROOT, "src/actions/preview/index.ts"));
  writeFileSync(join(dist, "index.js"), `await import(${source});\n`);
}

describe("the environment of a closed pull request in a shared cluster", () => {
  test("is found by the roles of the job's identity, and brought to its end", () => {
    expect(step("good")).toMatchObject({
      outcome: "success",
      outputs: { decision: "destroy", "reason-code": "closed" },
    });
    expect(new Date(String(endIn(good))).getTime()).toBeLessThan(new Date(TOMORROW).getTime() - 3_600_000);
    const asked = good.api.requests.map(({ method, user }) => [method, user]);
    expect(asked).toContainEqual(["PATCH", team.principal.objectId]);
    expect(new Set(asked.map(([, user]) => user))).toEqual(new Set([team.principal.objectId]));
  });

  test.each([
    ["stopped", "cluster-stopped"],
    ["strict", "cluster-access-denied"],
    ["none", "cluster-not-found"],
  ])("is unseen where the cluster is %s, and nothing is destroyed", (id, code) => {
    expect(step(id)).toMatchObject({
      outcome: "failure",
      outputs: { decision: "keep", "reason-code": "unseen", "error-code": code },
    });
    expect(endIn(strict)).toBe(TOMORROW);
  });

  test("is told with what mends it", () => {
    const said = result.annotations.map(({ message }) => message).join("\n");
    expect(said).toContain("az aks start");
    for (const right of ["read", "write", "delete"])
      expect(said).toContain(`Microsoft.ContainerService/managedClusters/namespaces/${right}`);
    expect(said).toContain("Mayfly previews aks-strict");
  });

  test("is not looked for where nobody says in which group the cluster is", () => {
    expect(step("nowhere")).toMatchObject({ outcome: "failure", outputs: { "error-code": "bad-input" } });
  });

  test("leaves no kubeconfig and no token to a later step", () => {
    const text = [result.summary, ...result.log.map((line) => JSON.stringify(line))].join("\n");
    expect(text).not.toMatch(/eyJ[\w-]{20,}\.[\w-]+\./);
    expect(result.env).not.toHaveProperty("KUBE_CONFIG_PATH");
  });
});
