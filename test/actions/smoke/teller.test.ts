import { expect, test } from "@jest/globals";
import { createScripts, from, holds, makeStep, makeTest, never, notYet, take } from "./fake/scripted.ts";
import { createFakeWorld, createScene } from "./fake/world.ts";

function begin() {
  const scene = createScene();
  return { scene, world: createFakeWorld(scene), ...createScripts() };
}

test("a test alone is told live: what is waited for after five seconds, and each check as it ends", async () => {
  const { scene, world, load, check } = begin();
  const slow = check("slow", (at) => (at < 12_000 ? notYet(at < 8_000 ? "503" : "502") : holds()), { timeout: 60_000 });
  const step = makeStep("web", [
    check("quick", () => holds()),
    slow,
    check("bad", () => never("500"), { optional: true }),
  ]);
  await take(scene, world, [makeTest("shop", [step])], load);
  expect(world.groups).toEqual(["shop (shop.yaml)"]);
  expect(world.lines).toEqual([
    "web",
    "  ✓ 0.0s quick",
    "  … waiting 5s for slow: 503",
    "  … waiting 10s for slow: 502",
    "  ✓ 12.0s slow",
    "  ✗ 0.0s bad (optional): expected it, saw 500",
    "shop (shop.yaml): 2 passed, 1 failed in 12.0s",
  ]);
});

test("what does not change is told again every half minute", async () => {
  const { scene, world, load, check } = begin();
  const slow = check("slow", () => notYet("503"), { timeout: 70_000 });
  await take(scene, world, [makeTest("shop", [makeStep("web", [slow])])], load);
  const waiting = world.lines.filter((line) => line.includes("waiting"));
  expect(waiting).toEqual([
    "  … waiting 5s for slow: 503",
    "  … waiting 35s for slow: 503",
    "  … waiting 65s for slow: 503",
  ]);
});

test("tests side by side are told one after another, but for what is waited for", async () => {
  const { scene, world, load, check } = begin();
  const tests = [
    makeTest("one", [makeStep("a", [check("x", from(6_000))])]),
    makeTest("two", [makeStep("b", [check("y", from(2_000)), check("z", from(9_000))])]),
  ];
  await take(scene, world, tests, load);
  expect(world.groups).toEqual(["one (one.yaml): 1 passed in 6.0s", "two (two.yaml): 2 passed in 9.0s"]);
  expect(world.lines).toEqual([
    "  … one (one.yaml): waiting 5s for x: nothing at 4000",
    "a",
    "  ✓ 6.0s x",
    "  … two (two.yaml): waiting 5s for z: nothing at 6000",
    "b",
    "  ✓ 2.0s y",
    "  ✓ 7.0s z",
  ]);
});

test("what the world says stays one harmless line", async () => {
  const { scene, world, load, check } = begin();
  const step = makeStep("web", [check("bad", () => never("::error::mine\n::add-mask::x\u001B[2J"))]);
  const result = await take(scene, world, [makeTest("shop", [step])], load);
  expect(result.tests[0]?.steps[0]?.checks[0]?.seen).toBe(": :error::mine ::add-mask::x");
  expect(world.lines).toContain("  ✗ 0.0s bad: expected it, saw : :error::mine ::add-mask::x");
});
