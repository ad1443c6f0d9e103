import { expect, test } from "@jest/globals";
import { createScripts, from, holds, makeStep, makeTest, never, notYet, take, tellOutcomes } from "./fake/scripted.ts";
import { createFakeWorld, createScene } from "./fake/world.ts";

function begin() {
  const scene = createScene();
  const world = createFakeWorld(scene);
  return { scene, world, ...createScripts() };
}

test("after a cancel no check goes on, and the ends of steps that were begun are done by the session that lasts", async () => {
  const { scene, world, load, check } = begin();
  scene.time.after(2_500, world.cancel);
  let lasting: unknown;
  const tidy = (at: number, { world: own, until }: { readonly world: typeof world; readonly until: AbortSignal }) => {
    lasting = own.cluster;
    expect(until.aborted).toBe(false);
    return at >= 4_000 ? holds() : notYet();
  };
  const steps = [
    makeStep("s", [check("a", () => notYet())], { finally: [check("tidy", tidy as never)] }),
    makeStep("next", [check("b", () => holds())], { finally: [check("never begun", () => holds())] }),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(tellOutcomes(result)).toEqual(["a failed", "tidy passed", "b skipped"]);
  expect(result.tests[0]?.steps[0]?.checks[0]?.seen).toBe("the job was cancelled; seen last: nothing");
  expect(lasting).toBe(world.lastingCluster);
  expect(result.durationMs).toBeLessThan(5_000);
});

test("what is done at the end has a few seconds after a cancel, and no more", async () => {
  const { scene, world, load, check } = begin();
  scene.time.after(1_000, world.cancel);
  const end = [check("slow", () => notYet(), { timeout: 60_000 }), check("late", () => holds())];
  const result = await take(
    scene,
    world,
    [makeTest("t", [makeStep("s", [check("a", () => notYet())], { finally: end })])],
    load,
  );
  expect(tellOutcomes(result)).toEqual(["a failed", "slow failed", "late failed"]);
  expect(result.durationMs).toBe(6_000);
});

test("when the whole time is up everything fails that still goes on, and ends are still done", async () => {
  const { scene, world, load, check } = begin();
  const tests = [
    makeTest("one", [
      makeStep("s", [check("a", () => notYet(), { timeout: 60_000 })], { finally: [check("tidy", () => holds())] }),
    ]),
    makeTest("two", [
      makeStep("s", [
        check("b", from(2_000)),
        check("c", () => notYet(), { timeout: 60_000 }),
        check("d", () => holds()),
      ]),
    ]),
  ];
  const result = await take(scene, world, tests, load, { timeoutMs: 5_000 });
  expect(tellOutcomes(result)).toEqual(["a failed", "tidy passed", "b passed", "c failed", "d skipped"]);
  expect(result.tests[0]?.steps[0]?.checks[0]?.seen).toBe("the smoke test's time (5s) was up; seen last: nothing");
  expect(result.durationMs).toBe(5_000);
});

test("a step whose turn came when the time was up has failed: nobody has seen it pass", async () => {
  const { scene, world, load, check } = begin();
  const slow = async () => {
    await scene.time.sleep(3_000);
    return holds();
  };
  const steps = [makeStep("first", [check("a", slow)]), makeStep("second", [check("b", () => holds())])];
  const result = await take(scene, world, [makeTest("t", steps)], load, { timeoutMs: 3_000 });
  expect(tellOutcomes(result)).toEqual(["a passed", "b failed"]);
  expect(result.tests[0]?.outcome).toBe("failed");
});

test("with fail-fast the first test that fails ends the others, which have neither passed nor failed", async () => {
  const { scene, world, load, check } = begin();
  const tests = [
    makeTest("bad", [makeStep("s", [check("a", (at) => (at < 2_000 ? notYet() : never()))])]),
    makeTest("other", [
      makeStep("s", [check("b", () => holds()), check("c", () => notYet(), { timeout: 60_000 })], {
        finally: [check("tidy", () => holds())],
      }),
    ]),
  ];
  const result = await take(scene, world, tests, load, { failFast: true });
  expect(tellOutcomes(result)).toEqual(["a failed", "b passed", "c skipped", "tidy passed"]);
  expect(result.tests.map(({ outcome }) => outcome)).toEqual(["failed", "skipped"]);
  expect(result.durationMs).toBe(2_000);
});

test("without fail-fast the others go on", async () => {
  const { scene, world, load, check } = begin();
  const tests = [
    makeTest("bad", [makeStep("s", [check("a", () => never())])]),
    makeTest("other", [makeStep("s", [check("b", from(4_000))])]),
  ];
  const result = await take(scene, world, tests, load);
  expect(result.tests.map(({ outcome }) => outcome)).toEqual(["failed", "passed"]);
});
