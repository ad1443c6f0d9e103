import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { LOCK, leaveBehind, lockState } from "./dead-run.ts";
import { NOTE, type Scene, STATE } from "./fake-world.ts";
import { createShop } from "./shop.ts";

const LIVING = { run: { status: "in_progress", conclusion: "", endedAt: undefined } } as const;

const held = ({ store }: Scene): string | undefined => store.blobs.get(STATE)?.lease;

describe("unlock", () => {
  test("has nothing to do where nobody holds the state", async () => {
    const scene = createShop();

    const { code, summary } = await act(scene, { command: "unlock" });

    expect([code, summary]).toEqual(["", expect.stringContaining("Nobody holds the state")]);
  });

  test("releases a lock whose run is over", async () => {
    const scene = createShop();
    await leaveBehind(scene);

    const { code, summary } = await act(scene, { command: "unlock" });

    expect([code, held(scene), summary]).toEqual(["", undefined, expect.stringContaining("A stale lock was released")]);
  });

  test("does so even where applies only wait: somebody has asked for it", async () => {
    const scene = createShop();
    await leaveBehind(scene);

    const { code } = await act(scene, { command: "unlock", "on-lock": "wait" });

    expect([code, held(scene)]).toEqual(["", undefined]);
  });

  test("leaves the lock of a run that works, and says how to insist", async () => {
    const scene = createShop();
    await leaveBehind(scene, LIVING);

    const { code, message, outputs } = await act(scene, { command: "unlock" });

    expect([code, held(scene), outputs["failure-reason"]]).toEqual(["state-locked", LOCK, "state-locked"]);
    expect(message).toContain("held by run #77");
    expect(message).toContain(`lock-id: ${LOCK}`);
    expect(JSON.parse(`${outputs["lock-info"]}`)).toMatchObject({ id: LOCK, operation: "OperationTypeApply" });
  });

  test("by its id releases a lock on somebody's word", async () => {
    const scene = createShop();
    await leaveBehind(scene, { run: "unknown" });

    const { code, summary } = await act(scene, { command: "unlock", "lock-id": LOCK });

    expect([code, held(scene), summary]).toEqual(["", undefined, expect.stringContaining("on your word")]);
  });

  test("on somebody's word lets the next run begin, though nobody can ask GitHub", async () => {
    const scene = createShop();
    await leaveBehind(scene, { run: "unknown" });
    await act(scene, { command: "unlock", "lock-id": LOCK });

    const { code } = await act(scene, { "lock-timeout": "10s" }, { noGitHub: true });

    expect([code, scene.store.blobs.has(NOTE)]).toEqual(["", false]);
  });

  test("by another id releases nothing", async () => {
    const scene = createShop();
    await leaveBehind(scene, { run: "unknown" });

    const { code, message, log } = await act(scene, { command: "unlock", "lock-id": "another" });

    expect([code, held(scene)]).toEqual(["state-locked", LOCK]);
    expect(log).toContain("does not match existing lock");
    expect(message).toContain("break-lease: true");
  });

  test("of a state that only terraform can reach needs the id", async () => {
    const scene = createShop();
    scene.terraform.backend = "local";

    const { code, message } = await act(scene, { command: "unlock" }, { noAzure: true });

    expect([code, message]).toEqual(["bad-input", expect.stringContaining("lock-id")]);
  });
});

describe("a broken lease", () => {
  test("is the last resort, where terraform cannot unlock, and is said loudly", async () => {
    const scene = createShop();
    await lockState(scene, "x@y", new Date(0));
    const blob = scene.store.blobs.get(STATE);
    // What an interrupted unlock leaves: hashicorp/terraform#24289.
    if (blob !== undefined) blob.metadata = {};

    const without = await act(scene, { command: "unlock" });
    const { code, world } = await act(scene, { command: "unlock", "break-lease": "true" });

    expect([without.code, without.message]).toEqual(["state-locked", expect.stringContaining("break-lease: true")]);
    expect([code, held(scene)]).toEqual(["", undefined]);
    expect(world.annotations).toContainEqual(expect.objectContaining({ place: { title: "Lease broken" } }));
  });

  test("is not that of a lock whose id was not given", async () => {
    const scene = createShop();
    await leaveBehind(scene, LIVING);

    const { code, message } = await act(scene, { command: "unlock", "lock-id": "of-yesterday", "break-lease": "true" });

    expect([code, held(scene)]).toEqual(["state-locked", LOCK]);
    expect(message).toContain(LOCK);
  });

  test("is not that of a job which has taken the lock meanwhile", async () => {
    const scene = createShop();
    await lockState(scene, "x@y", new Date(0));
    scene.terraform.at("unlock.begin", async () => {
      const blob = scene.store.blobs.get(STATE);
      if (blob !== undefined) blob.lease = undefined;
      await lockState(scene, "runner@elsewhere", new Date(scene.clock.now()), "10c4ed00-0000-4000-9000-00000000beef");
    });

    const { code } = await act(scene, { command: "unlock", "break-lease": "true" });

    expect([code, held(scene)]).toEqual(["state-locked", "10c4ed00-0000-4000-9000-00000000beef"]);
  });
});
