import { describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { connectManagedClusters } from "../../src/azure/connect-managed-clusters.ts";
import { addCluster } from "../azure/aks/add-cluster.ts";
import { COMMAND_FAILURES, type CommandPlan } from "../azure/aks/run-command.ts";
import type { CommandJob, CommandResult } from "../azure/aks/run-shell.ts";
import type { Json } from "../azure/wire.ts";
import { stage } from "./registry-on-emulator.ts";

function setUp(properties: Json = {}, result: CommandResult = { exitCode: 0, logs: "hello\n" }) {
  const scene = stage({ teamRoles: [] });
  const { azure, team } = scene;
  const cluster = addCluster(azure, { subscriptionId: team.subscriptionId, name: "shop", properties });
  team.assign("Contributor", cluster.id);
  const jobs: CommandJob[] = [];
  azure.aks.onCommand((job) => {
    jobs.push(job);
    return result;
  });
  const clusters = connectManagedClusters(scene.arm);
  const place = { subscriptionId: team.subscriptionId, resourceGroup: "shared", name: "shop" };
  const run = (command = "kubectl get pods", files?: Uint8Array) =>
    clusters.runCommand(place, { command, ...(files === undefined ? {} : { files }) });
  const begun = () => azure.traffic.find({ path: /\/runCommand$/ }).length;
  return { ...scene, cluster, jobs, run, begun };
}

describe("a command through ARM", () => {
  test("is followed to its end, with its exit code and what it printed", async () => {
    const { azure, run, waits } = setUp({}, { exitCode: 3, logs: "no such pod\n" });
    azure.aks.settings.commandSeconds = 10;
    expect(await run()).toEqual({ exitCode: 3, output: "no such pod\n", cut: false });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
  });

  test("keeps the time between two looks that ARM asks for", async () => {
    const { azure, run, waits } = setUp();
    Object.assign(azure.aks.settings, { commandSeconds: 20, commandRetryAfterSeconds: 7 });
    await run();
    expect(waits).toEqual([7_000, 7_000, 7_000]);
  });

  test("speaks as the job's identity where the cluster has Entra integration, and takes files along", async () => {
    const { run, jobs, team } = setUp();
    const empty = Buffer.from("PK\u0005\u0006".padEnd(22, "\0"), "latin1");
    await run("cat values.yaml", empty);
    expect(jobs).toMatchObject([{ command: "cat values.yaml", files: [] }]);
    expect(decodeJwt(`${jobs[0]?.token}`)).toMatchObject({
      aud: "6dae42f8-4368-4678-94ff-3960e28e3630",
      iss: `https://sts.windows.net/${team.tenantId}/`,
      oid: team.principal.objectId,
    });
  });

  test("needs no token in a cluster without", async () => {
    const { run, jobs } = setUp({ aadProfile: undefined });
    await run();
    expect(jobs).toMatchObject([{ token: undefined }]);
  });

  test("says that its output was cut at 512 kB", async () => {
    const { run } = setUp({}, { exitCode: 0, logs: "x".repeat(600_000) });
    const { output, cut } = await run();
    expect({ length: output.length, cut }).toEqual({ length: 524_288, cut: true });
  });

  test.each([
    ["in its first answer", false],
    ["at a poll", true],
  ])("whose pod does not start is asked for once more (%s)", async (_, later) => {
    const { azure, run, begun } = setUp();
    azure.aks.planCommand({ ...COMMAND_FAILURES.notStarted, later });
    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(begun()).toBe(2);
  });

  test.each<[string, CommandPlan, string, RegExp]>([
    [
      "whose pod does not start twice",
      { ...COMMAND_FAILURES.notStarted, times: 2 },
      "run-command-not-scheduled",
      /200m CPU[\s\S]*az aks nodepool list --resource-group shared --cluster-name shop/,
    ],
    [
      "for which no node has room",
      { ...COMMAND_FAILURES.notSchedulable, times: 2 },
      "run-command-not-scheduled",
      /at two tries/,
    ],
    ["that a policy refuses", { ...COMMAND_FAILURES.policy, times: 2 }, "run-command-failed", /namespace aks-command/],
    [
      "with too many files",
      { status: 413, code: "RequestContentTooLarge", message: "The request content size exceeds 4 MB." },
      "run-command-too-large",
      /send fewer files/,
    ],
  ])("%s is told with what to do", async (_, plan, code, message) => {
    const { azure, run, begun } = setUp();
    azure.aks.planCommand(plan);
    await expect(run()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(begun()).toBe(plan.times ?? 1);
  });

  test("is not even sent to a cluster that has it switched off", async () => {
    const { run, begun } = setUp({ apiServerAccessProfile: { disableRunCommand: true } });
    await expect(run()).rejects.toMatchObject({
      code: "run-command-disabled",
      message: expect.stringContaining("az aks update --resource-group shared --name shop --enable-run-command"),
    });
    expect(begun()).toBe(0);
  });

  test("that was switched off meanwhile is told alike", async () => {
    const { azure, run } = setUp();
    const message = "Run command is disabled for managed cluster shop.";
    azure.aks.planCommand({ code: "BadRequest", message });
    await expect(run()).rejects.toMatchObject({ code: "run-command-disabled" });
  });

  test("that Azure could not end is told with what it printed last", async () => {
    const { azure, run } = setUp();
    azure.faults.add(
      { name: "lost", when: { path: /\/commandResults\// } },
      {
        kind: "respond",
        status: 200,
        body: { properties: { provisioningState: "Failed", reason: "pod was evicted", logs: "step 1\n" } },
      },
    );
    await expect(run()).rejects.toMatchObject({
      code: "run-command-failed",
      message: expect.stringMatching(/pod was evicted[\s\S]*step 1/),
    });
  });

  test("is waited for when ARM is throttled before it begins, and never sent twice when its answer is lost", async () => {
    const { azure, run, begun, jobs } = setUp();
    azure.faults.add({ name: "busy", when: { path: /\/runCommand$/ }, times: 1 }, { kind: "throttle", seconds: 2 });
    await run();
    expect({ begun: begun(), ran: jobs.length }).toEqual({ begun: 2, ran: 1 });
    azure.faults.add({ name: "cut", when: { path: /\/runCommand$/ } }, { kind: "reset", carriedOut: true });
    await expect(run()).rejects.toMatchObject({ code: "arm-unreachable" });
    expect(jobs).toHaveLength(2);
  });

  test("is no longer followed once the job is cancelled, or its time is over", async () => {
    const { azure, run, cancel, time } = setUp();
    azure.aks.settings.commandSeconds = Number.POSITIVE_INFINITY;
    const stop = time.sleep;
    let waits = 0;
    time.sleep = async (milliseconds) => {
      waits += 1;
      if (waits === 3) cancel.abort(new Error("cancelled by SIGINT"));
      return stop(milliseconds);
    };
    await expect(run()).rejects.toMatchObject({ code: "cancelled" });
    const late = setUp();
    late.azure.aks.settings.commandSeconds = Number.POSITIVE_INFINITY;
    await expect(late.run()).rejects.toMatchObject({ code: "deadline-reached" });
  });
});
