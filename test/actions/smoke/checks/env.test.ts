import { beforeEach, describe, expect, test } from "@jest/globals";
import { envChecker } from "../../../../src/actions/smoke/checks/env.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import type { Env } from "../../../../src/smoke/spec/checks/env.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, NAMESPACE, type Scene } from "../fake/world.ts";
import { image, runningPod } from "../running-pod.ts";

let scene: Scene;
let world: FakeWorld;
let scope: Scope;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
  scope = createScope(scene, world);
  scene.cluster.put(runningPod());
});

const look = (variables: Env["variables"]) => lookOnce(envChecker, { pod: "api-1", variables }, scope);
const printsProcess = (text: string) => {
  scene.cluster.pods.answers.exec = image({ cat: () => ({ stdout: text }) });
};
const secret = (name: string, data: Readonly<Record<string, string>>) => {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  const metadata = { name, namespace: NAMESPACE };
  scene.cluster.put({ apiVersion: "v1", kind: "Secret", metadata, data: Object.fromEntries(encoded) });
};

describe("variables of a running container", () => {
  test("are those that its first process has", async () => {
    printsProcess("MODE=live\0URL=postgres://u:pass@h/a=b\0EMPTY=\0");
    expect(await look(["MODE", "URL", "EMPTY"])).toMatchObject({
      state: "holds",
      expected: "MODE is set, URL is set, EMPTY is set",
      seen: "3 as expected (in /proc/1/environ)",
    });
    expect((await look({ URL: { endsWith: "/a=b" }, EMPTY: { isEmpty: true }, GONE: { exists: false } })).state).toBe(
      "holds",
    );
  });

  test("are masked before they are compared, and never told", async () => {
    printsProcess("PASSWORD=hunter2-secret\0");
    const { seen, state } = await look({ PASSWORD: "something else" });
    expect({ seen, state }).toEqual({ state: "not-yet", seen: "PASSWORD differs (in /proc/1/environ)" });
    expect(world.masked).toEqual(["hunter2-secret"]);
  });

  test("are not masked where the pod's spec has them for everybody to read", async () => {
    scene.cluster.put(runningPod({ container: { env: [{ name: "MODE", value: "production" }] } }));
    printsProcess("MODE=production\0");
    expect((await look({ MODE: "production" })).state).toBe("holds");
    expect(world.masked).toEqual([]);
  });

  test("are asked of `env` where there is no `cat`, and that is remembered", async () => {
    scene.cluster.pods.answers.exec = image({ env: () => ({ stdout: "A=1\nKEY=two\nlines\nB=2\n" }) });
    const probe = envChecker.begin({ pod: "api-1", variables: { KEY: "two\nlines", B: 2 } }, scope);
    expect(await probe.look()).toMatchObject({ state: "holds", seen: "2 as expected (by env)" });
    await probe.look();
    expect(scene.cluster.pods.asked.exec.map(({ command: [program] }) => program)).toEqual(["cat", "env", "env"]);
  });

  test("that are not all missing hold neither for the check nor for its `error`", async () => {
    printsProcess("A=1\0");
    expect(await look(["A", "B"])).toMatchObject({ state: "unseen", seen: "B is not set (in /proc/1/environ)" });
    expect(await look(["B"])).toMatchObject({ state: "not-yet" });
  });
});

describe("variables of an image from nothing", () => {
  beforeEach(() => {
    scene.cluster.pods.answers.exec = image({});
    const env = [
      { name: "HOST", value: "db" },
      { name: "URL", value: "$(HOST):5432/$$(HOST)$(NOBODY)" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
      { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "ui", key: "colour" } } },
      { name: "MAYBE", valueFrom: { secretKeyRef: { name: "db", key: "other", optional: true } } },
      { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    ];
    const envFrom = [{ prefix: "X_", secretRef: { name: "bulk" } }];
    scene.cluster.put(runningPod({ container: { env, envFrom } }));
    secret("db", { password: "hunter2" });
    secret("bulk", { ONE: "first", TWO: "second" });
    const metadata = { name: "ui", namespace: NAMESPACE };
    scene.cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { colour: "green" } });
  });

  test("are what the pod's spec, its Secrets and its ConfigMaps say, and that is told", async () => {
    const wanted = {
      URL: "db:5432/$(HOST)$(NOBODY)",
      PASSWORD: "hunter2",
      COLOUR: "green",
      POD: "api-1",
      X_TWO: "second",
    };
    expect(await look(wanted)).toMatchObject({
      state: "holds",
      seen: "5 as expected (by the pod's spec: the image has neither cat nor env)",
    });
    expect((await look(["IP"])).state).toBe("holds");
    expect(world.masked.toSorted()).toEqual(["hunter2", "second"]);
  });

  test.each([
    [["MAYBE"], "not-yet", 'MAYBE is not set (the Secret "db" has no key "other")'],
    [{ PASSWORD: "other" }, "not-yet", "PASSWORD differs"],
    [["PATH"], "unseen", "PATH is not known (it is not in the pod's spec, and the image can print no other)"],
    [{ IP: "10.0.0.1" }, "unseen", "IP is set, to what only its node knows"],
  ] as const)("are found missing: %j", async (variables, state, seen) => {
    const told = `${seen} (by the pod's spec: the image has neither cat nor env)`;
    expect(await look(variables as Env["variables"])).toMatchObject({ state, seen: told });
  });

  test("prove that the key exists: not when its Secret is gone, and not when nobody may read it", async () => {
    scene.cluster.settings.refuse = ({ kind }) =>
      kind === "Secret" ? new KubeRefusal(403, "Forbidden", "no") : undefined;
    expect(await look(["PASSWORD"])).toMatchObject({
      state: "unseen",
      seen: expect.stringContaining('may not read the Secret "db"'),
    });
    scene.cluster.settings.refuse = () => undefined;
    scene.cluster.remove({ apiVersion: "v1", kind: "Secret", namespace: NAMESPACE, name: "db" });
    expect(await look(["PASSWORD"])).toMatchObject({
      state: "not-yet",
      seen: expect.stringContaining('there is no Secret "db"'),
    });
  });
});
