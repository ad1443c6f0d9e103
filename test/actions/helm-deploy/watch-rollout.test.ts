import { setTimeout } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { type WatchOptions, watchRollout } from "../../../src/actions/helm-deploy/watch-rollout.ts";
import type { Change } from "../../../src/kubernetes/cluster.ts";
import { ended, PATIENCE, pod, running, want } from "../../rollout/objects.ts";

const never = { restartPolicy: "Never" };
const fine = pod("once", { phase: "Running", spec: never, containers: [{ state: running(1) }] });
const broken = pod("once", { phase: "Failed", spec: never, containers: [{ state: ended(9, "Error", 2) }] });

function watchOne(sleep: WatchOptions["world"]["sleep"]) {
  const told: ((change: Change) => void)[] = [];
  const watch = watchRollout({
    cluster: {
      follow: async ({ kind }, _query, { onChange, onSynced, until }) => {
        if (kind === "Pod") told.push(onChange);
        onSynced?.();
        await new Promise((resolve) => until.addEventListener("abort", resolve));
      },
    },
    world: {
      now: () => new Date("2026-03-04T05:06:10Z"),
      monotonic: () => performance.now(),
      sleep,
      cancelled: new AbortController().signal,
      log: { info: () => {}, notice: () => {}, warning: () => {}, error: () => {}, group: async (_, work) => work() },
      redact: (text) => text,
    },
    namespace: "pr-7",
    wanted: [want(fine)],
    willChange: () => true,
    patience: PATIENCE,
    onVerdict: () => {},
  });
  const tell = (change: Change) => {
    for (const onChange of told) onChange(change);
  };
  return { watch, tell };
}

test("what comes while a verdict is waited for counts, although something has come before", async () => {
  const { watch, tell } = watchOne(async (milliseconds) => {
    await setTimeout(milliseconds);
  });
  await watch.synced;
  watch.applied();
  tell({ type: "added", object: fine });
  const settled = watch.settle(1_500);
  void setTimeout(50).then(() => tell({ type: "modified", object: broken }));
  expect(await settled).toMatchObject({ state: "failed", causes: [{ code: "pod/failed" }] });
  watch.end();
});

test("nothing is slept for once it is over, so that no timer keeps the process", async () => {
  const sleeping = new Set<symbol>();
  const { watch, tell } = watchOne((_, until) => {
    const one = Symbol("sleep");
    sleeping.add(one);
    return new Promise((resolve) =>
      until?.addEventListener("abort", () => {
        sleeping.delete(one);
        resolve();
      }),
    );
  });
  await watch.synced;
  tell({ type: "added", object: fine });
  await setTimeout(1);
  expect(sleeping.size).toBeGreaterThan(0);
  watch.end();
  expect(sleeping.size).toBe(0);
});
