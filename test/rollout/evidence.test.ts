import { describe, expect, test } from "@jest/globals";
import { describeObject } from "../../src/rollout/describe-object.ts";
import { listEvents } from "../../src/rollout/list-events.ts";
import { budgetMs, readProbe } from "../../src/rollout/probe.ts";
import { listWatchedKinds } from "../../src/rollout/watched-kinds.ts";
import { deployment, ended, event, make, pod, refTo, running, snapshot, waiting, want } from "./objects.ts";

describe("events", () => {
  const [one, two, other] = [pod("api-7c9-aaaaa"), pod("api-7c9-bbbbb"), pod("db-0")];
  const said = (about: typeof one, seconds: number, times = 1) =>
    event(
      about,
      "BackOff",
      `Back-off restarting failed container main in pod ${about.metadata.name}_pr-7(76147ae4-bc43-407d-80c1-fb094ede07dc)`,
      seconds,
      { container: "main", times },
    );

  test("are told oldest first, and those of like pods once", () => {
    const events = [
      event(other, "Scheduled", "Successfully assigned pr-7/db-0 to node-1", 2.2, { timeless: true, warning: false }),
      said(two, 5, 3),
      said(one, 4),
      event(other, "Pulled", "of last week", -600_000, { warning: false }),
    ];
    expect(listEvents(snapshot(9, [], events))).toEqual([
      "    1.7s  Normal   Pod/db-0  Scheduled  Successfully assigned pr-7/db-0 to node-1",
      "    3.6s  Warning  Pod/api-7c9-aaaaa and 1 more {main}  BackOff  Back-off restarting failed container main in pod api-7c9-aaaaa_pr-7(76147ae4-bc43-407d-80c1-fb094ede07dc) (×4)",
    ]);
  });

  test("of one object can be asked for", () => {
    expect(listEvents(snapshot(9, [], [said(one, 4), said(other, 5)]), refTo(other))).toHaveLength(1);
  });

  test("never break a line", () => {
    expect(listEvents(snapshot(9, [], [event(one, "Failed", "a\nb\u2028c", 1)])).join("")).not.toMatch(/[\n\u2028]/);
  });
});

describe("an object", () => {
  test("that is a pod is described by its containers, probes and last runs", () => {
    const one = pod("api-7c9-a", {
      phase: "Running",
      containers: [
        { name: "migrate", init: true, state: ended(0, "Completed", 1) },
        {
          spec: {
            readinessProbe: { httpGet: { path: "/healthz", port: 8080 } },
            resources: { limits: { memory: "16Mi" } },
          },
          state: running(4),
          restarts: 2,
          last: ended(137, "OOMKilled", 3, "out\nof memory"),
        },
      ],
    });
    const rows = describeObject(one)
      .split("\n")
      .map((row) => row.trimEnd().replace(/(?<=\S) {2,}/, " | "));
    expect(rows).toEqual([
      "Pod/api-7c9-a (pr-7)",
      "  phase | Running",
      "  node | node-1",
      "  init container migrate (1 of 1) | mayfly.azurecr.io/app:1",
      "    state | ended with 0 (Completed) at 2026-03-04T05:06:08.000Z",
      "  container main | mayfly.azurecr.io/app:1",
      "    state | running since 2026-03-04T05:06:11.000Z",
      "    restarts | 2",
      "    run before | ended with 137 (OOMKilled) at 2026-03-04T05:06:10.000Z: out of memory",
      "    readiness | GET :8080/healthz, after 0s, every 10s, 1s each, 3 failures",
      "    limits | memory 16Mi",
      "  PodScheduled | True",
      "  Ready | False: ContainersNotReady",
    ]);
  });

  test("that counts is described by its numbers", () => {
    expect(describeObject(deployment("api", { replicas: 2, ready: 1 }))).toMatch(
      /Deployment\/api \(pr-7\)\n {2}asked for +2\n/,
    );
  });

  test("hides what a text tells of a user", () => {
    const text = "You have reached your pull rate limit as 'octocat': dckr_jti_AbC. You may";
    expect(describeObject(pod("a", { containers: [{ state: waiting("ErrImagePull", text) }] }))).not.toMatch(
      /octocat|dckr_/,
    );
  });
});

test("the budget of a readiness probe grows with what it allows for, and with the startup probe", () => {
  const probe = (spec: object) => {
    const read = readProbe(spec);
    if (read === undefined) throw new Error("there is a probe");
    return read;
  };
  const plain = probe({ httpGet: { port: 80 } });
  expect(budgetMs(plain, undefined)).toBe(27_000);
  expect(budgetMs(probe({ initialDelaySeconds: 30, httpGet: { port: 80 } }), undefined)).toBe(57_000);
  expect(budgetMs(plain, probe({ failureThreshold: 30, httpGet: { port: 80 } }))).toBe(338_000);
  expect(readProbe(undefined)).toBeUndefined();
});

describe("the kinds to watch", () => {
  test("are those that are judged, and those that explain them, each once", () => {
    const wanted = [
      deployment("api"),
      deployment("web"),
      make("ConfigMap", "c"),
      make("ScaledObject", "s", { apiVersion: "keda.sh/v1alpha1" }),
    ];
    expect(
      listWatchedKinds(wanted.map((object) => want(object))).map(({ kind, needed }) => `${kind}${needed ? "" : "?"}`),
    ).toEqual([
      "Event?",
      "PersistentVolumeClaim?",
      "Pod",
      "Deployment",
      "ReplicaSet",
      "HorizontalPodAutoscaler?",
      "ScaledObject",
    ]);
  });

  test("are none where nothing has to become ready", () => {
    expect(
      listWatchedKinds([want(make("ConfigMap", "c")), want(make("CronJob", "c", { apiVersion: "batch/v1" }))]),
    ).toEqual([]);
  });

  test("are asked for in each namespace by itself", () => {
    const [here, there] = [make("Pod", "a"), make("Pod", "a", { namespace: "other" })];
    const pods = listWatchedKinds([want(here), want(there)]).filter(({ kind }) => kind === "Pod");
    expect(pods.map(({ namespace }) => namespace)).toEqual(["other", "pr-7"]);
  });
});
