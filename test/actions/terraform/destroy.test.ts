import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { type Scene, STATE } from "./fake-world.ts";
import { createShop, GROUP, group, SHOP } from "./shop.ts";

const BUSY = {
  summary: "deleting Resource Group",
  detail:
    "the Resource Group still contains Resources.\nunexpected status 409 (409 Conflict) with error: AnotherOperationInProgress: Another operation is in progress",
};
const SCOPE_LOCKED = {
  summary: "deleting Resource Group",
  detail:
    "unexpected status 409 (409 Conflict) with error: ScopeLocked: The scope cannot perform delete operation because following scope(s) are locked: '/subscriptions/x'. Please remove the lock and try again.",
};

/** A shop that lives, with a saved plan beside its state. */
async function deployed(scene = createShop()): Promise<Scene> {
  expect((await act(scene, { ttl: "8h" })).code).toBe("");
  await act(scene, { command: "plan", ttl: "8h" });
  scene.terraform.calls.length = 0;
  return scene;
}

const calls = ({ terraform }: Scene): readonly string[] =>
  terraform.calls.map(({ parameters }) =>
    parameters
      .filter((one) => !one.startsWith("-"))
      .slice(0, 2)
      .join(" "),
  );

describe("a destroy", () => {
  test("removes all, proves it, and leaves neither state nor plans nor note", async () => {
    const scene = await deployed();

    const { code, outputs, summary, comment } = await act(scene, { command: "destroy" });

    expect([code, outputs.destroy, outputs["failure-reason"]]).toEqual(["", 2, undefined]);
    expect([scene.groups.all.size, [...scene.store.blobs.keys()]]).toEqual([0, []]);
    for (const text of [summary, comment]) {
      expect(text).toContain("2 resources destroyed");
      expect(text).toMatch(new RegExp(`${GROUP}.*proven gone`));
      expect(text).toMatch(/State.*deleted/);
    }
  });

  test("of nothing is a failure, and nothing is deleted", async () => {
    const scene = createShop();

    const { code, outputs, message } = await act(scene, { command: "destroy" });

    expect([code, outputs["failure-reason"]]).toEqual(["destroy-nothing", "destroy-nothing"]);
    expect(message).toContain("expect-resources: 0");
    expect(scene.store.requests.filter((one) => one === `delete ${STATE}`)).toEqual([]);
  });

  test("of nothing is fine where that is expected", async () => {
    const scene = createShop();

    const { code, outputs } = await act(scene, { command: "destroy", "expect-resources": "0" });

    expect([code, outputs.destroy]).toEqual(["", 0]);
    expect([...scene.store.blobs.keys()]).toEqual([]);
  });

  test("that finds fewer resources than expected does nothing", async () => {
    const scene = await deployed();

    const { code, message } = await act(scene, { command: "destroy", "expect-resources": "3" });

    expect([code, message]).toEqual(["destroy-nothing", expect.stringContaining("holds 2 resources")]);
    expect(scene.groups.all.has(GROUP)).toBe(true);
  });

  test("obeys max-destroy", async () => {
    const scene = await deployed();

    const { code } = await act(scene, { command: "destroy", "max-destroy": "1" });

    expect([code, scene.groups.all.has(GROUP)]).toEqual(["policy-denied", true]);
  });

  test("of an environment that the reaper has deleted clears the state", async () => {
    const scene = await deployed();
    scene.groups.all.clear();
    scene.terraform.drifted.set("terraform_data.app", "gone");

    const { code, outputs } = await act(scene, { command: "destroy" });

    expect([code, outputs.destroy, [...scene.store.blobs.keys()]]).toEqual(["", 0, []]);
  });

  test("does not bring the end of a dying environment back", async () => {
    const scene = await deployed();

    const { code } = await act(scene, { command: "destroy", ttl: "8h" });

    expect([code, scene.groups.patches]).toEqual(["", []]);
  });

  test("of a workspace without login proves what it can, and keeps the state", async () => {
    const scene = createShop();
    scene.terraform.backend = "local";
    await act(scene, {}, { noAzure: true });

    const { code, summary } = await act(scene, { command: "destroy" }, { noAzure: true });

    expect([code, summary]).toEqual(["", expect.stringContaining("kept: only the azurerm backend")]);
  });
});

describe("a destroy that Azure does not let through", () => {
  test("is tried again where the fault passes, and tells no error in the end", async () => {
    const scene = await deployed();
    scene.terraform.fail(`apply.${group.address}`, BUSY, 2);
    const before = scene.clock.now();

    const { code, outputs, world, summary } = await act(scene, { command: "destroy" });

    expect([code, outputs.destroy, scene.groups.all.size]).toEqual(["", 2, 0]);
    expect(calls(scene).filter((one) => one.startsWith("apply"))).toHaveLength(3);
    expect(scene.clock.now() - before).toBeGreaterThanOrEqual(40_000);
    expect(world.annotations.filter(({ level }) => level === "error")).toEqual([]);
    expect(summary).toContain("try 3 of the destroy");
  });

  test("is tried no more often than asked for, and keeps the state", async () => {
    const scene = await deployed();
    scene.terraform.fail(`apply.${group.address}`, BUSY, 9);

    const { code, outputs } = await act(scene, { command: "destroy", "destroy-retries": "1" });

    expect([code, outputs["failure-reason"]]).toEqual(["destroy-incomplete", "destroy-incomplete"]);
    expect(calls(scene).filter((one) => one.startsWith("apply"))).toHaveLength(2);
    expect(scene.store.blobs.has(STATE)).toBe(true);
  });

  test("goes well where Azure has done it in the meantime", async () => {
    const scene = await deployed();
    scene.terraform.fail(`apply.${group.address}`, BUSY);
    scene.terraform.at("apply.unlock", () => void scene.groups.all.clear());

    const { code } = await act(scene, { command: "destroy" });

    expect([code, [...scene.store.blobs.keys()]]).toEqual(["", []]);
  });

  test("is not worn down where somebody locked it", async () => {
    const scene = await deployed();
    scene.terraform.fail(`apply.${group.address}`, SCOPE_LOCKED, 9);

    const { code, message } = await act(scene, { command: "destroy" });

    expect([code, message]).toEqual(["destroy-incomplete", expect.stringContaining("ScopeLocked")]);
    expect(calls(scene).filter((one) => one.startsWith("apply"))).toHaveLength(1);
    expect(scene.groups.all.has(GROUP)).toBe(true);
  });

  test("keeps the state while a group of the environment still stands", async () => {
    const scene = await deployed();
    scene.groups.immortal.add(GROUP);
    const before = scene.clock.now();

    const { code, message, summary } = await act(scene, { command: "destroy" });

    expect([code, message]).toEqual(["destroy-incomplete", expect.stringContaining(`Azure still has ${GROUP}`)]);
    expect(summary).toMatch(new RegExp(`${GROUP}.*still there`));
    expect(scene.store.blobs.has(STATE)).toBe(true);
    expect(scene.clock.now() - before).toBeGreaterThanOrEqual(120_000);
  });

  test("keeps the state while another group carries the environment's tags, made by whomever", async () => {
    const scene = await deployed();
    scene.groups.add("rg-by-hand", { "mayfly-environment": "pr-12", "mayfly-repository-id": "4711" });

    const { code, message } = await act(scene, { command: "destroy" });

    expect([code, message]).toEqual(["destroy-incomplete", expect.stringContaining("rg-by-hand")]);
    expect(scene.store.blobs.has(STATE)).toBe(true);
  });

  test("waits for a group that takes its time to go", async () => {
    const scene = await deployed();
    scene.groups.immortal.add(GROUP);
    const end = scene.clock.now() + 60_000;
    scene.pace = async () => {
      if (scene.clock.now() >= end) scene.groups.all.delete(GROUP);
    };

    const { code, outputs } = await act(scene, { command: "destroy" });

    expect([code, outputs.destroy, scene.store.blobs.has(STATE)]).toEqual(["", 2, false]);
  });

  test("does not delete a state that somebody has written meanwhile", async () => {
    const scene = await deployed();
    const { find } = scene.store;
    // Another job stores its state between the last look and the delete.
    scene.store.delete = async (name, options) => {
      scene.store.requests.push(`delete ${name}`);
      if (name !== STATE) return scene.store.blobs.delete(name) ? "deleted" : "absent";
      await scene.store.wire.put(STATE, Buffer.from("{}"));
      return (await find(name))?.etag === options?.etag ? "deleted" : "changed";
    };

    const { summary } = await act(scene, { command: "destroy" });

    expect(summary).toContain("kept: it is changed");
    expect(scene.store.blobs.has(STATE)).toBe(true);
  });

  test("does not delete a state that somebody has written while Azure was asked for the proof", async () => {
    const scene = await deployed();
    const { listByTag } = scene.groups.api;
    const api = scene.groups.api as { -readonly [K in keyof typeof scene.groups.api]: (typeof scene.groups.api)[K] };
    api.listByTag = async (...given) => {
      if (scene.groups.all.size === 0) await scene.store.wire.put(STATE, Buffer.from("{}"));
      return listByTag(...given);
    };

    const { summary } = await act(scene, { command: "destroy" });

    expect(summary).toContain("kept: it is changed");
    expect(scene.store.blobs.has(STATE)).toBe(true);
  });

  test("that fails because of a state that cannot be removed is a warning: Azure is clean", async () => {
    const scene = await deployed();
    const { delete: remove } = scene.store;
    scene.store.delete = async (name, options) => {
      if (name === STATE) throw new Error("503");
      return remove(name, options);
    };

    const { code, log, summary } = await act(scene, { command: "destroy" });

    expect([code, summary]).toEqual(["", expect.stringContaining("kept: it could not be removed")]);
    expect(log).toContain("The state could not be removed: 503");
  });
});

test("variables go to a destroy, too: a configuration may not be read without them", async () => {
  const scene = createShop({ ...SHOP, variables: { ...SHOP.variables, needed: {} } });
  await act(scene, { variables: "needed: yes" });

  const { code } = await act(scene, { command: "destroy", variables: "needed: yes" });

  expect(code).toBe("");
});
