import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import type { CancelPlan } from "../runner/job.ts";
import { expectTruth, readReport } from "./evidence.ts";
import { inLanes } from "./lanes.ts";
import { tellPid } from "./preload.ts";
import { asTeam, openScene, type Played, reap, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

/** A scene with so many expired groups, one deleted after the other. */
async function openFleet(groups: number, deletionSeconds = 1): Promise<Scene> {
  const scene = await openScene({ deletionSeconds });
  for (let index = 0; index < groups; index += 1) scene.add(`pr-${index}`);
  return scene;
}

const isDelete = (method: string, url: URL): boolean =>
  method === "DELETE" && url.pathname.includes("/resourcegroups/");
const mainOf = (played: Played) => played.steps.find(({ id, stage }) => id === "reap" && stage === "main");
const postOf = (played: Played) => played.steps.find(({ id, stage }) => id === "reap" && stage === "post");
const endOf = (played: Played): string => readReport(played)?.end?.because ?? "no end";

/** Cancels a reap when its third DELETE arrives, which ARM answers only after a while. */
async function cancelAtThirdDelete(
  scene: Scene,
  answerAfterMs: number,
  signals: NonNullable<CancelPlan["signals"]> = {},
): Promise<{ readonly played: Played; readonly afterwards: readonly string[]; readonly endedAfterMs: number }> {
  const button = new AbortController();
  let count = 0;
  let pressedAt = 0;
  const afterwards: string[] = [];
  scene.tap.listen(async ({ method }, url) => {
    if (!isDelete(method, url)) return;
    if (button.signal.aborted) afterwards.push(url.pathname);
    count += 1;
    if (count !== 3) return;
    pressedAt = performance.now();
    button.abort();
    await new Promise((done) => setTimeout(done, answerAfterMs));
  });
  let endedAfterMs = Number.NaN;
  const played = await scene.play({
    steps: [reap({ ...asTeam(scene.team), concurrency: 1 })],
    cancel: { signal: button.signal, signals },
    onLine: ({ stage }) => {
      if (stage === "post" && Number.isNaN(endedAfterMs)) endedAfterMs = performance.now() - pressedAt;
    },
  });
  return { played, afterwards, endedAfterMs };
}

describe("a reap that is cancelled in the middle", () => {
  test("begins nothing more, waits for the answer on its way, and tells what ARM goes on with", async () => {
    await using scene = await openFleet(8, 60);
    const { played, afterwards, endedAfterMs } = await cancelAtThirdDelete(scene, 1_000);
    expect(mainOf(played)).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"], exitCode: 0 });
    expect(endedAfterMs).toBeLessThan(7_500);
    expect(afterwards).toEqual([]);
    expect(scene.deletes()).toHaveLength(3);
    expectTruth(scene, played);
    expect(readReport(played)).toMatchObject({ complete: true, counts: { stillDeleting: 3, skipped: 5, deleted: 0 } });
    expect(endOf(played)).toContain("The job was cancelled: no new delete was begun after that");
    expect(played.summary.match(/^## /gm)).toHaveLength(1);
    expect(played.summary).toContain("The job was cancelled: no new delete was begun after that");
    expect(mainOf(played)?.outputs).toMatchObject({ "still-deleting": "3", skipped: "5" });
    expect(postOf(played)?.annotations).toEqual([]);
  });

  test("does not lose its words to a second signal", async () => {
    await using scene = await openFleet(5, 60);
    const { played, afterwards } = await cancelAtThirdDelete(scene, 800, { interruptMs: 200, terminateMs: 5_000 });
    expect(mainOf(played)).toMatchObject({ signalsSent: ["SIGINT", "SIGTERM"], exitCode: 0 });
    expect(afterwards).toEqual([]);
    expectTruth(scene, played);
    expect(readReport(played)).toMatchObject({ complete: true, counts: { stillDeleting: 3, skipped: 2 } });
  });

  test("gives an answer up that does not come, and says that DELETE was sent", async () => {
    await using scene = await openFleet(4, 60);
    const { played, endedAfterMs } = await cancelAtThirdDelete(scene, 8_000);
    expect(mainOf(played)?.signalsSent).toEqual(["SIGINT"]);
    expect(endedAfterMs).toBeLessThan(7_500);
    const third = readReport(played)?.groups.find(({ outcome }) => outcome?.kind === "asked");
    expect(third).toBeDefined();
    expect(played.summary).toContain("DELETE was sent, and the run ended before ARM's answer was known");
  });

  test("is told by its post when the runner's patience ends in the middle of it", async () => {
    await using scene = await openFleet(5, 60);
    const { played } = await cancelAtThirdDelete(scene, 1_500, { interruptMs: 100, terminateMs: 100 });
    expect(mainOf(played)).toMatchObject({ signalsSent: ["SIGINT", "SIGTERM", "SIGKILL"], exitCode: 137 });
    expect(readReport(played)).toMatchObject({ complete: false, counts: { stillDeleting: 3, skipped: 2 } });
    expect(played.summary).toContain("The run was cut short");
  });
});

interface Kill {
  readonly scene: Scene;
  readonly played: Played;
}

/** Kills main outright at the arrival of its request number `at`, before or after ARM carries it out. */
async function killAt(at: number, afterwards: boolean): Promise<Kill> {
  const folder = mkdtempSync(join(tmpdir(), "mayfly-pid-"));
  const file = join(folder, "pid");
  const scene = await openFleet(4);
  const kill = (): void => {
    process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
  };
  let count = 0;
  scene.tap.listen(() => {
    count += 1;
    if (count !== at) return;
    if (afterwards) setTimeout(kill, 1);
    else kill();
  });
  const steps = [reap({ ...asTeam(scene.team), concurrency: 2 })];
  const played = await scene.play({ steps, nodeArguments: tellPid(file) });
  rmSync(folder, { recursive: true });
  return { scene, played };
}

/** Numbers that look random and are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

describe("a reap that is killed", () => {
  const random = seeded(20_261_121);
  // 6 requests until the plan stands, then 3 for each of 4 groups, then the looks at how they go.
  const moments = [2, 6, ...Array.from({ length: 8 }, () => 6 + Math.floor(random() * 13))].map((at) => ({
    at,
    afterwards: random() < 0.5,
  }));

  test("leaves a post that tells each DELETE that reached ARM, wherever it was killed", async () => {
    const kills = await inLanes(moments, 4, ({ at, afterwards }) => killAt(at, afterwards));
    for (const { scene, played } of kills) {
      await scene[Symbol.asyncDispose]();
      expect(mainOf(played)).toMatchObject({ exitCode: 137, conclusion: "failure", signalsSent: [] });
      expect(postOf(played)).toMatchObject({ exitCode: 0 });
      expect(readReport(played)?.complete).toBe(false);
      expect(played.annotations.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^The reaper was cut short\. Until then: \d+ deleted, \d+ being deleted by ARM/),
      );
      expectTruth(scene, played);
    }
    // The moments were before, among and after the DELETEs, else this would show little.
    const sent = new Set(kills.map(({ scene }) => scene.deletes().length));
    expect([...sent].sort()).toEqual(expect.arrayContaining([0, 4]));
    expect(sent.size).toBeGreaterThan(2);
  });
});
