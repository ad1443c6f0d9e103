import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { addFleet, type Fleet } from "../azure/fleet.ts";
import { expectTruth, readReport, readVerdicts } from "./evidence.ts";
import { asTeam, openScene, type Played, reap, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

/** One byte more, and GitHub shows nothing of a step's summary. */
const SUMMARY_LIMIT_BYTES = 1024 * 1024;
const mainOf = (played: Played) => played.steps.find(({ id, stage }) => id === "reap" && stage === "main");

describe("a subscription with as many groups as Azure allows", () => {
  let scene: Scene;
  let fleet: Fleet;
  let before: readonly string[];
  let played: Played;
  beforeAll(async () => {
    scene = await openScene({ deletionSeconds: 2 });
    const { azure, team } = scene;
    fleet = addFleet(azure, { subscriptionId: team.subscriptionId, groups: 980, expired: 60, odd: 15 });
    Object.assign(azure.arm.settings, { pageSize: 100, emptyFirstPage: true, mixedCaseIds: true });
    before = scene.names();
    played = await scene.play({ steps: [reap({ ...asTeam(team), "max-deletions": 100 })] });
  });
  afterAll(async () => scene[Symbol.asyncDispose]());

  test("loses exactly the expired ones, each asked for once", () => {
    expect(mainOf(played)).toMatchObject({ exitCode: 0, outputs: { expired: "60", deleted: "60", "error-code": "" } });
    expect([...scene.deletes()].sort()).toEqual([...fleet.expired].sort());
    expect(scene.names()).toEqual(before.filter((name) => !fleet.expired.includes(name)));
    expectTruth(scene, played);
  });

  test("is never throttled: the reaper keeps to ARM's pace", () => {
    expect(scene.azure.traffic.requests.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("is told group by group, within what a summary may hold", () => {
    expect(Buffer.byteLength(played.summary)).toBeLessThan(SUMMARY_LIMIT_BYTES);
    const verdicts = readVerdicts(played.summary);
    for (const name of [...fleet.expired, ...fleet.alive, ...fleet.odd.keys()]) expect(verdicts.has(name)).toBe(true);
    for (const name of fleet.untagged) expect(verdicts.has(name)).toBe(false);
  });
});

test("a fleet over the fuse's limit loses nothing, however large it is", async () => {
  await using scene = await openScene();
  addFleet(scene.azure, { subscriptionId: scene.team.subscriptionId, groups: 200, expired: 21 });
  const played = await scene.play({ steps: [reap(asTeam(scene.team))] });
  expect(mainOf(played)).toMatchObject({ exitCode: 1, outputs: { fuse: "tripped", "error-code": "fuse-tripped" } });
  expect(scene.deletes()).toEqual([]);
  expect(readReport(played)).toMatchObject({ complete: true, counts: { expired: 21, deleted: 0 } });
});

describe("1,500 groups with odd tags and long texts", () => {
  let scene: Scene;
  let played: Played;
  beforeAll(async () => {
    scene = await openScene();
    for (let index = 0; index < 1_500; index += 1) {
      const name = `pr-${index}-${"x".repeat(80)}`;
      scene.add(name, { "auto-destroy": "true", "expires-at": `someday ${index} ${"|é😀".repeat(60)}` });
    }
    played = await scene.play({ steps: [reap(asTeam(scene.team))] });
  });
  afterAll(async () => scene[Symbol.asyncDispose]());

  test("give a summary that GitHub shows, and that says what it leaves out", () => {
    expect(mainOf(played)).toMatchObject({ exitCode: 0, outputs: { odd: "1500", expired: "0" } });
    expect(Buffer.byteLength(played.summary)).toBeLessThan(SUMMARY_LIMIT_BYTES);
    const rows = readVerdicts(played.summary).size;
    const [, left] = /… and (\d+) more, in the JSON report/.exec(played.summary) ?? [];
    expect(rows + Number(left ?? 0)).toBe(1_500);
    expect(readReport(played)?.groups).toHaveLength(1_500);
  });

  test("give no more annotations than GitHub keeps, and the rest stands in the log", () => {
    // Of the commands themselves: the runner drops what comes after the tenth without a word.
    const warnings = played.log.filter(({ kind }) => kind === "warning");
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThanOrEqual(10);
    const told = new Set(played.log.flatMap(({ text }) => /\bpr-(\d+)-x/.exec(text)?.[1] ?? []));
    expect(told.size).toBe(1_500);
  });
});
