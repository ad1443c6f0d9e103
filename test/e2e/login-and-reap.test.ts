import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { readReport, readVerdicts } from "./evidence.ts";
import { type FakeAz, installFakeAz } from "./fake-az.ts";
import { hoursFromNow, login, openScene, type Played, reap, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

describe("a job that logs in and reaps", () => {
  let scene: Scene;
  let az: FakeAz;
  let played: Played;
  beforeAll(async () => {
    scene = await openScene();
    az = installFakeAz();
    scene.add("pr-1");
    scene.add("pr-2");
    scene.add("pr-3", { "auto-destroy": "true", "expires-at": hoursFromNow(5) });
    scene.add("prod", { owner: "mona" });
    played = await scene.play({
      machineEnv: az.machineEnv({ ...scene.base.machineEnv }),
      steps: [login(scene.team, { export: "terraform, az" }), reap()],
    });
  });
  afterAll(async () => {
    az[Symbol.dispose]();
    await scene[Symbol.asyncDispose]();
  });
  const step = (id: string, stage = "main") => played.steps.find((row) => row.id === id && row.stage === stage);

  test("runs under the Node that GitHub runs actions with, and ends well", () => {
    expect(process.versions.node).toMatch(/^24\./);
    expect(played.steps.map(({ id, stage, exitCode }) => `${stage} ${id}: ${exitCode}`)).toEqual([
      "main login: 0",
      "main reap: 0",
      "post reap: 0",
      "post login: 0",
    ]);
    expect(played.annotations).toEqual([]);
  });

  test("deletes what has expired and nothing else", () => {
    expect(scene.names()).toEqual(["pr-3", "prod"]);
    expect([...scene.deletes()].sort()).toEqual(["pr-1", "pr-2"]);
  });

  test("asks for nothing but what this takes", () => {
    const { subscriptionId: id, tenantId, job } = scene.team;
    const { host, pathname } = new URL(job.requestUrl);
    const arm = `management.azure.com/subscriptions/${id}`;
    const asked = scene.azure.traffic.requests.map((request) => `${request.method} ${request.host}${request.path}`);
    expect([...new Set(asked)].sort()).toEqual(
      [
        `GET ${host}${pathname}`,
        `POST login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
        "GET management.azure.com/subscriptions",
        `GET ${arm}/providers/Microsoft.Authorization/locks`,
        `GET ${arm}/providers/Microsoft.Authorization/denyAssignments`,
        `GET ${arm}/resourcegroups`,
        `GET ${arm}/resourcegroups/pr-1`,
        `GET ${arm}/resourcegroups/pr-2`,
        `DELETE ${arm}/resourcegroups/pr-1`,
        `DELETE ${arm}/resourcegroups/pr-2`,
      ].sort(),
    );
    expect(scene.azure.traffic.refused()).toEqual([]);
    // One token for each process that needs one: the login, its az, the reaper.
    const count = (path: RegExp): number => scene.azure.traffic.find({ path }).length;
    expect([count(/\/idtoken\//), count(/\/oauth2\//)]).toEqual([3, 2]);
  });

  test("hands on ids and switches, and no token", () => {
    const { clientId, tenantId, subscriptionId } = scene.team;
    expect(played.env).toEqual({
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: tenantId,
      AZURE_SUBSCRIPTION_ID: subscriptionId,
      ARM_CLIENT_ID: clientId,
      ARM_TENANT_ID: tenantId,
      ARM_SUBSCRIPTION_ID: subscriptionId,
      ARM_USE_OIDC: "true",
      AZURE_CONFIG_DIR: expect.stringContaining("mayfly-az-"),
    });
    expect(step("login")?.outputs).toEqual({
      subject: "repo:octo/shop:ref:refs/heads/main",
      "tenant-id": tenantId,
      "subscription-id": subscriptionId,
      "subscription-name": "Octo sandbox",
      "identity-kind": "managed-identity",
      "expires-on": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      "trace-id": "",
      "correlation-id": "",
      "error-code": "",
    });
    expect(step("reap")?.outputs).toMatchObject({ marked: "3", expired: "2", deleted: "2", kept: "1", fuse: "holds" });
    expect(step("reap")?.outputs).toMatchObject({ "still-deleting": "0", "error-code": "" });
  });

  test("shows a summary that agrees with the report", () => {
    expect(played.summary).toContain("## ✅ 2 resource groups deleted");
    expect(Object.fromEntries(readVerdicts(played.summary))).toEqual({
      "pr-1": "✅ deleted",
      "pr-2": "✅ deleted",
      "pr-3": "🟢 kept",
    });
    expect(readReport(played)).toMatchObject({ complete: true, counts: { expired: 2, deleted: 2, kept: 1 } });
  });

  test("gives az the token in a file that is gone afterwards, with all else that az kept", () => {
    const [call] = az.calls();
    expect(call?.argv.slice(0, 3)).toEqual(["login", "--service-principal", "--username"]);
    expect(scene.tap.tokens).toContain(call?.assertion);
    for (const token of scene.tap.tokens) expect(az.calls().flatMap(({ argv }) => argv.join(" "))).not.toContain(token);
    expect([...played.left.keys()].filter((path) => path.includes("mayfly-az"))).toEqual([]);
    expect([...played.left.keys()].map((path) => path.replace(/-[A-Za-z0-9]{6}\//, "/"))).toEqual([
      "_github_workflow/event.json",
      "mayfly-reaper/journal.jsonl",
      "mayfly-reaper/report.json",
    ]);
  });

  test("prints no token, so that the runner need not hide one", () => {
    // Every token was looked for in all that the job left, when it ended (`play`).
    expect(scene.tap.tokens.size).toBe(5);
    expect(played.log.filter(({ masked }) => masked)).toEqual([]);
  });
});
