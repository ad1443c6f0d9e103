import { expect, test } from "@jest/globals";
import type { Snapshot } from "../../src/rollout/snapshot.ts";
import { type RolloutTrack, trackRollout } from "../../src/rollout/track-rollout.ts";
import { condition, deployment, make, PATIENCE, START, snapshot, want } from "./objects.ts";

function track(...snapshots: readonly Snapshot[]): RolloutTrack | undefined {
  return snapshots.reduce<RolloutTrack | undefined>((before, one) => trackRollout(before, one, PATIENCE), undefined);
}

const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

test("a part keeps the time since which it has been ready, and loses it when it falls back", () => {
  const [no, yes] = [deployment("api", { ready: 0 }), deployment("api", { ready: 1 })];
  const wanted = [want(yes)];
  const first = [
    snapshot(1, wanted, []),
    snapshot(2, wanted, [no]),
    snapshot(3, wanted, [yes]),
    snapshot(4, wanted, [yes]),
  ];
  expect(track(...first)?.parts).toMatchObject([
    { state: "ready", seenAt: at(1), readyAt: at(3), failedAt: undefined },
  ]);
  expect(track(...first, snapshot(5, wanted, [no]), snapshot(6, wanted, [yes]))?.parts).toMatchObject([
    { readyAt: at(6) },
  ]);
});

test("a Job that was done and is gone stays done", () => {
  const job = make("Job", "seed", { apiVersion: "batch/v1", status: { conditions: [condition("Complete", "True")] } });
  const [no, yes] = [deployment("api", { ready: 0 }), deployment("api", { ready: 1 })];
  const wanted = [want(yes), want(job)];
  const seen = track(snapshot(1, wanted, [no, job]), snapshot(9, wanted, [yes]));
  expect(seen?.verdict).toMatchObject({ state: "ready", parts: [{ told: "1 of 1 ready" }, { told: "done" }] });
  expect(seen?.parts).toMatchObject([{ readyAt: at(9) }, { readyAt: at(1) }]);
});

test("a Job that was never done is waited for", () => {
  const job = make("Job", "seed", { apiVersion: "batch/v1" });
  expect(track(snapshot(1, [want(job)], [job]), snapshot(2, [want(job)], []))?.verdict.state).toBe("progressing");
});
