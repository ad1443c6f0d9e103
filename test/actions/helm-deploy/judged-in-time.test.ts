import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { watchRollout } from "../../../src/actions/helm-deploy/watch-rollout.ts";
import type { Change } from "../../../src/kubernetes/cluster.ts";
import type { KubeObject } from "../../../src/kubernetes/kube-object.ts";
import type { Wanted } from "../../../src/rollout/snapshot.ts";
import { condition, make, PATIENCE, START, want } from "../../rollout/objects.ts";

/** A Job that has failed: what is judged of it is certain at once. */
function broken(facts: { readonly generation: number; readonly uid: string; readonly created: number }): KubeObject {
  const job = make("Job", "import", {
    apiVersion: "batch/v1",
    created: facts.created,
    generation: facts.generation,
    status: { failed: 1, conditions: [condition("Failed", "True", "BackoffLimitExceeded")] },
  });
  return { ...job, metadata: { ...job.metadata, uid: facts.uid } };
}

/** A rollout that is told of changes by hand, in a time that stands still. */
async function watchBy(wanted: Wanted, willChange: boolean, there: readonly KubeObject[]) {
  let told: (change: Change) => void = () => {};
  const watch = watchRollout({
    cluster: {
      follow: async ({ kind }, _query, { onChange, onSynced, until }) => {
        if (kind === "Job") {
          told = onChange;
          for (const object of there) onChange({ type: "added", object });
        }
        onSynced?.();
        await new Promise((resolve) => until.addEventListener("abort", resolve));
      },
    },
    world: {
      now: () => START,
      monotonic: () => 0,
      sleep: () => new Promise(() => {}),
      cancelled: new AbortController().signal,
      log: { info: () => {}, notice: () => {}, warning: () => {}, error: () => {}, group: async (_, work) => work() },
      redact: (text) => text,
    },
    namespace: "pr-7",
    wanted: [wanted],
    willChange: () => willChange,
    patience: PATIENCE,
    onVerdict: () => {},
  });
  await watch.synced;
  return { watch, tell: (change: Change) => told(change) };
}

type Step = "status" | "change" | "replace" | "delete" | "applied";

describe("what the release wants", () => {
  test("is judged from the moment that it is the release's: never before helm has changed it, always after", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.constantFrom<Step>("status", "status", "change", "replace", "delete", "applied"), { maxLength: 6 }),
        async (isThere, willChange, steps) => {
          let facts = { generation: 1, uid: "first", created: -60 };
          let [exists, applied] = [isThere, false];
          const { watch, tell } = await watchBy(want(broken(facts)), willChange, isThere ? [broken(facts)] : []);
          for (const step of steps) {
            if (step === "applied") {
              applied = true;
              watch.applied();
            } else if (step === "delete") {
              if (exists) tell({ type: "deleted", object: broken(facts) });
              exists = false;
            } else {
              if (step === "change" && exists) facts = { ...facts, generation: facts.generation + 1 };
              if (step === "replace" || !exists) facts = { generation: 1, uid: `${facts.uid}+`, created: 0 };
              if (step === "replace" && exists) tell({ type: "deleted", object: broken(facts) });
              tell({ type: exists ? "modified" : "added", object: broken(facts) });
              exists = true;
            }
            const own = !isThere || !willChange || facts.generation > 1 || facts.uid !== "first" || applied;
            expect(watch.verdict().state === "failed").toBe(exists && own);
          }
          watch.end();
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([true, false])(
    "is not judged by a hook that is left from before, whether it changes (%s) or not",
    async (willChange) => {
      const left = broken({ generation: 1, uid: "first", created: -60 });
      const { watch, tell } = await watchBy(want(left, true), willChange, [left]);

      expect(watch.verdict().state).toBe("ready");
      watch.applied();
      expect(watch.verdict().state).toBe("ready");

      tell({ type: "modified", object: broken({ generation: 1, uid: "second", created: 1 }) });
      expect(watch.verdict().state).toBe("failed");
      watch.end();
    },
  );
});
