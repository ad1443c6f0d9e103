import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { watchRollout } from "../../../src/actions/helm-deploy/watch-rollout.ts";
import type { Change } from "../../../src/kubernetes/cluster.ts";
import { ended, PATIENCE, pod, running, want } from "../../rollout/objects.ts";

const never = { restartPolicy: "Never" };
const fine = pod("once", { phase: "Running", spec: never, containers: [{ state: running(1) }] });
const broken = pod("once", { phase: "Failed", spec: never, containers: [{ state: ended(9, "Error", 2) }] });

test("what comes while a verdict is waited for counts, although something has come before", async () => {
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
      sleep: async (milliseconds) => {
        await sleep(milliseconds);
      },
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
  await watch.synced;
  const tell = (change: Change) => {
    for (const onChange of told) onChange(change);
  };
  watch.applied();
  tell({ type: "added", object: fine });
  const settled = watch.settle(1_500);
  setTimeout(() => tell({ type: "modified", object: broken }), 50);
  expect(await settled).toMatchObject({ state: "failed", causes: [{ code: "pod/failed" }] });
  watch.end();
});
