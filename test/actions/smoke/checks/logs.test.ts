import { expect, test } from "@jest/globals";
import type { CheckOf } from "../../../../src/smoke/smoke-test.ts";
import type { Logs } from "../../../../src/smoke/spec/checks/logs.ts";
import { makeCheck, takeOne } from "../fake/checks.ts";
import { putDeployment, putPod } from "../fake/objects.ts";
import { createScene, NAMESPACE, type Scene } from "../fake/world.ts";

const look = (scene: Scene, wanted: Logs, more: Partial<CheckOf<"logs">> = {}) =>
  takeOne(scene, makeCheck("logs", wanted, { timeout: 3_000, ...more }));
const say = (scene: Scene, path: string, text: string) => scene.cluster.settings.logs.set(`${NAMESPACE}/${path}`, text);

test("a text is waited for until a container has printed it", async () => {
  const scene = createScene();
  putPod(scene, "api");
  say(scene, "api/main", "starting\n");
  scene.time.after(1_500, () => say(scene, "api/main", "starting\nlistening on 80\n"));
  expect(await look(scene, { pod: "api", contains: "listening" })).toMatchObject({ outcome: "passed", toMs: 2_000 });
  expect(await look(scene, { pod: "api", contains: "done" })).toMatchObject({
    outcome: "failed",
    seen: 'no line with "done" in 2 lines of 1 pods',
  });
});

test("a text that must not be there fails at once, also when only the run before has printed it", async () => {
  const scene = createScene();
  putPod(scene, "api", { more: { lastState: { terminated: { exitCode: 2 } }, restartCount: 1 } });
  say(scene, "api/main", "all is well\n");
  say(scene, "api/main/previous", "panic: no database\n");
  const found = await look(scene, { pod: "api", doesNotContain: "panic" }, { consistently: 20_000 });
  expect(found).toMatchObject({ outcome: "failed", tries: 1, seen: "api/main: panic: no database" });
});

test("it is looked for until the end of the time that it has to stay away", async () => {
  const scene = createScene();
  putPod(scene, "api");
  say(scene, "api/main", "fine\n");
  scene.time.after(4_000, () => say(scene, "api/main", "fine\nERROR 7\n"));
  const wanted: Logs = { pod: "api", doesNotMatch: "^ERROR \\d$" };
  expect(await look(scene, wanted)).toMatchObject({ outcome: "passed" });
  expect(await look(scene, wanted, { consistently: 10_000 })).toMatchObject({ outcome: "failed" });
});

test("of a workload only the pods of its newest revision are read", async () => {
  const scene = createScene();
  putDeployment(scene, "api", { revision: "1" });
  putDeployment(scene, "api", { revision: "2" });
  say(scene, "api-1-0/main", "version 1\n");
  say(scene, "api-2-0/main", "version 2\n");
  for (const wanted of [{ workload: "deployment/api" }, { selector: "app=api" }]) {
    expect(await look(scene, { ...wanted, contains: "version 1" })).toMatchObject({ outcome: "failed" });
    expect(await look(scene, { ...wanted, contains: "version 2", doesNotContain: "version 1" })).toMatchObject({
      outcome: "passed",
    });
  }
});

test("no pod, or none that has run, has no log in which something is missing", async () => {
  const scene = createScene();
  expect(await look(scene, { selector: "app=api", doesNotContain: "panic" })).toMatchObject({
    outcome: "failed",
    seen: "there is no such pod",
  });
  putPod(scene, "api", {
    labels: { app: "api" },
    phase: "Pending",
    ready: false,
    state: { waiting: { reason: "ContainerCreating" } },
  });
  expect(await look(scene, { selector: "app=api", doesNotContain: "panic" })).toMatchObject({
    outcome: "failed",
    seen: "nothing has run yet",
  });
});

test("a log that was too long to read says nothing of what is not in it", async () => {
  const scene = createScene();
  putPod(scene, "api");
  say(scene, "api/main", "x".repeat(10 * 1024 * 1024));
  expect(await look(scene, { pod: "api", doesNotContain: "panic" })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("longer than 10 MiB"),
  });
});

test("lines that were not read prove nothing, neither of a text that must not be there nor of one in error", async () => {
  const scene = createScene();
  putPod(scene, "api");
  say(scene, "api/main", `panic\n${"fine\n".repeat(10_000)}`);
  const seen = expect.stringContaining("the log of api is longer than 10000 lines");
  expect(await look(scene, { pod: "api", doesNotContain: "panic" })).toMatchObject({ outcome: "failed", seen });
  expect(await look(scene, { pod: "api", contains: "panic" }, { negated: true })).toMatchObject({ outcome: "failed" });
  expect(await look(scene, { pod: "api", doesNotContain: "fine" }, { negated: true })).toMatchObject({
    outcome: "passed",
  });
  expect(await look(scene, { pod: "api", doesNotContain: "panic", tail: 100 })).toMatchObject({ outcome: "passed" });
  expect(await look(scene, { pod: "api", doesNotContain: "panic", since: 60_000 })).toMatchObject({
    outcome: "failed",
    tries: 1,
  });
});

test("of more pods than are read, those that are not prove nothing", async () => {
  const scene = createScene();
  for (let index = 0; index < 21; index += 1) {
    putPod(scene, `api-${index}`, { labels: { app: "api" } });
    say(scene, `api-${index}/main`, index === 9 ? "panic\n" : "fine\n");
  }
  const wanted = { selector: "app=api" };
  expect(await look(scene, { ...wanted, contains: "fine" })).toMatchObject({ outcome: "passed" });
  expect(await look(scene, { ...wanted, doesNotContain: "panic" })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("of 21 pods only 20 are read"),
  });
  expect(await look(scene, { ...wanted, contains: "panic" }, { negated: true })).toMatchObject({ outcome: "failed" });
});

test("in error, too, somebody has to have printed something", async () => {
  const scene = createScene();
  const absent = (): Promise<unknown> => look(scene, { selector: "app=api", contains: "panic" }, { negated: true });
  expect(await absent()).toMatchObject({ outcome: "failed", seen: "there is no such pod" });
  putPod(scene, "api", { labels: { app: "api" } });
  say(scene, "api/main", "fine\n");
  expect(await absent()).toMatchObject({ outcome: "passed" });
});

test("a pod with several containers has to say which; one that it does not have is named", async () => {
  const scene = createScene();
  putPod(scene, "api", { containers: ["main", "proxy"] });
  say(scene, "api/proxy", "ready\n");
  expect(await look(scene, { pod: "api", contains: "ready" })).toMatchObject({
    outcome: "failed",
    tries: 1,
    seen: expect.stringContaining("container-ambiguous: Pod api has several containers: main, proxy"),
  });
  expect(await look(scene, { pod: "api", container: "db", contains: "ready" })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("container-unknown"),
  });
  expect(await look(scene, { pod: "api", container: "proxy", contains: "ready" })).toMatchObject({ outcome: "passed" });
  putPod(scene, "api", {
    containers: ["main", "proxy"],
    annotations: { "kubectl.kubernetes.io/default-container": "proxy" },
  });
  expect(await look(scene, { pod: "api", contains: "ready" })).toMatchObject({ outcome: "passed" });
});

test("a regular expression that is none, and one without an end, fail at once", async () => {
  const scene = createScene();
  putPod(scene, "api");
  say(scene, "api/main", `${"a".repeat(40)}!\n`);
  expect(await look(scene, { pod: "api", matches: "(" })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("smoke-spec-invalid: matches: expected a regular expression"),
  });
  expect(await look(scene, { pod: "api", matches: "^(a+)+$" })).toMatchObject({
    outcome: "failed",
    seen: expect.stringContaining("takes longer than 2 seconds"),
  });
});
