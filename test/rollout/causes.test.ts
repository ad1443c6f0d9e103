import { describe, expect, test } from "@jest/globals";
import { judge } from "../../src/rollout/judge.ts";
import {
  condition,
  deployment,
  ended,
  event,
  make,
  PATIENCE,
  pod,
  replicaSet,
  rollout,
  running,
  snapshot,
  waiting,
  want,
} from "./objects.ts";

const DENIED =
  'failed to pull and unpack image "mayfly.azurecr.io/app:1": failed to resolve image: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://mayfly.azurecr.io/oauth2/token: 401 Unauthorized';
const broken = (name: string, image: string, text: string) =>
  rollout(name, { containers: [{ image, state: waiting("ErrImagePull", text) }] });

describe("causes", () => {
  test("that several workloads share are one", () => {
    const api = broken("api", "mayfly.azurecr.io/api:1", DENIED);
    const worker = broken("worker", "mayfly.azurecr.io/worker:1", DENIED);
    const web = broken("web", "other.azurecr.io/web:1", DENIED);
    const all = [worker, web, api];
    const verdict = judge(
      snapshot(
        3,
        all.map((one) => want(one.deployment)),
        all.flatMap((one) => one.all),
      ),
      PATIENCE,
    );
    expect(verdict).toMatchObject({
      state: "failed",
      causes: [
        {
          code: "image-pull/denied",
          subject: { name: "api" },
          also: [{ name: "worker" }],
          sentence: expect.stringMatching(/; so for Deployment\/worker$/),
        },
        { code: "image-pull/denied", subject: { name: "web" }, also: [] },
      ],
    });
  });

  test("stand in the order in which they explain, and what may still pass is left out", () => {
    const api = broken("api", "mayfly.azurecr.io/api:1", "mayfly.azurecr.io/api:1: not found");
    const web = rollout("web", {
      containers: [{ state: waiting("CrashLoopBackOff"), restarts: 4, last: ended(1, "Error", 3) }],
    });
    const slow = rollout("slow", { unscheduled: "0/1 nodes are available: 1 Insufficient cpu." });
    const all = [web, slow, api];
    const verdict = judge(
      snapshot(
        9,
        all.map((one) => want(one.deployment)),
        all.flatMap((one) => one.all),
      ),
      PATIENCE,
    );
    expect(verdict.state === "failed" ? verdict.causes.map(({ code }) => code) : []).toEqual([
      "image-pull/not-found",
      "crash/exit",
    ]);
  });

  test("hold no name and no token of a user", () => {
    const text =
      "toomanyrequests: You have reached your pull rate limit as 'octocat': dckr_jti_AbC-dEf_1=. You may increase the limit";
    const verdict = judge(
      snapshot(20, [want(broken("api", "nginx:1", text).deployment)], broken("api", "nginx:1", text).all),
      PATIENCE,
    );
    expect(JSON.stringify(verdict)).toContain("image-pull/rate-limit");
    expect(JSON.stringify(verdict)).not.toMatch(/octocat|dckr_/);
  });

  test("name whose log explains them: the run before, where there is a new one", () => {
    const logsOf = (state: ReturnType<typeof waiting>) => {
      const one = rollout("api", {
        phase: "Running",
        containers: [{ state, restarts: 2, last: ended(1, "Error", 3) }],
      });
      const verdict = judge(snapshot(9, [want(one.deployment)], one.all), PATIENCE);
      return verdict.state === "failed" ? verdict.causes.flatMap(({ logs }) => logs) : [];
    };
    const log = { namespace: "pr-7", pod: "api-7c9-x2x2x", container: "main" };
    expect(logsOf(running(4))).toEqual([{ ...log, previous: true }]);
    expect(logsOf(waiting("CrashLoopBackOff"))).toEqual([{ ...log, previous: false }]);
  });

  test("can be pasted, whatever things are called", () => {
    const one = rollout("api", {
      containers: [{ image: "mayfly.azurecr.io/a/$(id):1", state: waiting("ErrImagePull", "not found") }],
    });
    const verdict = judge(snapshot(3, [want(one.deployment)], one.all), PATIENCE);
    expect(verdict).toMatchObject({ causes: [{ fix: expect.stringContaining("--repository 'a/$(id)'") }] });
  });
});

describe("what may still pass", () => {
  const config = (name: string, message: string) =>
    rollout(name, { containers: [{ state: waiting("CreateContainerConfigError", message) }] });

  test("is a Secret that an ExternalSecret of the release has not brought yet", () => {
    const one = config("api", 'secret "db" not found');
    const external = make("ExternalSecret", "db", { apiVersion: "external-secrets.io/v1" });
    const wanted = [want(one.deployment), want(external)];
    expect(judge(snapshot(3, wanted, [...one.all, external]), PATIENCE).state).toBe("progressing");
    expect(judge(snapshot(63, wanted, [...one.all, external]), PATIENCE)).toMatchObject({
      state: "failed",
      causes: [{ code: "container-config/secret-missing" }],
    });
  });

  test("is a refusal of the registry, where the role is new", () => {
    const one = broken("api", "mayfly.azurecr.io/api:1", DENIED);
    const patience = { ...PATIENCE, deniedMs: 120_000 };
    expect(judge(snapshot(90, [want(one.deployment)], one.all), patience).state).toBe("progressing");
    expect(judge(snapshot(121, [want(one.deployment)], one.all), patience).state).toBe("failed");
  });

  test("is a quota, while pods of the namespace are on their way out", () => {
    const failure = condition(
      "ReplicaFailure",
      "True",
      "FailedCreate",
      'pods "a" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
      1,
    );
    const one = deployment("api", { conditions: [failure], status: { updatedReplicas: 0 } });
    const set = replicaSet(one, "7c9", { conditions: [failure] });
    const leaving = pod("worker-1", { deleted: 2 });
    expect(judge(snapshot(3, [want(one)], [one, set, leaving]), PATIENCE).state).toBe("progressing");
    expect(judge(snapshot(40, [want(one)], [one, set, leaving]), PATIENCE).state).toBe("failed");
    expect(judge(snapshot(3, [want(one)], [one, set]), PATIENCE).state).toBe("failed");
  });

  test("is what a pod of before shows: this rollout may just have brought its Secret", () => {
    const one = rollout("api", {
      created: -300,
      containers: [{ state: waiting("CreateContainerConfigError", 'secret "db" not found') }],
    });
    expect(judge(snapshot(9, [want(one.deployment)], one.all), PATIENCE)).toMatchObject({
      state: "progressing",
      doubts: [{ code: "container-config/secret-missing" }],
    });
    expect(judge(snapshot(241, [want(one.deployment)], one.all), PATIENCE).state).toBe("failed");
  });

  test("is a volume that failed before the image was pulled", () => {
    const one = rollout("api", {});
    const mount = event(one.pod, "FailedMount", 'MountVolume.SetUp failed for volume "v" : secret "db" not found', 3, {
      first: 1,
    });
    const pull = event(one.pod, "Pulling", "Pulling image", 5, { container: "main", warning: false });
    expect(judge(snapshot(90, [want(one.deployment)], [...one.all, mount, pull]), PATIENCE)).toMatchObject({
      state: "progressing",
      doubts: [{ code: "never-ready/silent" }],
    });
  });

  test("is a token of the service account that the kubelet may not fetch yet", () => {
    const one = rollout("api", {});
    const text =
      'MountVolume.SetUp failed for volume "kube-api-access-x" : failed to sync configmap cache: timed out waiting for the condition';
    const verdict = judge(
      snapshot(3, [want(one.deployment)], [...one.all, event(one.pod, "FailedMount", text, 1)]),
      PATIENCE,
    );
    expect(verdict).toMatchObject({ state: "progressing", parts: [{ told: "0 of 1 ready" }] });
  });
});
