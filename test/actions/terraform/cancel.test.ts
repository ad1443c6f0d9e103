import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { act, actIn, type Outcome, post } from "./act.ts";
import { createFakeWorld, NOTE, type Scene, STATE } from "./fake-world.ts";
import type { Given } from "./inputs.ts";
import { createShop, GROUP, PASSWORD } from "./shop.ts";

const POINTS = [
  "init.begin",
  "plan.begin",
  "plan.locked",
  "plan.refresh",
  "plan.unlock",
  "show.begin",
  "apply.begin",
  "apply.locked",
  "apply.azurerm_resource_group.this",
  "apply.terraform_data.app",
  "apply.persist",
  "apply.unlock",
] as const;

const GIVEN: Given = { ttl: "8h", "secret-variables": `password: ${PASSWORD}` };

interface Ended {
  readonly scene: Scene;
  readonly main: Outcome;
  readonly after: Awaited<ReturnType<typeof post>>;
}

/** Ends an apply at a point, as GitHub does with a cancelled job, and lets post come. */
async function endAt(point: string, how: "cancel" | "kill", given: Given = GIVEN): Promise<Ended> {
  const scene = createShop();
  const world = createFakeWorld(scene);
  let done = false;
  scene.terraform.at(point, () => {
    if (!done) world[how]();
    done = true;
  });
  const main = await actIn(world, scene, given);
  expect(done).toBe(true);
  return { scene, main, after: await post(scene, world, given) };
}

/** A cancelled job ends with its state stored and nothing held. */
function expectNothingHeld({ scene, after }: Ended): void {
  expect(after.over).toBe(true);
  expect(scene.store.blobs.get(STATE)?.lease).toBeUndefined();
  expect(scene.store.blobs.get(STATE)?.metadata["terraformlockid"]).toBeUndefined();
  expect(scene.store.blobs.has(NOTE)).toBe(false);
  // What is in Azure is in the state.
  const state = scene.store.blobs.get(STATE)?.bytes.toString("utf8") ?? "";
  expect(state.includes(`"name": "${GROUP}"`)).toBe(scene.groups.all.has(GROUP));
}

describe.each(["cancel", "kill"] as const)("main that gets a %s", (how) => {
  test.each(POINTS)("at %s leaves state stored, no lease, no note, and a comment that says so", async (point) => {
    const ended = await endAt(point, how);
    const { scene, main, after } = ended;

    expectNothingHeld(ended);
    // What was done in time is told as done.
    expect(after.comment).toMatch(/apply cancelled|apply: 2 added/);
    expect(after.comment).not.toContain("ended by force");
    expect(main.log + after.log + after.comment + after.summary).not.toContain(PASSWORD);
    // Never a second signal: terraform would drop its state.
    expect(scene.terraform.last()?.interrupts ?? 0).toBeLessThanOrEqual(1);
  });

  test.each(POINTS)("at %s lets the next run do the rest", async (point) => {
    const { scene } = await endAt(point, how);

    const next = await act(scene, GIVEN, { job: { runId: 101, host: "fv-az101" } });

    expect([next.code, scene.groups.all.has(GROUP)]).toEqual(["", true]);
    expect(scene.terraform.forced).toEqual([]);
  });
});

describe("a cancelled job", () => {
  test("says how far it came, and that the rest is to be done", async () => {
    const { after, main } = await endAt("apply.azurerm_resource_group.this", "cancel");

    expect([main.code, main.outputs["failure-reason"]]).toEqual(["cancelled-clean", "cancelled-clean"]);
    expect(after.comment).toContain("1 of 2 changes done");
    expect(after.summary).toContain("terraform stored its state and gave back the lock");
  });

  test("does not say of what was done in time that it was not", async () => {
    const { after } = await endAt("apply.unlock", "cancel");

    expect(after.comment).toContain("2 added");
    expect(after.comment).not.toContain("before the work did");
  });

  test("has a reason for other steps, wherever it was", async () => {
    for (const point of POINTS.slice(0, POINTS.indexOf("apply.terraform_data.app"))) {
      const { main } = await endAt(point, "cancel");
      expect([point, main.outputs["failure-reason"]]).toEqual([point, "cancelled-clean"]);
    }
  });

  test("tells the other steps no output twice encoded", async () => {
    const { main } = await endAt("apply.azurerm_resource_group.this", "cancel");

    expect(main.outputs["outputs"]).toBe("{}");
  });

  test("in a wait for somebody else's lock stops waiting", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    await scene.store.write(NOTE, Buffer.from("{}"));
    scene.pace = async () => {
      if (scene.clock.now() > Date.parse("2026-11-21T12:00:08Z")) world.cancel();
    };

    const main = await actIn(world, scene, {});
    const after = await post(scene, world, {});

    expect([main.outputs["failure-reason"], after.over]).toEqual(["cancelled-clean", true]);
    expect(scene.clock.now()).toBeLessThan(Date.parse("2026-11-21T12:01:00Z"));
    expect(scene.store.blobs.has(NOTE)).toBe(true);
  });

  test("that was killed before it could write down its own note leaves none", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    const { write } = scene.store;
    scene.store.write = async (name, bytes, options) => {
      const written = await write(name, bytes, options);
      if (name === NOTE) world.kill();
      return written;
    };

    await actIn(world, scene, {});
    const before = scene.store.blobs.has(NOTE);
    const { over } = await post(scene, world, {});

    expect([before, over, scene.store.blobs.has(NOTE)]).toEqual([true, true, false]);
  });

  test("is ended by post, though a later step has removed what the root module needs", async () => {
    const scene = createShop();
    const put = new Map([["/home/runner/shop/infra/more.tfvars", 'version = "v2"']]);
    const world = createFakeWorld(scene, { put });
    const given = { "var-files": "more.tfvars" };
    scene.terraform.at("apply.persist", () => world.kill());

    await actIn(world, scene, given);
    await world.files.remove("/home/runner/shop/infra/more.tfvars");
    const { over } = await post(scene, world, given);

    expect([over, scene.store.blobs.get(STATE)?.lease, scene.store.blobs.has(NOTE)]).toEqual([true, undefined, false]);
  });

  test("leaves its note to post where storage did not answer, and nothing is told twice", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    const { delete: remove } = scene.store;
    scene.store.delete = async () => {
      throw new UserError("storage-unavailable", "503");
    };

    const main = await actIn(world, scene, {});
    const before = scene.store.blobs.has(NOTE);
    scene.store.delete = remove;
    const writes = scene.github.writes.length;
    const after = await post(scene, world, {});

    expect([main.code, before, after.over, scene.store.blobs.has(NOTE)]).toEqual(["", true, true, false]);
    expect([after.summary, scene.github.writes.length]).toEqual(["", writes]);
  });

  test("leaves nothing for post once main has told all", async () => {
    const scene = createShop();
    const { world } = await act(scene, {});
    scene.store.requests.length = 0;

    const after = await post(scene, world, {});

    expect([after.tookOver, scene.store.requests]).toEqual([false, []]);
  });
});

describe("terraform itself is killed", () => {
  test("by the machine: what it held is released, and the comment warns of what may be lost", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    scene.terraform.at("apply.terraform_data.app", () => {
      const process = scene.terraform.last();
      if (process !== undefined) process.killed = true;
    });

    const { code, comment, log } = await actIn(world, scene, GIVEN);

    expect(code).toBe("cancelled-dirty");
    expect([scene.store.blobs.get(STATE)?.lease, scene.store.blobs.has(NOTE)]).toEqual([undefined, false]);
    expect(comment).toContain("ended by force");
    expect(log).not.toContain(PASSWORD);
  });

  test("after its last word and before it gave back its lock: post releases that", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    scene.terraform.at("plan.unlock", () => {
      const process = scene.terraform.last();
      if (process === undefined) return;
      process.killed = true;
      world.kill();
    });

    await actIn(world, scene, GIVEN);
    const before = scene.store.blobs.get(STATE)?.lease;
    await post(scene, world, GIVEN);

    expect(before).toBeDefined();
    expect([scene.store.blobs.get(STATE)?.lease, scene.store.blobs.has(NOTE)]).toEqual([undefined, false]);
  });

  test("with its main: post releases what it held", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    scene.terraform.at("apply.terraform_data.app", () => {
      const process = scene.terraform.last();
      if (process === undefined || process.over) return;
      process.killed = true;
      world.kill();
    });

    await actIn(world, scene, GIVEN);
    const after = await post(scene, world, GIVEN);

    expect([scene.store.blobs.get(STATE)?.lease, scene.store.blobs.has(NOTE)]).toEqual([undefined, false]);
    expect(after.comment).toContain("ended by force");
  });
});

describe("terraform that does not end in time", () => {
  test("is left to the runner, loudly, and its lock with it", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    scene.terraform.at("apply.terraform_data.app", () => {
      world.kill();
      return new Promise(() => {});
    });
    const before = scene.clock.now();
    const given = { ...GIVEN, "cancel-wait": "30s" };

    await actIn(world, scene, given);
    const after = await post(scene, world, given);

    expect([after.over, scene.clock.now() - before]).toEqual([false, 30_000]);
    expect(scene.terraform.forced).toEqual([]);
    expect(scene.store.blobs.has(NOTE)).toBe(true);
    expect(after.comment).toContain("terraform still works");
    expect(after.log).toContain("cancel-wait");
  });

  test("and is proven dead by the next run, which releases its lock", async () => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    scene.terraform.at("apply.terraform_data.app", () => {
      const process = scene.terraform.last();
      if (process?.killed !== false || world.orphan() === undefined) return undefined;
      world.kill();
      // The runner ends it with the job.
      process.killed = true;
      return new Promise(() => {});
    });
    const given = { ...GIVEN, "cancel-wait": "5s" };
    await actIn(world, scene, given);
    await post(scene, world, given);
    const endedAt = new Date(scene.clock.now() + 2_000);
    const run = { status: "completed", conclusion: "cancelled", attempt: 1, url: "", startedAt: endedAt, endedAt };
    scene.github.runs.set("octo/shop/100/1", run);
    scene.terraform.configuration = { ...scene.terraform.configuration, resources: () => [] };

    const next = await act(scene, GIVEN, { job: { runId: 101, host: "fv-az101" } });

    expect([next.code, scene.terraform.forced.map(({ living }) => living)]).toEqual(["", [false]]);
  });
});
