import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { connectSmokeCluster } from "../../../src/actions/smoke/connect-cluster.ts";
import { addCluster } from "../../azure/aks/add-cluster.ts";
import type { CommandJob } from "../../azure/aks/run-shell.ts";
import { type RunnerStage, stageRunner } from "../../azure-adapters/runner-on-emulator.ts";
import { renderKubeconfig } from "../../kubernetes/kubeconfig.ts";

// The SDK of Azure takes its time to load on a busy machine.
jest.setTimeout(30_000);

const CLOUD = { cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined } as const;
let stage: RunnerStage;
let kubeconfig: string;

beforeEach(() => {
  stage = stageRunner();
  kubeconfig = join(mkdtempSync(join(stage.runner.tempFolder, "kube-")), "config");
  const server = { url: "https://private.invalid", authority: { certificate: "", key: "" } };
  writeFileSync(kubeconfig, renderKubeconfig(server as never, { namespace: "shop" }));
});
afterEach(() => rmSync(stage.runner.tempFolder, { recursive: true }));

function connect(
  environment: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string | undefined>> = {},
) {
  const { runner, team, azure } = stage;
  const { clientId, tenantId } = team;
  const inputs = { ...CLOUD, kubeconfig: undefined, kubeContext: undefined, clientId, tenantId, ...given };
  const job = { ...runner, environment: { ...runner.environment, HOME: stage.runner.tempFolder, ...environment } };
  return connectSmokeCluster(job, inputs, runner.cancelled, { httpClient: azure.httpClient() });
}

describe("the cluster of a smoke test", () => {
  test("is none without a kubeconfig, and one that is named has to be there", () => {
    expect(connect({})).toBeUndefined();
    expect(() => connect({}, { kubeconfig: "nowhere" })).toThrow(
      expect.objectContaining({ code: "kubeconfig-missing" }),
    );
    expect(() => connect({ KUBECONFIG: "nowhere" })).toThrow(expect.objectContaining({ code: "kubeconfig-missing" }));
  });

  test("is the one of the kubeconfig, directly", () => {
    expect(connect({ KUBECONFIG: kubeconfig })).toMatchObject({ server: "https://private.invalid", namespace: "shop" });
  });

  test("is asked by commands of ARM where aks-set-context found no other way", async () => {
    const { azure, team } = stage;
    const { id } = addCluster(azure, { subscriptionId: team.subscriptionId, name: "shop" });
    team.assign("Contributor", id);
    const jobs: CommandJob[] = [];
    azure.aks.onCommand((job) => {
      jobs.push(job);
      return { exitCode: 0, logs: "::missing curl\n" };
    });
    const route = { KUBECONFIG: kubeconfig, MAYFLY_AKS_ROUTE: "run-command", MAYFLY_AKS_CLUSTER: id };
    const cluster = connect(route);
    await expect(cluster?.readVersion()).rejects.toMatchObject({ code: "run-command-failed" });
    expect(jobs).toMatchObject([{ cluster: id, files: [{ name: "mayfly/0001.limit" }, {}, {}] }]);
    // Of another kubeconfig nobody knows that.
    const other = join(stage.runner.tempFolder, "other");
    writeFileSync(
      other,
      renderKubeconfig({ url: "https://other.invalid", authority: { certificate: "", key: "" } } as never),
    );
    expect(connect(route, { kubeconfig: other })).toMatchObject({ server: "https://other.invalid" });
  });

  test("needs a login in Azure, and the cluster's id, to be asked by commands", () => {
    const route = { KUBECONFIG: kubeconfig, MAYFLY_AKS_ROUTE: "run-command" };
    const missing = (word: string) =>
      expect.objectContaining({ code: "route-needs-login", message: expect.stringContaining(word) });
    expect(() => connect(route)).toThrow(missing("MAYFLY_AKS_CLUSTER"));
    const { subscriptionId } = stage.team;
    const { id } = addCluster(stage.azure, { subscriptionId, name: "shop" });
    expect(() => connect({ ...route, MAYFLY_AKS_CLUSTER: id }, { clientId: undefined })).toThrow(missing("client-id"));
  });
});
