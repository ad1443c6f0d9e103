import { describe, expect, test } from "@jest/globals";
import { act, type Outcome } from "./act.ts";
import { type LeftBehind, LOCK, leaveBehind, lockState } from "./dead-run.ts";
import { NOTE, type Scene, STATE, type WorldOptions } from "./fake-world.ts";
import type { Given } from "./inputs.ts";
import { createShop, GROUP } from "./shop.ts";

const held = ({ store }: Scene): string | undefined => store.blobs.get(STATE)?.lease;

interface Case {
  readonly left?: LeftBehind;
  readonly given?: Given;
  readonly options?: WorldOptions;
}

async function applyAfter({
  left,
  given,
  options,
}: Case): Promise<{ readonly scene: Scene; readonly outcome: Outcome }> {
  const scene = createShop();
  await leaveBehind(scene, left);
  return { scene, outcome: await act(scene, { "lock-timeout": "60s", ...given }, options) };
}

describe("a lock whose run is over", () => {
  test("is released, and the apply goes on", async () => {
    const { scene, outcome } = await applyAfter({});

    expect([outcome.code, scene.groups.all.has(GROUP), held(scene)]).toEqual(["", true, undefined]);
    expect(scene.terraform.forced).toEqual([{ id: LOCK, living: false }]);
    expect(outcome.comment).toContain("A stale lock was released");
    expect(outcome.log).toContain("left behind by run #77 of octo/shop (apply), which ended 5m ago");
    expect(outcome.outputs["lock-info"]).toBeUndefined();
    expect(scene.store.blobs.has(NOTE)).toBe(false);
  });

  test("is told of by no error", async () => {
    const { outcome } = await applyAfter({});

    expect(outcome.world.annotations).toEqual([]);
    expect(outcome.summary).not.toContain("Error acquiring");
  });

  test("is given the time that its machine needs to go, and then released", async () => {
    const { scene, outcome } = await applyAfter({ left: { endedAgo: 5 } });

    expect([outcome.code, scene.terraform.forced.length]).toEqual(["", 1]);
    expect(outcome.log).toContain("waiting for run 77");
  });

  test("is released where GitHub tells only of a later attempt of that run", async () => {
    const { scene, outcome } = await applyAfter({ left: { run: { attempt: 2, status: "completed" } } });

    expect(["", "state-locked"]).toContain(outcome.code);
    expect(scene.terraform.forced.every(({ living }) => !living)).toBe(true);
  });

  test("is not waited for where it left only its note", async () => {
    const { scene, outcome } = await applyAfter({ left: { who: "none" } });

    expect([outcome.code, scene.terraform.forced, scene.store.blobs.has(NOTE)]).toEqual(["", [], false]);
  });
});

describe("a lock that is not proven stale stays", () => {
  const cases: readonly (readonly [string, Case])[] = [
    ["its run goes on", { left: { run: { status: "in_progress", conclusion: "", endedAt: undefined } } }],
    ["its run is queued again", { left: { run: { status: "queued", conclusion: "", endedAt: undefined } } }],
    [
      "GitHub does not tell of its run, as of another repository's",
      { left: { note: { repository: "other/repo" }, run: "unknown" } },
    ],
    ["nobody gave a token", { options: { noGitHub: true } }],
    ["its machine is self-hosted", { left: { note: { runnerEnvironment: "self-hosted" } } }],
    ["another machine took it", { left: { who: "me@laptop" } }],
    ["it was taken before that run began", { left: { lockedAgo: 900 } }],
    ["it was taken after that run was over", { left: { lockedAgo: 100 } }],
    ["no note names a run", { left: { note: "none" } }],
    ["it is not to be released", { given: { "on-lock": "wait" } }],
  ];

  test.each(cases)("%s", async (_, one) => {
    const { scene, outcome } = await applyAfter(one);

    expect([outcome.code, outcome.outputs["failure-reason"]]).toEqual(["state-locked", "state-locked"]);
    expect([scene.terraform.forced, held(scene), scene.groups.all.size]).toEqual([[], LOCK, 0]);
    expect(outcome.message).toContain("To do:");
  });

  test("GitHub cannot be asked", async () => {
    const scene = createShop();
    await leaveBehind(scene);
    scene.github.down = "api.github.com is not reached";

    const { code } = await act(scene, { "lock-timeout": "20s", comment: "never" });

    expect([code, scene.terraform.forced, held(scene)]).toEqual(["state-locked", [], LOCK]);
  });

  test("it is told who holds it, for other steps, too", async () => {
    const { outcome } = await applyAfter({ left: { run: { status: "in_progress", endedAt: undefined } } });

    expect(outcome.message).toContain("run 77 of octo/shop");
    expect(JSON.parse(`${outcome.outputs["lock-info"]}`)).toMatchObject({ id: LOCK, who: "runner@fv-az77" });
  });

  test("in another backend, it is told as terraform tells it", async () => {
    const scene = createShop();
    scene.terraform.backend = "local";
    const info = `Lock Info:\n  ID:        ${LOCK}\n  Path:      x\n  Operation: OperationTypeApply\n  Who:       me@laptop\n`;
    scene.terraform.fail("plan", { summary: "Error acquiring the state lock", detail: `Error message: busy\n${info}` });

    const { code, outputs } = await act(scene, {}, { noAzure: true });

    expect([code, JSON.parse(`${outputs["lock-info"]}`)]).toEqual([
      "state-locked",
      expect.objectContaining({ id: LOCK, who: "me@laptop" }),
    ]);
  });

  test("without a token, it is said what one would be good for", async () => {
    const { outcome } = await applyAfter({ options: { noGitHub: true } });

    expect(outcome.message).toContain("github-token");
    expect(outcome.message).toContain("actions: read");
  });
});

describe("a run that works is waited for", () => {
  test("until it is done", async () => {
    const scene = createShop();
    await leaveBehind(scene, { who: "none", run: { status: "in_progress", endedAt: undefined } });
    const end = scene.clock.now() + 30_000;
    scene.pace = async () => {
      if (scene.clock.now() >= end) scene.store.blobs.delete(NOTE);
    };

    const { code, log } = await act(scene, {});

    expect([code, scene.terraform.forced]).toEqual(["", []]);
    expect(log).toContain("waiting for run 77 of octo/shop (apply");
    // Somebody else's note came and went in between: scene.pace deletes ours as well.
    expect(scene.groups.all.has(GROUP)).toBe(true);
  });

  test("no longer than lock-timeout", async () => {
    const scene = createShop();
    await leaveBehind(scene, { who: "none", run: { status: "in_progress", endedAt: undefined } });
    const before = scene.clock.now();

    const { code } = await act(scene, { "lock-timeout": "60s" });

    expect([code, scene.clock.now() - before]).toEqual(["state-locked", 60_000]);
    expect(scene.terraform.calls.map(({ parameters }) => parameters[0])).toEqual(["init"]);
  });

  test("a note that nobody can read is nobody's to remove", async () => {
    const scene = createShop();
    await scene.store.write(NOTE, Buffer.from("{}"));

    const { code, message } = await act(scene, { "lock-timeout": "10s" });

    expect([code, scene.store.blobs.has(NOTE)]).toEqual(["state-locked", true]);
    expect(message).toContain("az storage blob delete");
  });

  test("a note of an earlier step of the same job is our own", async () => {
    const scene = createShop();
    const note = { runId: 100, host: "fv-az100", runner: "GitHub Actions 100" };
    await leaveBehind(scene, { who: "none", note, run: { status: "in_progress", endedAt: undefined } });

    const { code } = await act(scene, {});

    expect([code, scene.store.blobs.has(NOTE)]).toEqual(["", false]);
  });

  test("a note of another leg of the same matrix is not, though its machine has the same name", async () => {
    const scene = createShop();
    const note = { runId: 100, host: "fv-az100", runner: "GitHub Actions 99" };
    await leaveBehind(scene, { who: "none", note, run: { status: "in_progress", endedAt: undefined } });

    const { code } = await act(scene, { "lock-timeout": "10s" });

    expect([code, scene.store.blobs.has(NOTE)]).toEqual(["state-locked", true]);
  });
});

describe("a living terraform of somebody else on the same machine keeps its lock", () => {
  const options: WorldOptions = { job: { runnerEnvironment: "self-hosted" } };

  test("one that was there before", async () => {
    const scene = createShop();
    await lockState(scene, "runner@fv-az100", new Date(scene.clock.now() - 60_000));

    const { code } = await act(scene, { "lock-timeout": "10s" }, options);

    expect([code, scene.terraform.forced, held(scene)]).toEqual(["state-locked", [], LOCK]);
  });

  test("one that came while we waited for its note", async () => {
    const scene = createShop();
    const note = { runnerEnvironment: "self-hosted", host: "fv-az100" } as const;
    await leaveBehind(scene, { who: "none", note, run: { status: "in_progress", endedAt: undefined } });
    let locked = false;
    scene.pace = async () => {
      if (locked || scene.store.requests.length < 3) return;
      locked = true;
      await lockState(scene, "runner@fv-az100", new Date(scene.clock.now() + 1_000));
    };

    const { code } = await act(scene, { "lock-timeout": "30s" }, options);

    expect([code, scene.terraform.forced, held(scene)]).toEqual(["state-locked", [], LOCK]);
  });

  test("one that came after our plan had waited for another", async () => {
    const scene = createShop();
    scene.terraform.at("plan.begin", () => lockState(scene, "admin@fv-az100", new Date(scene.clock.now() + 1_000)));

    const { code } = await act(scene, { "lock-timeout": "10s" }, options);

    expect([code, scene.terraform.forced, held(scene)]).toEqual(["state-locked", [], LOCK]);
  });

  test.each(["admin@laptop", "admin@fv-az100"])("one of %s, though ours was killed while it waited", async (who) => {
    const scene = createShop();
    await lockState(scene, who, new Date(scene.clock.now() - 60_000));
    scene.terraform.at("plan.waiting", () => {
      const process = scene.terraform.last();
      if (process !== undefined) process.killed = true;
    });

    const { code } = await act(scene, {}, options);

    expect([code, scene.terraform.forced, held(scene)]).toEqual(["cancelled-dirty", [], LOCK]);
  });

  test("though an old errored.tfstate lies in the folder", async () => {
    const scene = createShop();
    await lockState(scene, "admin@laptop", new Date(scene.clock.now() - 60_000));
    const old = JSON.stringify({ version: 4, serial: 1, lineage: "x", outputs: {}, resources: [] });

    const { code, log } = await act(
      scene,
      { command: "plan", "lock-timeout": "10s" },
      { put: new Map([["/home/runner/shop/infra/errored.tfstate", old]]) },
    );

    expect([code, scene.terraform.forced, held(scene)]).toEqual(["state-locked", [], LOCK]);
    expect(log).toContain("errored.tfstate");
  });
});
