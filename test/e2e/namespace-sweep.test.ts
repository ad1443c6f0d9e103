import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { connectCluster } from "../../src/kubernetes/connect-cluster.ts";
import { connectNamespaces, type Namespaces } from "../../src/kubernetes/namespaces.ts";
import { NAMESPACE_REAPER_ROLE } from "../azure/team.ts";
import { loadJobs } from "../runner/load-job.ts";
import { type HelmScene, openHelmScene } from "./helm-scene.ts";
import { hoursFromNow, nameOf, type Played, past, readFolder, repositoryRoot } from "./scene.ts";
import { until } from "./until.ts";

jest.setTimeout(120_000);

const own = `reap-${randomBytes(4).toString("hex")}`;
const [ended, living, unmarked, edited, held] = ["1", "2", "3", "4", "5"].map((name) => `${own}-${name}`) as [
  string,
  string,
  string,
  string,
  string,
];

let scene: HelmScene;
let namespaces: Namespaces;
let folder: string;
beforeAll(async () => {
  scene = await openHelmScene();
  folder = mkdtempSync(join(tmpdir(), "mayfly-sweep-"));
  scene.team.assign(NAMESPACE_REAPER_ROLE, scene.aks.id);
  const { kubectl } = scene.cluster;
  // As docs/identity.md says for a cluster with roles of its own.
  await kubectl("create", "clusterrole", own, "--verb=get,list,delete", "--resource=namespaces");
  await kubectl("create", "clusterrolebinding", own, `--clusterrole=${own}`, `--user=${scene.team.principal.objectId}`);
  for (const name of [ended, living, unmarked, edited, held]) await kubectl("create", "namespace", name);
  for (const name of [ended, living]) await kubectl("label", "namespace", name, "auto-destroy=true");
  await kubectl("annotate", "namespace", ended, `expires-at=${past()}`);
  await kubectl("annotate", "namespace", living, `expires-at=${hoursFromNow(2)}`);
  await kubectl("annotate", "namespace", unmarked, `expires-at=${past()}`);
  await kubectl("create", "configmap", "app", "--namespace", ended, "--from-literal=a=1");
  namespaces = connectNamespaces(
    connectCluster({
      kubeconfig: scene.cluster.kubeconfig,
      context: undefined,
      environment: { PATH: process.env["PATH"] },
      cancelled: new AbortController().signal,
      mask: () => undefined,
      now: () => new Date(),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    }),
  );
}, 180_000);
afterAll(async () => {
  const { kubectl } = scene.cluster;
  await kubectl("delete", "clusterrole,clusterrolebinding", own, "--ignore-not-found");
  await kubectl("delete", "namespace", living, unmarked, edited, held, "--ignore-not-found", "--wait=false");
  rmSync(folder, { recursive: true, force: true });
  await scene[Symbol.asyncDispose]();
});

describe("the nightly cleanup of a shared cluster", () => {
  let played: Played;
  let artifacts: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const kept = join(folder, "artifacts");
    const [job] = loadJobs({
      ...scene.base,
      workflow: join(repositoryRoot, ".github/workflows/nightly-cleanup.yml"),
      jobId: "reap-namespaces",
      needs: {},
      trigger: "schedule",
      vars: {
        AZURE_REAPER_CLIENT_ID: scene.team.clientId,
        AZURE_TENANT_ID: scene.team.tenantId,
        AZURE_SUBSCRIPTION_ID: scene.team.subscriptionId,
        MAYFLY_CLUSTERS: scene.aks.id,
        MAYFLY_NAME_PREFIX: own,
      },
      permissions: { "id-token": "write" },
      artifacts: kept,
    });
    if (job === undefined) throw new Error("there is no job for namespaces");
    // A group of the login's subscription that has ended, and that this job must not touch.
    scene.add(`${own}-group`);
    played = await scene.play(job);
    artifacts = readFolder(kept);
  }, 120_000);

  test("deletes the namespace whose time has passed, with what is in it, and leaves all else", async () => {
    expect(played.annotations.filter(({ level }) => level !== "notice")).toEqual([]);
    expect(played.conclusion).toBe("success");
    const left = await Promise.all([ended, living, unmarked].map((name) => namespaces.find(name)));
    expect(left.map((found) => found?.name)).toEqual([undefined, living, unmarked]);
    expect(scene.deletes()).toEqual([]);
  });

  test("proves it, and keeps the report", () => {
    const reap = played.steps.find(({ id, stage }) => id === "reap" && stage === "main");
    expect(reap?.outputs).toMatchObject({ marked: "2", expired: "1", deleted: "1", kept: "1", fuse: "holds" });
    const rows = played.summary.split("\n").filter((line) => line.startsWith(`| \`${own}-`));
    expect(
      rows.map((row) =>
        row
          .split(" | ")
          .filter((_, at) => at !== 1)
          .slice(0, 2),
      ),
    ).toEqual([
      [`| \`${ended}\` in \`${nameOf(scene.aks.id)}\``, "✅ deleted"],
      [`| \`${living}\` in \`${nameOf(scene.aks.id)}\``, "🟢 kept"],
    ]);
    expect([...artifacts.keys()]).toEqual(["reaper-report-clusters/report.json"]);
  });
});

describe("a real API server", () => {
  test("refuses a delete of what was edited since the look, or is another one", async () => {
    const seen = await namespaces.find(edited);
    if (seen === undefined) throw new Error("not there");
    await namespaces.annotate(edited, { "expires-at": hoursFromNow(4) });
    expect(await namespaces.remove(seen)).toBe("changed");
    const now = await namespaces.find(edited);
    if (now === undefined) throw new Error("removed");
    expect(await namespaces.remove({ ...now, uid: "00000000-0000-4000-8000-000000000000" })).toBe("changed");
    expect(await namespaces.find(edited)).toMatchObject({ uid: seen.uid, deleting: false });
    expect(await namespaces.remove(now)).toBe("accepted");
    await until(async () => (await namespaces.find(edited)) === undefined);
    expect(await namespaces.remove(now)).toBe("gone");
  });

  test("says which finalizers hold a namespace, and lets it go when they are off", async () => {
    const { kubectl } = scene.cluster;
    const metadata = { name: "stuck", namespace: held, finalizers: ["example.com/hold"] };
    const file = join(folder, "stuck.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata }));
    await kubectl("apply", "-f", file);
    const seen = await namespaces.find(held);
    if (seen === undefined) throw new Error("not there");
    expect(await namespaces.remove(seen)).toBe("accepted");
    await until(async () => (await namespaces.find(held))?.heldBy !== undefined);
    const said = (await namespaces.find(held))?.heldBy?.join("; ");
    expect(said).toContain("example.com/hold in 1 resource instances");
    expect(said).toContain("configmaps. has 1 resource instances");
    const off = ["--type=merge", '--patch={"metadata":{"finalizers":null}}'];
    await kubectl("patch", "configmap", "stuck", "--namespace", held, ...off);
    await until(async () => (await namespaces.find(held)) === undefined);
  });
});
