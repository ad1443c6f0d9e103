import { describe, expect, test } from "@jest/globals";
import { judge } from "../../src/rollout/judge.ts";
import {
  deployment,
  ended,
  event,
  PATIENCE,
  pod,
  replicaSet,
  rollout,
  running,
  snapshot,
  waiting,
  want,
} from "./objects.ts";

/** The verdict on one Deployment and what is around it. */
function look(
  seconds: number,
  { deployment: one, all }: ReturnType<typeof rollout>,
  ...more: ReturnType<typeof pod>[]
) {
  return judge(snapshot(seconds, [want(one)], [...all, ...more]), PATIENCE);
}

describe("a Deployment", () => {
  const well = { phase: "Running", ready: true, containers: [{ state: running(1), ready: true }] };

  test("is ready when all replicas are of the newest template and available", () => {
    expect(look(9, rollout("api", well, { ready: 1 }))).toEqual({
      state: "ready",
      parts: [
        { ref: expect.objectContaining({ kind: "Deployment", name: "api" }), state: "ready", told: "1 of 1 ready" },
      ],
      doubts: [],
      settleUntil: undefined,
    });
  });

  test("is looked at for a while where no probe asks it", () => {
    const verdict = look(2, rollout("api", well, { ready: 1 }));
    expect(verdict).toMatchObject({ state: "ready", settleUntil: new Date("2026-03-04T05:06:13.000Z") });
  });

  test("without replicas is ready, as one that KEDA has scaled to none", () => {
    const idle = deployment("worker", { replicas: 0 });
    expect(judge(snapshot(3, [want(idle)], [idle]), PATIENCE)).toMatchObject({
      state: "ready",
      parts: [{ told: "0 replicas, as asked" }],
    });
  });

  test("is not ready before its controller has looked at it", () => {
    const one = deployment("api", { ready: 1 });
    const newer = { ...one, metadata: { ...one.metadata, generation: 2 } };
    expect(judge(snapshot(1, [want(newer)], [newer]), PATIENCE).state).toBe("progressing");
  });

  test("that is not there yet is waited for", () => {
    expect(judge(snapshot(1, [want(deployment("api"))], []), PATIENCE)).toMatchObject({
      state: "progressing",
      parts: [{ told: "not there yet" }],
    });
  });

  test("is not judged by the pods of an older ReplicaSet", () => {
    const one = rollout("api", well, { ready: 1, revision: "2", status: { replicas: 2 } });
    const old = replicaSet(one.deployment, "5aa", { revision: "1", created: -900 });
    const broken = pod("api-5aa-q", {
      owner: old,
      created: -900,
      containers: [{ state: waiting("CrashLoopBackOff"), restarts: 9, last: ended(1, "Error", 1) }],
    });
    expect(look(4, one, old, broken)).toMatchObject({
      state: "progressing",
      parts: [{ told: "1 of 1 ready, 1 of before still there" }],
    });
  });
});

describe("an image that cannot be pulled", () => {
  const TEXT =
    'rpc error: code = NotFound desc = failed to pull and unpack image "mayfly.azurecr.io/app:typo": failed to resolve image: mayfly.azurecr.io/app:typo: not found';
  const one = rollout("api", {
    containers: [{ image: "mayfly.azurecr.io/app:typo", state: waiting("ErrImagePull", TEXT) }],
  });

  test("fails the rollout at the first sight, and says which", () => {
    expect(look(1.4, one)).toMatchObject({
      state: "failed",
      causes: [
        {
          code: "image-pull/not-found",
          subject: { kind: "Deployment", name: "api" },
          where: { kind: "Pod", name: "api-7c9-x2x2x" },
          container: "main",
          sentence:
            "Deployment/api: container main of api-7c9-x2x2x cannot pull mayfly.azurecr.io/app:typo: there is no tag typo of app",
          fix: expect.stringContaining("az acr repository show-tags --name mayfly --repository app"),
          said: TEXT,
        },
      ],
    });
  });

  test("is known from the event, before the status tells", () => {
    const early = rollout("api", { containers: [{ image: "mayfly.azurecr.io/app:typo" }] });
    const said = event(early.pod, "Failed", `Failed to pull image "mayfly.azurecr.io/app:typo": ${TEXT}`, 0.9, {
      container: "main",
    });
    expect(look(1, early, said)).toMatchObject({ state: "failed", causes: [{ code: "image-pull/not-found" }] });
  });
});
