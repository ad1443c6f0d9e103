import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Cause } from "../../src/rollout/cause.ts";
import { CAUSE_CODES } from "../../src/rollout/cause-codes.ts";
import { judge } from "../../src/rollout/judge.ts";
import type { Snapshot } from "../../src/rollout/snapshot.ts";
import { deployment, ended, event, PATIENCE, pod, replicaSet, running, snapshot, waiting, want } from "./objects.ts";
import { SCENES } from "./scenes/all.ts";

function causesOf(snapshot: Snapshot): readonly Cause[] {
  const verdict = judge(snapshot, PATIENCE);
  return verdict.state === "failed" ? verdict.causes : verdict.doubts;
}

describe("a rollout", () => {
  test.each(SCENES)("tells of $name", ({ code, state, says, snapshot }) => {
    const [cause] = causesOf(snapshot);
    expect({ state: judge(snapshot, PATIENCE).state, code: cause?.code, says: cause?.sentence }).toEqual({
      state,
      code,
      says: typeof says === "string" ? expect.stringContaining(says) : expect.stringMatching(says),
    });
    expect(cause?.fix).not.toBe("");
  });

  test("can fail by each code there is", () => {
    // What a smoke test finds comes after the rollout.
    const codes = CAUSE_CODES.filter((code) => code !== "smoke/failed");
    expect(codes.filter((code) => !SCENES.some((scene) => scene.code === code))).toEqual([]);
  });
});

const scene = fc.constantFrom(...SCENES);

describe("a verdict", () => {
  test("is the same in whatever order things are seen", () => {
    const shuffled = scene.chain((one) =>
      fc
        .shuffledSubarray([...one.snapshot.objects], { minLength: one.snapshot.objects.length })
        .map((objects) => ({ one, objects })),
    );
    fc.assert(
      fc.property(shuffled, ({ one, objects }) => {
        expect(judge({ ...one.snapshot, objects }, PATIENCE)).toEqual(judge(one.snapshot, PATIENCE));
      }),
    );
  });

  test("does not change when pods of an older ReplicaSet break", () => {
    const reasons = ["CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError", "RunContainerError"];
    fc.assert(
      fc.property(scene, fc.constantFrom(...reasons), fc.integer({ min: -900, max: 60 }), (one, reason, created) => {
        const owner = one.snapshot.objects.find(({ kind }) => kind === "Deployment");
        fc.pre(owner !== undefined);
        if (owner === undefined) return;
        const old = replicaSet(owner, "0ld", { revision: "0", created: -900 });
        const broken = pod(`${owner.metadata.name}-0ld-a`, {
          owner: old,
          created,
          phase: "Running",
          containers: [{ state: waiting(reason, 'secret "old" not found'), restarts: 9, last: ended(1, "Error", 1) }],
        });
        const said = event(broken, "Failed", 'Failed to pull image "old": not found', 2, { container: "main" });
        const objects = [broken, old, said, ...one.snapshot.objects];
        expect(judge({ ...one.snapshot, objects }, PATIENCE)).toEqual(judge(one.snapshot, PATIENCE));
      }),
    );
  });

  test("does not change by events of before the rollout, or of others", () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 10, max: 9_000 }), fc.boolean(), (one, secondsAgo, another) => {
        const about = one.snapshot.objects.find(({ kind }) => kind === "Pod") ?? pod("api-7c9-a");
        const uid = another ? "uid-of-another" : (about.metadata.uid ?? "");
        const same = { ...about, metadata: { ...about.metadata, uid } };
        const said = event(same, "FailedMount", 'secret "old" not found', another ? 1 : -secondsAgo);
        const objects = [said, ...one.snapshot.objects];
        expect(judge({ ...one.snapshot, objects }, PATIENCE)).toEqual(judge(one.snapshot, PATIENCE));
      }),
    );
  });

  test("is told on single lines, whatever the cluster says", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", " ", "\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\u001B[31m", ":", '"', "'"),
    });
    fc.assert(
      fc.property(scene, text, (one, odd) => {
        const objects = JSON.parse(JSON.stringify(one.snapshot.objects), (name, value: unknown) =>
          name === "message" && typeof value === "string" ? `${odd}${value}${odd}` : value,
        );
        const breaks = /[\n\r\u2028\u2029\u0085\v\f]/;
        for (const { sentence, fix } of causesOf({ ...one.snapshot, objects })) {
          expect(sentence).not.toMatch(breaks);
          expect(fix).not.toMatch(breaks);
        }
      }),
    );
  });

  test("is ready for what has all it wants, whatever happened on the way", () => {
    const event_ = fc.record({
      reason: fc.constantFrom("Failed", "BackOff", "FailedMount", "FailedScheduling", "Unhealthy", "FailedCreate"),
      message: fc.constantFrom(
        'Failed to pull image "a": not found',
        "Readiness probe failed: x",
        'secret "db" not found',
      ),
      at: fc.integer({ min: -60, max: 59 }),
    });
    const facts = fc.record({
      replicas: fc.integer({ min: 0, max: 4 }),
      restarts: fc.integer({ min: 0, max: PATIENCE.restarts }),
      events: fc.array(event_),
      noise: scene,
    });
    fc.assert(
      fc.property(facts, ({ replicas, restarts, events, noise }) => {
        const owner = deployment("fine", { replicas, ready: replicas });
        const set = replicaSet(owner, "9zz", { ready: replicas });
        const pods = Array.from({ length: replicas }, (_, index) =>
          pod(`fine-9zz-${index}`, {
            owner: set,
            phase: "Running",
            ready: true,
            containers: [
              { state: running(20), ready: true, restarts, last: restarts > 0 ? ended(1, "Error", 19) : {} },
            ],
          }),
        );
        const told = [owner, set, ...pods].flatMap((about) =>
          events.map(({ reason, message, at }) => event(about, reason, message, at, { container: "main" })),
        );
        const objects = [owner, set, ...pods, ...told, ...noise.snapshot.objects];
        expect(judge(snapshot(60, [want(owner)], objects), PATIENCE)).toMatchObject({
          state: "ready",
          settleUntil: undefined,
        });
      }),
    );
  });
});
