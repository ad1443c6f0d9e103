import { expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import {
  createScripts,
  from,
  holds,
  makeStep,
  makeTest,
  never,
  notYet,
  type Script,
  take,
  tellOutcomes,
} from "./fake/scripted.ts";
import { createFakeWorld, createScene } from "./fake/world.ts";

function begin() {
  const scene = createScene();
  const world = createFakeWorld(scene);
  return { scene, world, ...createScripts() };
}

test("steps are taken one after another, their checks as well, and those in parallel side by side", async () => {
  const { scene, world, load, check, looks } = begin();
  const steps = [
    makeStep("first", [check("a", from(1_000)), check("b", () => holds())]),
    makeStep("second", [
      { kind: "parallel", line: 9, checks: [check("c", from(3_000)), check("d", from(2_000))] },
      check("e", () => holds()),
    ]),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(looks).toEqual(["a@0", "a@1000", "b@1000", "c@1000", "d@1000", "c@2000", "d@2000", "c@3000", "e@3000"]);
  expect(result.tests).toMatchObject([{ outcome: "passed", steps: [{ outcome: "passed" }, { outcome: "passed" }] }]);
  expect(result.durationMs).toBe(3_000);
});

test("the first failure ends its step and its test, and what was not taken is told as such", async () => {
  const { scene, world, load, check } = begin();
  const steps = [
    makeStep("first", [check("a", () => never()), check("b", () => holds())]),
    makeStep("second", [check("c", () => holds())]),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(tellOutcomes(result)).toEqual(["a failed", "b skipped", "c skipped"]);
  expect(result.tests[0]?.outcome).toBe("failed");
  expect(result.tests[0]?.steps.map(({ outcome }) => outcome)).toEqual(["failed", "skipped"]);
  expect(world.lines.join("\n")).toContain('step "first" has failed');
});

test("one that fails in parallel leaves the others their time", async () => {
  const { scene, world, load, check } = begin();
  const both = { kind: "parallel" as const, line: 9, checks: [check("a", () => never()), check("b", from(4_000))] };
  const result = await take(scene, world, [makeTest("t", [makeStep("s", [both, check("c", () => holds())])])], load);
  expect(tellOutcomes(result)).toEqual(["a failed", "b passed", "c skipped"]);
});

test("an optional check that fails stops nothing", async () => {
  const { scene, world, load, check } = begin();
  const step = makeStep("s", [check("a", () => never(), { optional: true }), check("b", () => holds())]);
  const result = await take(scene, world, [makeTest("t", [step])], load);
  expect(tellOutcomes(result)).toEqual(["a failed", "b passed"]);
  expect(result.tests[0]?.outcome).toBe("passed");
});

test("a check that never becomes true fails when its time is up, with what was seen last and how often", async () => {
  const { scene, world, load, check } = begin();
  const result = await take(
    scene,
    world,
    [makeTest("t", [makeStep("s", [check("a", (at) => notYet(`nothing at ${at}`), { timeout: 2_500 })])])],
    load,
  );
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([
    { outcome: "failed", expected: "it", seen: "nothing at 2500", tries: 4, fromMs: 0, toMs: 2_500, line: 7 },
  ]);
});

test("a look that never comes back is called off when the time is up", async () => {
  const { scene, world, load, check } = begin();
  let asked: AbortSignal | undefined;
  const hang = (_: number, { until }: { readonly until: AbortSignal }) => {
    asked = until;
    return new Promise<never>(() => {});
  };
  const result = await take(
    scene,
    world,
    [makeTest("t", [makeStep("s", [check("a", hang, { timeout: 2_000 })])])],
    load,
  );
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([{ outcome: "failed", seen: "no answer in time" }]);
  expect(asked?.aborted).toBe(true);
  expect(result.durationMs).toBeLessThan(4_000);
});

test("a last look that was cut off tells what it lacked, and what the look before had seen", async () => {
  const { scene, world, load, check } = begin();
  const cut = (seen: string): Script => {
    return (at) => (at < 2_000 ? notYet("status 503") : { ...notYet(seen), state: "unseen" });
  };
  const found = { ...notYet("refused"), state: "unseen" } as const;
  const checks = [
    check("seen before", cut("no answer within 0.4 s"), { timeout: 2_000 }),
    check("the same", cut("status 503"), { timeout: 2_000 }),
    check("never seen", () => found, { timeout: 2_000 }),
    check("no last look", (at) => (at === 1_000 ? found : notYet("status 503")), { timeout: 2_000 }),
  ];
  const result = await take(
    scene,
    world,
    [makeTest("t", [makeStep("s", [{ kind: "parallel", line: 9, checks }])])],
    load,
  );
  expect(result.tests[0]?.steps[0]?.checks.map(({ outcome, seen }) => `${outcome} ${seen}`)).toEqual([
    "failed no answer within 0.4 s; before: status 503",
    "failed status 503",
    "failed refused",
    "failed status 503",
  ]);
});

test("what must not hold passes while it does not, and for as long as it is asked to", async () => {
  const { scene, world, load, check } = begin();
  const steps = [
    makeStep("absent", [check("a", () => notYet(), { negated: true })]),
    makeStep("stays absent", [
      check("b", (at) => (at < 3_000 ? notYet() : holds("a restart")), {
        negated: true,
        consistently: 20_000,
        timeout: 5_000,
      }),
    ]),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(result.tests[0]?.steps.flatMap(({ checks }) => checks)).toMatchObject([
    { outcome: "passed", kind: "error tcp", expected: "not it" },
    { outcome: "failed", seen: "a restart" },
  ]);
});

test("what stays true for so long passes, and a break begins anew", async () => {
  const { scene, world, load, check } = begin();
  const flaky = (at: number) => (at === 2_000 ? notYet() : holds());
  const step = makeStep("s", [check("a", flaky, { consistently: 4_000 })]);
  const result = await take(scene, world, [makeTest("t", [step])], load);
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([{ outcome: "passed", fromMs: 0, toMs: 7_000 }]);
});

test("a fault that no waiting mends fails a check at once, with its code; a cluster that is away is waited for", async () => {
  const { scene, world, load, check } = begin();
  const missing = () => {
    throw new UserError("tool-missing", "There is no helm.");
  };
  const away = (at: number) => {
    if (at < 3_000) throw new UserError("cluster-unreachable", "No answer.");
    return holds();
  };
  const both = { kind: "parallel" as const, line: 9, checks: [check("a", missing), check("b", away)] };
  const result = await take(scene, world, [makeTest("t", [makeStep("s", [both])])], load);
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([
    { outcome: "failed", seen: "tool-missing: There is no helm.", tries: 1, toMs: 0 },
    { outcome: "passed", toMs: 3_000 },
  ]);
});

test("a cluster that is away does not prove that something is not there", async () => {
  const { scene, world, load, check } = begin();
  const away = () => {
    throw new UserError("cluster-unreachable", "No answer.");
  };
  const step = makeStep("s", [check("a", away, { negated: true, timeout: 3_000 })]);
  const result = await take(scene, world, [makeTest("t", [step])], load);
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([{ outcome: "failed", tries: 4, toMs: 3_000 }]);
});

test("a fault of ours fails the check with its stack, and leaves the rest its turn", async () => {
  const { scene, world, load, check } = begin();
  const broken = () => {
    throw new TypeError("x is not a function");
  };
  const step = makeStep("s", [check("a", broken)], { finally: [check("tidy", () => holds())] });
  const result = await take(scene, world, [makeTest("t", [step])], load);
  expect(tellOutcomes(result)).toEqual(["a failed", "tidy passed"]);
  expect(result.tests[0]?.steps[0]?.checks[0]?.seen).toMatch(
    /^a fault in Mayfly, not in your spec: x is not a function/,
  );
});

test("the end of a step is done whatever became of it, and a failure there fails the test", async () => {
  const { scene, world, load, check } = begin();
  const end = [check("tidy", () => never()), check("sweep", () => holds())];
  const steps = [
    makeStep("s", [check("a", () => holds())], { finally: end }),
    makeStep("next", [check("b", () => holds())]),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(tellOutcomes(result)).toEqual(["a passed", "tidy failed", "sweep passed", "b skipped"]);
  expect(result.tests[0]?.outcome).toBe("failed");
});

test("only chosen steps are taken, and the others are told as skipped", async () => {
  const { scene, world, load, check, looks } = begin();
  const steps = [
    makeStep("a", [check("a", () => holds())], { tags: ["fast"] }),
    makeStep("b", [check("b", () => holds())], { tags: ["slow"] }),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load, { only: ["fast"] });
  expect(tellOutcomes(result)).toEqual(["a passed", "b skipped"]);
  expect(result.tests[0]?.outcome).toBe("passed");
  expect(looks).toEqual(["a@0"]);
});

test("a run that would check nothing is refused, and so is a tag that no step has", async () => {
  const { scene, world, load, check, looks } = begin();
  const tests = [makeTest("t", [makeStep("a", [check("a", () => holds())], { tags: ["fast"] })])];
  await expect(take(scene, world, [], load)).rejects.toMatchObject({ code: "smoke-nothing-checked" });
  await expect(take(scene, world, tests, load, { skip: ["fast"] })).rejects.toMatchObject({
    code: "smoke-nothing-checked",
  });
  await expect(take(scene, world, tests, load, { only: ["fats"] })).rejects.toMatchObject({
    code: "smoke-tag-unknown",
    message: expect.stringContaining("Tags are: fast."),
  });
  expect(looks).toEqual([]);
});

test("what a check captures is filled into the checks after it", async () => {
  const { scene, world, load, check, looks } = begin();
  const steps = [
    makeStep("s", [
      check("a", () => ({ ...holds(), captures: { id: "o-17" } })),
      check("b", () => holds(), { with: { address: "order-${id}" } } as never),
      check("order-o-17", () => holds()),
    ]),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(looks).toContain("order-o-17@0");
  expect(tellOutcomes(result)).toEqual(["a passed", "b passed", "order-o-17 passed"]);
});

test("a value that nobody has captured fails the check that needs it", async () => {
  const { scene, world, load, check } = begin();
  const step = makeStep("s", [check("b", () => holds(), { with: { address: "order-${id}" } } as never)]);
  const result = await take(scene, world, [makeTest("t", [step])], load);
  expect(result.tests[0]?.steps[0]?.checks).toMatchObject([
    { outcome: "failed", seen: expect.stringContaining("There is no value for id") },
  ]);
});

test("all checks of a test are prepared before its first step, what they hold is let go of in the end", async () => {
  const { scene, world, load, check, prepared, ended, looks } = begin();
  let held = true;
  const hold = (_: number, { memory }: { readonly memory: { readonly held: Map<string, unknown> } }) => {
    memory.held.set("subscription", {
      end: async () => {
        held = false;
      },
    });
    expect(prepared).toEqual(["a", "b"]);
    return holds();
  };
  const steps = [
    makeStep("s", [check("a", hold as never)]),
    makeStep("t", [check("b", () => (held ? holds() : never()))]),
  ];
  const result = await take(scene, world, [makeTest("t", steps)], load);
  expect(result.tests[0]?.outcome).toBe("passed");
  expect(looks).toEqual(["a@0", "b@0"]);
  expect(ended).toEqual(["a", "b"]);
  expect(held).toBe(false);
});
