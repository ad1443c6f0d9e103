import { describe, expect, test } from "@jest/globals";
import type { JobFacts } from "../../../src/actions/job-facts.ts";
import type { ReleaseStatus } from "../../../src/helm/release-record.ts";
import { renderRunLabels } from "../../../src/helm/run-labels.ts";
import { act } from "./act.ts";
import { SHOP } from "./fake/charts.ts";
import { listRevisions, type Revision, writeRevision } from "./fake/records.ts";
import { START } from "./fake/time.ts";
import { createScene, JOB, NAMESPACE, type Scene, type WorldOptions } from "./fake-world.ts";

const DEAD: JobFacts = { ...JOB, runId: 77 };
const MINUTE_MS = 60_000;

/** Leaves a second revision behind, as a run that began it and was cut off. */
function leave(scene: Scene, status: ReleaseStatus, more: Partial<Revision> = {}): Revision {
  const revision: Revision = {
    name: "shop",
    namespace: NAMESPACE,
    revision: 2,
    status,
    description: "Preparing upgrade",
    deployedAt: new Date(START.getTime() - 10 * MINUTE_MS).toISOString(),
    manifest: SHOP.render({}),
    chart: SHOP,
    values: {},
    labels: renderRunLabels(DEAD, 2),
    ssa: true,
    ...more,
  };
  writeRevision(scene.cluster, { ...revision, revision: 1, status: "deployed", labels: {}, description: "" });
  writeRevision(scene.cluster, revision);
  return revision;
}

function endRun(scene: Scene): void {
  const endedAt = new Date(START.getTime() - 5 * MINUTE_MS);
  const startedAt = new Date(START.getTime() - 20 * MINUTE_MS);
  scene.github.runs.set("77/1", { status: "completed", attempt: 1, startedAt, endedAt });
}

describe("a release that a dead run has left pending", () => {
  test("is cleared on proof, and deployed", async () => {
    const scene = createScene();
    leave(scene, "pending-upgrade");
    endRun(scene);
    const done = await act(scene);

    expect([done.code, done.outputs.revision]).toEqual(["", 2]);
    expect(done.summary).toContain("left pending: run \\#\u200b77 left it behind");
    expect(scene.revisions()[0]).toMatchObject({ revision: 2, status: "deployed" });
  });

  test.each<readonly [string, Partial<Revision> & { readonly down?: string }, WorldOptions]>([
    ["no token", {}, { noGitHub: true }],
    ["a token without the right", { down: "github-permission" }, {}],
    ["a self-hosted machine", { labels: renderRunLabels({ ...DEAD, runnerEnvironment: "self-hosted" }, 2) }, {}],
    ["labels of another revision", { labels: renderRunLabels(DEAD, 1) }, {}],
    ["another repository's labels", { labels: renderRunLabels({ ...DEAD, repositoryId: "99" }, 2) }, {}],
    ["no labels at all", { labels: {} }, {}],
    ["a revision that began after the run's end", { deployedAt: START.toISOString() }, {}],
  ])("is left alone with %s, and the line that clears it is said", async (_, { down, ...more }, options) => {
    const scene = createScene();
    leave(scene, "pending-upgrade", more);
    endRun(scene);
    scene.github.down = down;
    const done = await act(scene, {}, options);

    expect([done.code, done.outputs.status]).toEqual(["release-locked", "failed"]);
    expect(done.message).toContain(`kubectl delete secret sh.helm.release.v1.shop.v2 --namespace ${NAMESPACE}`);
    expect(scene.revisions().map(({ status }) => status)).toEqual(["pending-upgrade", "deployed"]);
    expect(scene.helm.calls).toEqual([]);
  });

  test("is refused at once with on-lock: fail", async () => {
    const scene = createScene();
    leave(scene, "pending-upgrade");
    endRun(scene);
    const done = await act(scene, { "on-lock": "fail" });

    expect([done.code, done.tookMs]).toEqual(["release-locked", 0]);
  });

  test("is not cleared, nor waited for, by a plan", async () => {
    const scene = createScene();
    leave(scene, "pending-upgrade");
    endRun(scene);
    const before = scene.cluster.version();
    const done = await act(scene, { "plan-only": "true", set: "tag=2" });

    expect([done.outputs.status, scene.cluster.version(), done.tookMs]).toEqual(["planned", before, 0]);
  });
});

describe("a release that a living run works on", () => {
  const live = (scene: Scene): void =>
    void scene.github.runs.set("77/1", { status: "in_progress", attempt: 1, startedAt: START, endedAt: undefined });

  test("is waited for", async () => {
    const scene = createScene();
    const left = leave(scene, "pending-upgrade");
    live(scene);
    scene.time.after(40_000, () => writeRevision(scene.cluster, { ...left, status: "deployed" }));
    const done = await act(scene);

    expect([done.code, done.outputs.revision]).toEqual(["", 3]);
    expect(done.tookMs).toBeGreaterThan(40_000);
  });

  test("is refused after lock-wait, and never touched", async () => {
    const scene = createScene();
    leave(scene, "pending-upgrade");
    live(scene);
    const before = scene.cluster.version();
    const done = await act(scene, { "lock-wait": "1m" });

    expect([done.code, scene.cluster.version()]).toEqual(["release-locked", before]);
    expect(done.message).toContain("run #77");
  });
});

test.each(["uninstalling", "unknown"] as const)("a release that is %s is refused", async (status) => {
  const scene = createScene();
  leave(scene, status);
  const done = await act(scene);

  expect([done.code, done.tookMs]).toEqual(["release-locked", 0]);
  expect(done.message).toContain(status === "unknown" ? "helm status shop" : "helm uninstall shop");
});

describe("another job that is faster", () => {
  const OTHER: JobFacts = { ...JOB, runId: 101 };

  /** Somebody's helm takes the release after we have looked, and before ours begins. */
  function overtake(scene: Scene, job = OTHER): void {
    scene.helm.at("upgrade.begin", () => {
      const [newest] = listRevisions(scene.cluster, NAMESPACE, "shop");
      if (newest === undefined || newest.status !== "deployed") return;
      const revision = newest.revision + 1;
      const labels = renderRunLabels(job, revision);
      writeRevision(scene.cluster, { ...newest, revision, status: "pending-upgrade", labels });
    });
  }

  test.each([
    ["of another run", OTHER],
    ["of this run", { ...JOB, job: "deploy-too" }],
    ["that cannot be told from this one", JOB],
  ])("%s keeps its pending release, and nothing is rolled back under it", async (_, job) => {
    const scene = createScene();
    await act(scene);
    overtake(scene, job);
    const done = await act(scene, { set: "tag=2" });

    expect([done.code, done.outputs.status]).toEqual(["helm-locked", "failed"]);
    expect(scene.revisions()[0]).toMatchObject({ revision: 2, status: "pending-upgrade" });
    expect(scene.helm.calls.map(({ name }) => name)).not.toContain("rollback");
  });
});
