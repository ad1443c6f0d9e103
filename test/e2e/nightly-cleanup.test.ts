import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { addFleet, type Fleet } from "../azure/fleet.ts";
import { REAPER_ROLE } from "../azure/team.ts";
import type { Job } from "../runner/job.ts";
import { type JobSource, loadJob, loadJobs } from "../runner/load-job.ts";
import { runJob } from "../runner/run-job.ts";
import { readVerdicts } from "./evidence.ts";
import { openScene, type Played, past, readFolder, repositoryRoot, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

const workflow = join(repositoryRoot, ".github/workflows/nightly-cleanup.yml");
const OTHER = "5ab00000-0000-4000-8000-00000000000a";
const machineEnv = { PATH: process.env["PATH"] ?? "" };

type Trigger = "schedule" | "workflow_dispatch" | "workflow_call";

describe("the job that lists the subscriptions", () => {
  const list = async (circumstances: Partial<JobSource>) => {
    const source = { repositoryRoot, workflow, jobId: "scope", machineEnv, trigger: "schedule", ...circumstances };
    return runJob(loadJob(source));
  };
  const one = "5ab00000-0000-4000-8000-000000000001";
  const called = (ids: string): Partial<JobSource> => ({
    trigger: "workflow_call",
    inputs: { "subscription-ids": ids },
  });

  test.each([
    ["one id", { vars: { AZURE_SUBSCRIPTION_ID: one } }, [one]],
    ["several on lines", { vars: { AZURE_SUBSCRIPTION_IDS: `${one}\n${OTHER}` } }, [one, OTHER]],
    ["lines as a browser sends them", { vars: { AZURE_SUBSCRIPTION_IDS: `${one}\r\n${OTHER}\r\n` } }, [one, OTHER]],
    ["blank lines and spaces", called(`\n  ${one}  \n\n\t${OTHER}\n\n`), [one, OTHER]],
    ["an id in capitals", called(OTHER.toUpperCase()), [OTHER]],
    ["an id given twice", called(`${one}\n${one.toUpperCase()}\n${OTHER}`), [one, OTHER]],
    ["the input before the variable", { ...called(one), vars: { AZURE_SUBSCRIPTION_IDS: OTHER } }, [one]],
    [
      "the list before the single variable",
      { vars: { AZURE_SUBSCRIPTION_IDS: OTHER, AZURE_SUBSCRIPTION_ID: one } },
      [OTHER],
    ],
  ])("takes %s", async (_, circumstances, expected) => {
    const result = await list(circumstances);
    expect(result.annotations).toEqual([]);
    expect(JSON.parse(result.outputs["subscriptions"] ?? "")).toEqual(expected);
  });

  test("says that there is nothing to sweep where no id is given, and the rest is skipped", async () => {
    const result = await list({});
    expect(result).toMatchObject({ conclusion: "success", outputs: { subscriptions: "[]" } });
    expect(result.annotations).toMatchObject([{ level: "notice", title: "Nightly cleanup" }]);
    const needs = { scope: { result: "success", outputs: { subscriptions: "[]" } } };
    expect(loadJobs({ repositoryRoot, workflow, jobId: "reap", trigger: "schedule", needs })).toEqual([]);
  });

  test("asks for no subscription where there is a cluster, whose namespaces have a job of their own", async () => {
    const vars = { MAYFLY_CLUSTERS: `/subscriptions/${one}/resourceGroups/a/providers/b/managedClusters/c` };
    const result = await list({ ...called(""), vars });
    expect(result).toMatchObject({ conclusion: "success", annotations: [], outputs: { subscriptions: "[]" } });
    const jobs = (given: Partial<JobSource>) =>
      loadJobs({ repositoryRoot, workflow, jobId: "reap-namespaces", trigger: "schedule", needs: {}, ...given });
    expect([jobs({ vars }).length, jobs({}).length]).toEqual([1, 0]);
  });

  test.each(["sandbox", `${one} ${OTHER}`, `${one}\n$(touch pwned)`, '"],"x":["', "`touch pwned`", "*", "-e"])(
    "refuses %j",
    async (ids) => {
      const workspace = mkdtempSync(join(tmpdir(), "mayfly-scope-"));
      const result = await list({ ...called(ids), workspace });
      expect(result.conclusion).toBe("failure");
      expect(result.annotations.map(({ title }) => title)).toContain("subscription-ids");
      expect(result.outputs).toEqual({});
      expect([...readFolder(workspace)]).toEqual([]);
      rmSync(workspace, { recursive: true });
    },
  );
});

/** The legs of the reap job for a scene, in given circumstances. */
function loadLegs(scene: Scene, ids: readonly string[], circumstances: Partial<JobSource>): readonly Job[] {
  const { clientId, tenantId } = scene.team;
  return loadJobs({
    ...scene.base,
    workflow,
    jobId: "reap",
    trigger: "schedule",
    vars: { AZURE_REAPER_CLIENT_ID: clientId, AZURE_TENANT_ID: tenantId, MAYFLY_NAME_PREFIX: "mayfly-pr" },
    needs: { scope: { result: "success", outputs: { subscriptions: JSON.stringify(ids) } } },
    permissions: { "id-token": "write" },
    ...circumstances,
  });
}

describe("the nightly run over two subscriptions", () => {
  let scene: Scene;
  let fleets: readonly Fleet[];
  let before: readonly string[];
  let legs: readonly Played[];
  let artifacts: string;
  const ids = (): readonly string[] => [scene.team.subscriptionId, OTHER];
  const all = (): readonly string[] => ids().flatMap((id) => scene.names(id).map((name) => `${id}/${name}`));

  beforeAll(async () => {
    scene = await openScene();
    const { azure, team } = scene;
    azure.arm.addSubscription({ id: OTHER, tenantId: team.tenantId, name: "Octo other" });
    azure.arm.assignRole("0b1ec700-0000-4000-8000-000000000001", REAPER_ROLE, `/subscriptions/${OTHER}`);
    fleets = [
      addFleet(azure, { subscriptionId: team.subscriptionId, groups: 40, expired: 6, odd: 15 }),
      addFleet(azure, { subscriptionId: OTHER, groups: 12, expired: 3, odd: 2, seed: 7 }),
    ];
    scene.add("shop-expired", { "auto-destroy": "true", "expires-at": past() });
    scene.add("mayfly-prod-system-managed-1");
    const denied = scene.add("mayfly-pr-denied");
    azure.arm.addDenyAssignment(denied, { name: "system protected" });
    before = all();
    artifacts = mkdtempSync(join(tmpdir(), "mayfly-artifacts-"));
    legs = await Promise.all(loadLegs(scene, ids(), { artifacts }).map((leg) => scene.play(leg)));
  });
  afterAll(async () => {
    rmSync(artifacts, { recursive: true });
    await scene[Symbol.asyncDispose]();
  });

  test("has one leg for each, and both end well", () => {
    expect(legs.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(legs.map(({ matrix }: Partial<Job>) => matrix)).toEqual([undefined, undefined]);
  });

  test("deletes exactly what has expired and is named right", () => {
    const gone = fleets.flatMap(({ subscriptionId, expired }) => expired.map((name) => `${subscriptionId}/${name}`));
    const left = before.filter((group) => !gone.includes(group));
    expect(all()).toEqual(left);
    expect([...scene.deletes()].sort()).toEqual(fleets.flatMap(({ expired }) => expired).sort());
  });

  test("tells of every marked group, in the leg of its subscription", () => {
    for (const [index, fleet] of fleets.entries()) {
      const verdicts = readVerdicts(legs[index]?.summary ?? "");
      const deleted = [...verdicts].flatMap(([name, verdict]) => (verdict === "✅ deleted" ? [name] : []));
      expect(deleted.sort()).toEqual([...fleet.expired].sort());
      for (const name of fleet.alive) expect([name, verdicts.get(name)]).toEqual([name, "🟢 kept"]);
      for (const name of fleet.odd.keys())
        expect([name, verdicts.get(name)]).toEqual([name, expect.stringMatching(/kept/)]);
    }
  });

  test("keeps the report of each leg as an artifact", () => {
    const files = readFolder(artifacts);
    expect([...files.keys()]).toEqual(ids().map((id) => `reaper-report-${id}/report.json`));
    const deleted = [...files.values()].map((text) => JSON.parse(text).counts.deleted);
    expect(deleted).toEqual([6, 3]);
  });
});

describe("a run by hand", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
    for (const name of ["demo-1", "demo-2", "mayfly-pr-3"]) scene.add(name);
  });
  afterAll(async () => scene[Symbol.asyncDispose]());
  const dispatch = async (
    inputs: Readonly<Record<string, unknown>>,
    extra: Partial<JobSource> = {},
  ): Promise<Played> => {
    const artifacts = mkdtempSync(join(tmpdir(), "mayfly-artifacts-"));
    try {
      const trigger: Trigger = "workflow_dispatch";
      const [leg] = loadLegs(scene, [scene.team.subscriptionId], { trigger, inputs, artifacts, ...extra });
      if (leg === undefined) throw new Error("no leg");
      const played = await scene.play(leg);
      return { ...played, left: readFolder(artifacts) };
    } finally {
      rmSync(artifacts, { recursive: true });
    }
  };
  const reapOf = (played: Played) => played.steps.find(({ id, stage }) => id === "reap" && stage === "main");

  test("only looks with dry-run, at the names that it was given", async () => {
    const played = await dispatch({ "dry-run": true, "name-prefix": "demo-" });
    expect(played.conclusion).toBe("success");
    expect(played.summary).toContain("Dry run: 2 resource groups would be deleted");
    expect(Object.fromEntries(readVerdicts(played.summary))).toEqual({
      "demo-1": "🔎 would be deleted",
      "demo-2": "🔎 would be deleted",
    });
    expect([...played.left.keys()]).toHaveLength(1);
    expect(scene.deletes()).toEqual([]);
  });

  test("stops at the fuse, deletes nothing, and keeps the report", async () => {
    const played = await dispatch({ "all-names": true, "max-deletions": "2" });
    expect(played.conclusion).toBe("failure");
    expect(reapOf(played)?.outputs).toMatchObject({ fuse: "tripped", "error-code": "fuse-tripped", expired: "3" });
    expect(played.annotations).toMatchObject([{ level: "error", message: expect.stringContaining("max-deletions") }]);
    expect([...played.left.keys()]).toHaveLength(1);
    expect(scene.deletes()).toEqual([]);
  });

  test("refuses a limit that is no number, and a run without any name", async () => {
    const [number, nameless] = await Promise.all([
      dispatch({ "max-deletions": "many" }),
      dispatch({}, { vars: { AZURE_REAPER_CLIENT_ID: scene.team.clientId, AZURE_TENANT_ID: scene.team.tenantId } }),
    ]);
    for (const played of [number, nameless]) {
      expect(reapOf(played)?.outputs).toMatchObject({ "error-code": "bad-input" });
      expect(played.annotations).toHaveLength(1);
    }
    expect(number.annotations[0]?.message).toContain("max-deletions: expected a whole number of groups");
    expect(nameless.annotations[0]?.message).toContain("name-prefix, all-names: expected one of them");
    expect(scene.deletes()).toEqual([]);
  });

  test("does not even start for a caller that grants no id-token: write", () => {
    const circumstances = { trigger: "workflow_call", permissions: { contents: "read" } };
    expect(() => loadLegs(scene, [scene.team.subscriptionId], circumstances)).toThrow("id-token: write");
  });

  test("says which permission is missing where GitHub gave the job no ID token", async () => {
    const workflowRef = "octo/mayfly/.github/workflows/nightly-cleanup.yml@refs/tags/v1";
    const github = { ...scene.base.github, workflow_ref: "octo/shop/.github/workflows/cleanup.yml@refs/heads/main" };
    const [leg] = loadLegs(scene, [scene.team.subscriptionId], { trigger: "workflow_call", workflowRef, github });
    const { idToken: _, ...job } = scene.base;
    const played = await runJob({ ...job, ...leg, steps: leg?.steps ?? [], permissions: {} });
    expect(played.conclusion).toBe("failure");
    const login = played.steps.find(({ outcome }) => outcome === "failure");
    expect(login?.outputs["error-code"]).toBe("id-token-reusable-workflow");
    expect(login?.annotations).toHaveLength(1);
    expect(login?.annotations[0]?.message).toMatch(/permissions:\n {2}id-token: write/);
    expect(played.steps.find(({ id }) => id === "reap")?.conclusion).toBe("skipped");
  });
});
