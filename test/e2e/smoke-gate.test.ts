// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as specs have it.
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { withToken } from "../github/job-token.ts";
import type { Step } from "../runner/job.ts";
import { type HelmScene, openHelmScene, TOKEN } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";
import { readJunit, readReportFile, readSmokePlay, type SmokePlay, withCluster } from "./smoke-play.ts";

const MINUTES = 60_000;
/** More processes than this only wait for each other. */
const LANES = 3;

jest.setTimeout(1 * MINUTES);

/** helm's own record of the revision that the spec was read for. */
const REVISION = {
  apiVersion: "v1",
  kind: "Secret",
  selector: "owner=helm,name=${release.name},version=${release.revision}",
  count: 1,
};

/** The page says what it is expected to, and the release is the one that was meant. */
const SPEC = JSON.stringify({
  apiVersion: "mayfly/v1alpha1",
  kind: "SmokeTest",
  metadata: { name: "page" },
  spec: {
    timeout: "6s",
    interval: "200ms",
    bindings: [{ name: "page", value: "first" }],
    steps: [
      {
        name: "front",
        try: [
          { name: "is deployed", helm: {} },
          { name: "revision", resources: REVISION },
          { name: "right page", http: { url: "service://${release.services[0].name}:80/", body: "${page}\n" } },
        ],
      },
    ],
  },
});

const BROKEN = SPEC.replace("${release.services[0].name}", "${release.service}");

interface Play {
  readonly play: SmokePlay;
  readonly history: readonly string[];
  /** What is served in the end; empty where nothing is deployed. */
  readonly page: string;
}

let scene: HelmScene;
let workspace: string;
let good: Play;
let again: Play;
let wrong: Play;
let first: Play;
let unread: Play;
let kept: Play;
let later: Play;
let wentBack: Play;
let hopeless: Play;
let lonely: Play;

beforeAll(async () => {
  scene = await openHelmScene();
  workspace = await scene.workspace({ "smoke/page.yaml": SPEC, "broken.yaml": BROKEN });
  const plays: readonly (() => Promise<unknown>)[] = [
    // In one namespace, one after another: a life of a release.
    async () => {
      const life = await scene.space("gate-life");
      good = await deploy(life, {});
      again = await deploy(life, { "skip-if-unchanged": true });
      wrong = await deploy(life, { page: "second" });
    },
    async () => {
      first = await deploy(await scene.space("gate-first"), { page: "second" });
    },
    async () => {
      const own = await scene.space("gate-kept");
      await scene.install(own);
      unread = await deploy(own, { page: "second", smoke: "broken.yaml" });
      kept = await deploy(own, { page: "second", rollback: "never" });
      later = await deploy(own, { page: "third" });
    },
    async () => {
      const own = await scene.space("gate-back");
      await scene.install(own);
      await scene.install(own, { page: "second" });
      wentBack = await check(own, {});
      // Now both are wrong: what was there before is not proven by going back to it.
      await scene.install(own, { page: "third" });
      hopeless = await check(own, { variables: "page=fourth" });
    },
    async () => {
      const own = await scene.space("gate-lonely");
      await scene.install(own, { page: "second" });
      lonely = await check(own, {});
    },
  ];
  await inLanes(plays, LANES, (play) => play());
}, 5 * MINUTES);

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** Deploys, and lets a smoke test decide. */
function deploy(namespace: string, { page = "first", ...inputs }: Readonly<Record<string, string | boolean>>) {
  const values = JSON.stringify({ image: scene.image, page });
  const standard = { chart: "shop", release: "shop", timeout: "60s", "values-yaml": values, smoke: "smoke/*.yaml" };
  return play("helm-deploy", namespace, { ...standard, ...TOKEN, ...inputs });
}

/** Takes the smoke test of what stands there, which goes back where it fails. */
function check(namespace: string, inputs: Readonly<Record<string, string>>) {
  const standard = { spec: "smoke/*.yaml", release: "shop", "on-failure": "rollback" };
  return play("smoke-test", namespace, { ...standard, ...inputs });
}

async function play(uses: string, namespace: string, inputs: NonNullable<Step["with"]>): Promise<Play> {
  const job = {
    ...scene.base,
    ...withCluster(scene),
    permissions: { "id-token": "write", actions: "read" },
    workspace,
    steps: [{ id: "smoke", uses: `$/actions/${uses}`, with: { namespace, ...inputs } }],
  };
  const played = readSmokePlay(await scene.play(withToken(scene.azure.githubApi, job)));
  return { play: played, history: await scene.history(namespace), page: await scene.page(namespace) };
}

const casesOf = async ({ play: played }: Play, name = "smoke.xml"): Promise<readonly string[]> =>
  (await readJunit(readReportFile(played, name))).cases.map((one) => `${one.name} ${one.state}`);
const reportOf = ({ play: played }: Play): unknown => JSON.parse(readReportFile(played, "smoke.json"));

const GREEN = ["is deployed passed", "revision passed", "right page passed"];
const RED = ["is deployed passed", "revision passed", "right page failed"];

describe("a deployment whose smoke test passes", () => {
  test("counts as deployed, and has its reports", async () => {
    expect(good.play.errors).toEqual([]);
    expect(good.play.outputs).toMatchObject({ status: "deployed", revision: "1", "error-code": "" });
    expect([good.history, good.page]).toEqual([["1 deployed"], "first"]);
    expect(await casesOf(good)).toEqual(GREEN);
    expect(good.play.main.summary).toContain("#### Smoke test of revision 1: ✅ 3 checks passed");
  });

  test("is taken again where nothing has changed", async () => {
    expect(again.play.outputs).toMatchObject({ status: "unchanged", "error-code": "" });
    expect(again.history).toEqual(["1 deployed"]);
    expect(await casesOf(again)).toEqual(GREEN);
  });
});

describe("a new version that is ready and answers wrong", () => {
  test("is taken back: what was there before is served again", () => {
    expect(wrong.history).toEqual(["3 deployed", "2 superseded", "1 superseded"]);
    expect(wrong.page).toBe("first");
    expect(wrong.play.outputs).toMatchObject({
      ...{ status: "rolled-back", "rolled-back-to": "1", revision: "3", "error-code": "smoke-failed" },
      "cause-code": "smoke/failed",
      cause: expect.stringMatching(/^front: right page: expected .*"first\\n".*; seen: .*"second/),
    });
    expect([wrong.play.main.exitCode, wrong.play.conclusion]).toEqual([1, "failure"]);
  });

  test("is told, at the line of the check, with what was seen and what came of it", () => {
    const told = wrong.play.errors.find(({ file }) => file === "smoke/page.yaml");
    expect(told).toMatchObject({ line: "1", title: "page: front" });
    expect(told?.message).toMatch(/^right page: expected .*; seen: .*"second.*\(\d+ looks? in \d\.\d s\)$/);
    const last = wrong.play.errors.at(-1)?.message ?? "";
    expect(last).toContain("shop went back to revision 1.");
    expect(last).toContain("After going back to revision 1: 3 checks passed");
  });

  test("is over when all is told", () => {
    const { main, outputs } = wrong.play;
    expect(main.durationMs - Number(outputs["duration-ms"])).toBeLessThan(20_000);
  });

  test("was looked at before and after, and both are in the reports", async () => {
    expect(await casesOf(wrong)).toEqual(RED);
    expect(await casesOf(wrong, "smoke-after-rollback.xml")).toEqual(GREEN);
    expect(reportOf(wrong)).toMatchObject({ outcome: "failed", rolledBackTo: 1, afterRollback: { outcome: "passed" } });
    const page = wrong.play.main.summary;
    expect(page).toContain("#### Smoke test of revision 2: ❌ 1 of 3 checks failed");
    expect(page).toContain("#### Smoke test of revision 3, after going back: ✅ 3 checks passed");
    expect(readReportFile(wrong.play, "shop/smoke-1.txt")).not.toBe("");
  });
});

describe("a deployment whose smoke test fails and that has nothing to go back to", () => {
  test("is left for a look where it is the first", async () => {
    expect([first.history, first.page]).toEqual([["1 deployed"], "second"]);
    expect(first.play.outputs).toMatchObject({ status: "failed", "rolled-back-to": "", "error-code": "smoke-failed" });
    expect(first.play.text).toContain("shop was never deployed before: there is nothing to go back to.");
    expect(await casesOf(first)).toEqual(RED);
    expect(reportOf(first)).not.toHaveProperty("afterRollback");
  });

  test("is left where it is to be", () => {
    expect([kept.history, kept.page]).toEqual([["2 deployed", "1 superseded"], "second"]);
    expect(kept.play.outputs).toMatchObject({ status: "failed", "rolled-back-to": "", "cause-code": "smoke/failed" });
  });

  test("is nothing that a later one goes back to", () => {
    expect(later.play.outputs).toMatchObject({ status: "rolled-back", "rolled-back-to": "1" });
    expect([later.history[0], later.page]).toEqual(["4 deployed", "first"]);
  });

  test("is not even begun where the spec is wrong", () => {
    expect(unread.history).toEqual(["1 deployed"]);
    expect(unread.play.outputs).toMatchObject({ "error-code": "smoke-spec-invalid" });
    expect(unread.play.errors.find(({ file }) => file === "broken.yaml")?.message).toMatch(/release\.service\b/);
  });
});

describe("a smoke test that takes a release back", () => {
  test("goes to what was deployed before, and looks again there", async () => {
    expect([wentBack.history.slice(0, 2), wentBack.page]).toEqual([["3 deployed", "2 superseded"], "first"]);
    const outputs = { failed: "1", passed: "2", "rolled-back-to": "1", "passed-after-rollback": "true" };
    expect(wentBack.play.outputs).toMatchObject({ ...outputs, "error-code": "smoke-failed" });
    expect([await casesOf(wentBack), await casesOf(wentBack, "smoke-after-rollback.xml")]).toEqual([RED, GREEN]);
    expect(wentBack.play.main.summary).toMatch(
      /^### Smoke test of `shop` revision 2: ❌ .*; ↩️ rolled back to revision 1\n/,
    );
  });

  test("says so where that does not mend it", async () => {
    expect([hopeless.history[0], hopeless.page]).toEqual(["5 deployed", "first"]);
    const outputs = { "rolled-back-to": "3", "passed-after-rollback": "false", "error-code": "smoke-failed" };
    expect(hopeless.play.outputs).toMatchObject(outputs);
    expect(await casesOf(hopeless, "smoke-after-rollback.xml")).toEqual(RED);
  });

  test("leaves what has no revision before it", () => {
    expect([lonely.history, lonely.page]).toEqual([["1 deployed"], "second"]);
    expect(lonely.play.outputs).toMatchObject({ "rolled-back-to": "", "passed-after-rollback": "" });
    expect(lonely.play.text).toContain("shop was never deployed before");
  });
});
