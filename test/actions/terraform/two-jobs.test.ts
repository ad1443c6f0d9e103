import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { act, actIn, post } from "./act.ts";
import { createFakeWorld, NOTE, type Scene, STATE } from "./fake-world.ts";
import { createShop, GROUP } from "./shop.ts";

/** What befalls the first of the two jobs, at its nth request or step. */
interface Blow {
  readonly kind: "none" | "cancel" | "kill" | "machine-gone";
  readonly at: number;
}

const blow: fc.Arbitrary<Blow> = fc.record({
  kind: fc.constantFrom("none", "cancel", "kill", "machine-gone"),
  at: fc.integer({ min: 1, max: 60 }),
});

/** The order in which two jobs go on: true lets the first one have its turn. */
const order = fc.array(fc.boolean(), { minLength: 40, maxLength: 200 });

/**
 * Lets the two jobs of a scene take turns, request by request, as `turns` says, and in turn after that. Whoever asks
 * waits here for its turn; where only one of them waits, it is that one's.
 */
function createTurns(turns: readonly boolean[]) {
  const waiting: (() => void)[] = [];
  let taken = 0;
  let ended = false;
  const drive = async (): Promise<void> => {
    while (!ended) {
      // Everybody comes as far as he can before the next turn.
      await new Promise((resolve) => setImmediate(resolve));
      const first = turns[taken % turns.length] ?? true;
      taken += 1;
      const next = first ? waiting.shift() : waiting.pop();
      next?.();
    }
  };
  void drive();
  return {
    pace: () => new Promise<void>((resolve) => void waiting.push(resolve)),
    taken: () => taken,
    end: () => {
      ended = true;
    },
  };
}

async function play(turns: readonly boolean[], { kind, at }: Blow): Promise<Scene> {
  const scene = createShop();
  const game = createTurns(turns);
  const [one, other] = [
    createFakeWorld(scene),
    createFakeWorld(scene, { job: { runId: 101, host: "fv-az101", runUrl: "" } }),
  ];
  const run = (id: number, more: object) => {
    const begun = new Date(scene.clock.now());
    const state = { status: "in_progress", conclusion: "", attempt: 1, url: "", startedAt: begun, endedAt: undefined };
    scene.github.runs.set(`octo/shop/${id}/1`, { ...state, ...more });
  };
  run(100, {});
  run(101, {});
  let asked = 0;
  scene.pace = async () => {
    asked += 1;
    if (asked === at && kind === "cancel") one.cancel();
    if (asked === at && (kind === "kill" || kind === "machine-gone")) one.kill();
    if (asked === at && kind === "machine-gone") {
      // A terraform that begins with this request is known a moment later, and goes with the machine as well.
      await Promise.resolve();
      const mine = one.orphan();
      if (mine !== undefined) mine.killed = true;
      run(100, { status: "completed", conclusion: "failure", endedAt: new Date(scene.clock.now()) });
    }
    await game.pace();
  };
  const given = { "lock-timeout": "10m", comment: "never" };
  const first = (async () => {
    await actIn(one, scene, given);
    if (kind !== "machine-gone") await post(scene, one, given);
    run(100, { status: "completed", conclusion: "success", endedAt: new Date(scene.clock.now()) });
  })();
  const second = (async () => {
    const { code } = await actIn(other, scene, given);
    await post(scene, other, given);
    return code;
  })();
  const [, code] = await Promise.all([first, second]);
  game.end();
  // The one that nothing befell comes through in the end, but for a lock without a name.
  if (code !== "") expect([code, scene.store.blobs.get(STATE)?.metadata]).toEqual(["state-locked", {}]);
  return scene;
}

/** The next run comes through, unless a machine went away between terraform's two requests for a lock: nobody's by name. */
async function comeAfter(scene: Scene): Promise<void> {
  const options = { job: { runId: 102, host: "fv-az102" } };
  const next = await act(scene, { comment: "never" }, options);
  if (next.code === "") return;
  expect([next.code, scene.store.blobs.get(STATE)?.metadata]).toEqual(["state-locked", {}]);
  // The second job may have taken the first one's note away before the lock arrived.
  expect(next.message).toMatch(/the lock does not say whose it is|no note beside the state names a run/);
  const broken = await act(scene, { command: "unlock", "break-lease": "true", comment: "never" }, options);
  const again = await act(scene, { comment: "never" }, options);
  expect([broken.code, again.code]).toEqual(["", ""]);
}

/** The first machine goes away with the request with which its apply begins. */
const AS_TERRAFORM_BEGINS = [..."100001001111000000000010111011000001010000000000"].map((turn) => turn === "1");

/** It goes away between terraform's two requests for a lock: the second one is never sent. */
const AS_IT_LOCKS = [..."111111000000000000000000000000000001000000000"].map((turn) => turn === "1");

const WITHOUT_A_NOTE = [..."100111000000000000000000000000000001000000"].map((turn) => turn === "1");

test("two jobs on one state, whatever becomes of the first: no living run loses its lock, and nothing is left behind", async () => {
  await fc.assert(
    fc.asyncProperty(order, blow, async (turns, one) => {
      const scene = await play(turns, one);
      // A machine that went away last has left what the next run clears.
      scene.pace = async () => {};
      scene.clock.pass(60_000);
      await comeAfter(scene);

      expect(scene.terraform.forced.filter(({ living }) => living)).toEqual([]);
      expect(scene.store.blobs.get(STATE)?.lease).toBeUndefined();
      expect(scene.store.blobs.has(NOTE)).toBe(false);
      // One group, known to one state.
      expect([...scene.groups.all.keys()]).toEqual([GROUP]);
      expect(scene.store.blobs.get(STATE)?.bytes.toString("utf8")).toContain(GROUP);
    }),
    {
      numRuns: 40,
      examples: [
        [AS_TERRAFORM_BEGINS, { kind: "machine-gone", at: 39 }],
        [AS_IT_LOCKS, { kind: "machine-gone", at: 7 }],
        [WITHOUT_A_NOTE, { kind: "machine-gone", at: 7 }],
      ],
    },
  );
}, 60_000);
