import { describe, expect, test } from "@jest/globals";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";
import { judge } from "../../src/rollout/judge.ts";
import { condition, ended, make, PATIENCE, pod, running, snapshot, waiting, want } from "./objects.ts";

/** What one object comes to by itself. */
function look(object: KubeObject, { seconds = 9, hook = false, more = [] as readonly KubeObject[] } = {}) {
  const verdict = judge(snapshot(seconds, [want(object, hook)], [object, ...more]), PATIENCE);
  return `${verdict.state}: ${verdict.parts.map(({ told }) => told).join()}`;
}

const batch = (status: object, spec: object = {}): KubeObject =>
  make("Job", "it", { apiVersion: "batch/v1", spec: { ...spec }, status: { ...status } });
describe("a hook", () => {
  test("counts only when it has run", () => {
    const job = batch({});
    expect(judge(snapshot(3, [want(job, true)], []), PATIENCE)).toMatchObject({ state: "ready", parts: [] });
  });

  test("of an earlier rollout does not count", () => {
    const old = make("Job", "it", {
      apiVersion: "batch/v1",
      created: -90,
      status: { conditions: [condition("Failed", "True", "BackoffLimitExceeded")] },
    });
    expect(look(old, { hook: true })).toBe("ready: ");
    expect(look(old)).toBe("failed: failed: the job failed");
  });

  test("tries as often as it may", () => {
    const job = batch({ active: 1, failed: 1 }, { backoffLimit: 3 });
    const first = pod("it-a", {
      owner: job,
      phase: "Failed",
      spec: { restartPolicy: "Never" },
      containers: [{ state: ended(5, "Error", 2) }],
    });
    expect(look(job, { hook: true, more: [first] })).toBe("progressing: running, 1 failed");
  });

  test("whose Secret is missing fails without waiting for its tries", () => {
    const job = batch({ active: 1 });
    const one = pod("it-a", {
      owner: job,
      spec: { restartPolicy: "Never" },
      containers: [{ state: waiting("CreateContainerConfigError", 'secret "db" not found') }],
    });
    expect(look(job, { hook: true, more: [one] })).toBe("failed: running: a Secret is missing");
  });

  test("that is a pod has to end, and well", () => {
    const running_ = pod("it", {
      phase: "Running",
      ready: true,
      spec: { restartPolicy: "Never" },
      containers: [{ state: running(1), ready: true }],
    });
    const done = pod("it", {
      phase: "Succeeded",
      spec: { restartPolicy: "Never" },
      containers: [{ state: ended(0, "Completed", 2) }],
    });
    expect(look(running_, { hook: true })).toBe("progressing: running");
    expect(look(done, { hook: true })).toBe("ready: done");
  });

  test("of which one container is done and another never will be is told as that", () => {
    const job = batch({ active: 1 });
    const one = pod("it-a", {
      owner: job,
      phase: "Running",
      spec: { restartPolicy: "Never" },
      containers: [{ state: ended(0, "Completed", 2) }, { name: "proxy", state: running(1), ready: true }],
    });
    const verdict = judge(snapshot(20, [want(job)], [job, one]), PATIENCE);
    expect(verdict).toMatchObject({
      state: "progressing",
      doubts: [
        {
          sentence: "Job/it: container main of it-a has ended and proxy still runs: a Job ends when all have",
          fix: expect.stringContaining("restartPolicy: Always"),
        },
      ],
    });
  });
});
