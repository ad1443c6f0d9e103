import { describe, expect, test } from "@jest/globals";
import { act, actIn } from "./act.ts";
import { createFakeWorld, NOTE, type Scene, STATE } from "./fake-world.ts";
import { createShop, GROUP } from "./shop.ts";

const LOST = { summary: "Failed to save state", detail: "Error saving state: 403 AuthorizationFailure" };
const KEPT = { summary: "Error releasing the state lock", detail: "Error message: failed to delete lock info" };

const stateOf = ({ store }: Scene): string => store.blobs.get(STATE)?.bytes.toString("utf8") ?? "";
const held = ({ store }: Scene): string | undefined => store.blobs.get(STATE)?.lease;

describe("a state that terraform could not store", () => {
  test("is stored afterwards, and no lease is left", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.persist", LOST);

    const { code, outputs, comment } = await act(scene, {});

    expect([code, outputs["failure-reason"]]).toEqual(["state-not-persisted", "state-not-persisted"]);
    expect(stateOf(scene)).toContain(GROUP);
    expect([held(scene), scene.store.blobs.has(NOTE)]).toEqual([undefined, false]);
    expect(comment).toContain("stored afterwards");
    const again = await act(scene, { command: "plan" });
    expect([again.code, again.outputs["has-changes"]]).toEqual(["", false]);
  });

  test("and cannot be stored afterwards either is an error that says what is lost", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.persist", LOST);
    scene.terraform.fail("state-push", LOST);

    const { code, world } = await act(scene, {});

    expect(code).toBe("state-not-persisted");
    expect(world.annotations).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: expect.stringContaining("/home/runner/shop/infra/errored.tfstate"),
      }),
    );
  });

  test("is not taken for another environment's by the next step in that folder", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.persist", LOST);
    const { world } = await act(scene, {});
    expect([...world.files.all.keys()].filter((path) => path.endsWith("errored.tfstate"))).toEqual([]);
  });

  test("of another environment is not pushed into this one's, though terraform is killed here", async () => {
    const scene = createShop();
    await act(scene, {});
    const put = new Map([["/home/runner/shop/infra/errored.tfstate", stateOf(scene)]]);
    const world = createFakeWorld(scene, { put });
    scene.terraform.at("plan.locked", () => {
      const process = scene.terraform.last();
      if (process !== undefined) process.killed = true;
    });

    const { code, log } = await actIn(world, scene, { environment: "pr-13" });

    expect(code).toBe("cancelled-dirty");
    expect(scene.store.blobs.get("mayfly/4711/pr-13.tfstate")?.bytes.toString("utf8") ?? "").not.toContain(GROUP);
    expect(log).toContain("was left by an earlier run");
  });

  test("of an earlier run is not pushed over a newer one", async () => {
    const scene = createShop();
    await act(scene, {});
    const before = stateOf(scene);
    const old = JSON.stringify({ ...JSON.parse(before), serial: 0, resources: [] });
    const put = new Map([["/home/runner/shop/infra/errored.tfstate", old]]);

    const { code, log } = await act(scene, { command: "plan" }, { put });

    expect([code, stateOf(scene)]).toEqual(["", before]);
    expect(log).toContain("was left by an earlier run");
  });
});

describe("a lock that terraform left behind", () => {
  test("is released, since nobody else would", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.unlock", KEPT);

    const { code, comment } = await act(scene, {});

    expect([code, held(scene), scene.store.blobs.has(NOTE)]).toEqual(["state-locked", undefined, false]);
    expect(comment).toContain("terraform had left its lock behind; it was released");
  });

  test("that cannot be released is told with the command that does, and the note stays to prove whose it is", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.unlock", KEPT);
    scene.terraform.fail("force-unlock", { summary: "no" });

    const { log, outputs } = await act(scene, {});

    const lock = held(scene);
    expect(lock).toBeDefined();
    expect(log).toContain(`lock-id: ${lock}`);
    expect(JSON.parse(`${outputs["lock-info"]}`)).toMatchObject({ id: lock });
    expect(scene.store.blobs.has(NOTE)).toBe(true);
  });

  test("is then released by the next run, once GitHub says that this one is over", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.unlock", KEPT);
    scene.terraform.fail("force-unlock", { summary: "no" });
    await act(scene, {});
    const endedAt = new Date(scene.clock.now() + 1_000);
    const run = { status: "completed", conclusion: "failure", attempt: 1, url: "", startedAt: endedAt, endedAt };
    scene.github.runs.set("octo/shop/100/1", run);
    scene.clock.pass(60_000);

    const { code } = await act(scene, {}, { job: { runId: 101, host: "fv-az101" } });

    expect([code, held(scene)]).toEqual(["", undefined]);
  });
});

describe("the note beside the state", () => {
  test("of another run is not removed", async () => {
    const scene = createShop();
    // Somebody has taken ours away, and another run has put its own there.
    scene.terraform.at("apply.persist", () => {
      const blob = scene.store.blobs.get(NOTE);
      const other = blob?.bytes.toString("utf8").replace('"runId": 100', '"runId": 101') ?? "";
      if (blob !== undefined) blob.bytes = Buffer.from(other);
    });

    await act(scene, {});

    expect(scene.store.blobs.get(NOTE)?.bytes.toString("utf8")).toContain('"runId": 101');
  });

  test("is removed after a failure, too", async () => {
    const scene = createShop();
    scene.terraform.fail("plan", { summary: "no" });

    await act(scene, {});

    expect(scene.store.blobs.has(NOTE)).toBe(false);
  });

  test("stays where storage does not answer any more, and that is a warning", async () => {
    const scene = createShop();
    const { delete: remove } = scene.store;
    scene.store.delete = async (name, options) => {
      if (name === NOTE) throw new Error("503 ServerBusy");
      return remove(name, options);
    };

    const { code, log } = await act(scene, {});

    expect([code, log]).toEqual(["", expect.stringContaining("The state could not be looked after: 503 ServerBusy")]);
  });
});
