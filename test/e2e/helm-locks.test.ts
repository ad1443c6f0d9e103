import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Run } from "../github/runs.ts";
import type { Step } from "../runner/job.ts";
import { findHelm, listHelms, until } from "./helm-process.ts";
import { type Deployed, type DeployJob, type HelmScene, type Major, openHelmScene, REPOSITORY } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";

const MINUTES = 60_000;
const SECOND = 1_000;
/** More processes than this only wait for each other. */
const LANES = 3;

jest.setTimeout(5 * MINUTES);

let scene: HelmScene;
beforeAll(async () => {
  scene = await openHelmScene();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const values = (more: object) => ({ "values-yaml": JSON.stringify({ image: scene.image, ...more }) });
const NEVER_READY = { probe: { httpGet: { path: "/nope", port: 8080 }, periodSeconds: 1 } };
const startRun = (): Run => scene.azure.githubApi.addRun(REPOSITORY);
const asRun = ({ id }: Run, job: DeployJob = {}): DeployJob => ({
  ...job,
  github: { run_id: String(id), job: "deploy", ...job.github },
});
const endRun = (run: Run, secondsAgo: number): void => {
  run.cancel();
  for (const attempt of run.attempts) attempt.updatedAt = new Date(Date.now() - secondsAgo * SECOND);
};

/** Lets a machine go down in the middle of a deployment: the step's process and helm are gone at once, and no post runs. */
async function leaveLock(namespace: string, major: Major): Promise<Run> {
  const run = startRun();
  const job = asRun(run, { major, omitStages: ["post"] });
  const deploying = scene.deploy(namespace, values({ page: "lost", ...NEVER_READY }), job);
  const helm = await findHelm(namespace, "upgrade");
  await until(`a pending release in ${namespace}`, async () => (await statuses(namespace)).includes("pending"));
  process.kill(helm.parent, "SIGKILL");
  process.kill(helm.pid, "SIGKILL");
  expect((await deploying).main.signal).toBe("SIGKILL");
  return run;
}

/** Of all revisions, as helm labels them: also before there is anything that `helm history` shows. */
const statuses = (namespace: string): Promise<string> =>
  scene.cluster.kubectl(
    "get",
    "secrets",
    "-n",
    namespace,
    "-l",
    "owner=helm",
    "-o=jsonpath={.items[*].metadata.labels.status}",
  );

describe("a release that a deployment left pending when its machine went down", () => {
  const LOST = ["2 pending-upgrade", "1 deployed"];
  let namespace: string;
  let run: Run;
  beforeAll(async () => {
    namespace = await scene.space("lost");
    await scene.install(namespace);
    run = await leaveLock(namespace, 4);
  });
  const again = (inputs: Step["with"] = {}, job: DeployJob = {}): Promise<Deployed> =>
    scene.deploy(namespace, { ...values({ page: "second" }), "lock-wait": "1s", ...inputs }, asRun(startRun(), job));

  test("is left alone by all who have no proof that the run is over", async () => {
    expect(await scene.history(namespace)).toEqual(LOST);
    const told = await inLanes(
      [
        () => again(),
        () => again({ "github-token": "" }),
        () => again({}, { permissions: { "id-token": "write" } }),
        () => again({}, { github: { repository_id: "77" } }),
        () => again({ "on-lock": "fail" }),
      ],
      LANES,
      (one) => one(),
    );
    const says = told.map(({ says }) => says.replace(String(run.id), "<run>"));
    const begin = "Release shop is pending-upgrade: ";
    const unknown = "GitHub does not tell of run #<run> (github-token needs actions: read).";
    const held = "run #<run> (job deploy) works on it.";
    const foreign = "run #<run> is of another repository (id 599293758), which this job cannot ask about.";
    expect(says).toEqual([held, unknown, unknown, foreign, held].map((why) => `${begin}${why}`));
    for (const { conclusion, outputs, errors } of told) {
      expect([conclusion, outputs["error-code"], outputs["status"]]).toEqual(["failure", "release-locked", "failed"]);
      expect(errors[0]?.message).toContain(`kubectl delete secret sh.helm.release.v1.shop.v2 --namespace ${namespace}`);
    }
    expect(await scene.history(namespace)).toEqual(LOST);
  });

  test("is left alone while the run's machine may still be on its way out", async () => {
    endRun(run, 2);
    const told = await again();
    expect(told.says).toMatch(/only just ended/);
    expect(await scene.history(namespace)).toEqual(LOST);
  });

  test("is cleared once GitHub says that the run is over, and the next deployment goes through", async () => {
    endRun(run, 35);
    const done = await again();
    expect(done.errors).toEqual([]);
    expect(done.outputs).toMatchObject({ status: "deployed", revision: "2", "previous-revision": "1" });
    expect(done.summary).toContain(String(run.id));
    expect(await scene.history(namespace)).toEqual(["2 deployed", "1 superseded"]);
    expect(await scene.page(namespace)).toBe("second");
  });
});

test("a first install that was lost is mended by the line that the next one prints", async () => {
  const namespace = await scene.space("line");
  await leaveLock(namespace, 3);
  const again = () => scene.deploy(namespace, { ...values({}), "github-token": "" }, asRun(startRun(), { major: 3 }));
  const refused = await again();
  expect(refused.outputs["error-code"]).toBe("release-locked");
  const [, line = ""] = /^To do: .*: kubectl (.+)$/m.exec(refused.errors[0]?.message ?? "") ?? [];
  await scene.cluster.kubectl(...line.split(" "));
  const done = await again();
  expect(done.errors).toEqual([]);
  expect(await scene.history(namespace)).toEqual(["1 deployed"]);
  expect(await scene.page(namespace)).toBe("first");
});

test("a deployment that comes in the middle of another waits for it, and is the one that stays", async () => {
  const namespace = await scene.space("after");
  await scene.install(namespace);
  const slow = { args: ["sleep 5"], name: "main", image: `${scene.image.repository}:${scene.image.tag}` };
  const pod = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers: [slow] };
  const metadata = { name: "shop-slow", annotations: { "helm.sh/hook": "pre-upgrade" } };
  const job = { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template: { spec: pod } } };
  const earlier = scene.deploy(namespace, values({ page: "earlier", extra: [job] }), asRun(startRun()));
  await until(`a pending release in ${namespace}`, async () => (await statuses(namespace)).includes("pending"));
  const later = scene.deploy(namespace, values({ page: "later" }), asRun(startRun()));
  const both = await Promise.all([earlier, later]);
  expect(both.map(({ errors }) => errors)).toEqual([[], []]);
  expect(both.map(({ outputs }) => outputs["revision"])).toEqual(["2", "3"]);
  expect(await scene.history(namespace)).toEqual(["3 deployed", "2 superseded", "1 superseded"]);
  expect(await scene.page(namespace)).toBe("later");
});

describe.each([
  { name: "upgrades", install: true, major: 4 },
  { name: "first installs", install: false, major: 4 },
  { name: "upgrades", install: true, major: 3 },
] as const)("two $name at the same moment, with helm $major", ({ install, major, name }) => {
  test("leave what one of them wanted, whole, and the other says so or comes after it", async () => {
    const namespace = await scene.space(`race-${major}-${name.replace(" ", "-")}`);
    if (install) await scene.install(namespace, {}, major);
    const pages = ["one", "other"];
    const racing = pages.map((page) => scene.deploy(namespace, values({ page }), asRun(startRun(), { major })));
    await startTogether(namespace);
    const both = await Promise.all(racing);

    const won = both.filter(({ conclusion }) => conclusion === "success");
    expect(won.length).toBeGreaterThan(0);
    for (const { conclusion, outputs, says } of both) {
      if (conclusion === "success") continue;
      expect(outputs["error-code"]).toMatch(/^(?:helm-locked|helm-raced|release-locked)$/);
      expect(outputs).toMatchObject({ status: "failed", "rolled-back-to": "" });
      expect(says).toMatch(/another|same moment|pending/i);
    }
    const history = await scene.history(namespace);
    const revisions = won.length + (install ? 1 : 0);
    expect(history.map((one) => one.split(" ")[1])).toEqual(["deployed", ...Array(revisions - 1).fill("superseded")]);
    const last = both.findIndex(
      ({ conclusion, outputs }) => conclusion === "success" && outputs["revision"] === history[0]?.split(" ")[0],
    );
    expect(await scene.page(namespace)).toBe(pages[last]);
  });
});

/** Holds two helms that have both found the release free until both are there, so that they begin in the same moment. */
async function startTogether(namespace: string): Promise<void> {
  const held = new Set<number>();
  const begun = performance.now();
  let firstAt = Number.POSITIVE_INFINITY;
  while (held.size < 2 && performance.now() - firstAt < 10 * SECOND && performance.now() - begun < MINUTES) {
    for (const { pid, verb } of listHelms(namespace)) {
      if (verb !== "upgrade" || held.has(pid)) continue;
      process.kill(pid, "SIGSTOP");
      held.add(pid);
      firstAt = Math.min(firstAt, performance.now());
    }
    await sleep(20);
  }
  for (const pid of held) process.kill(pid, "SIGCONT");
}
