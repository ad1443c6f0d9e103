import { beforeEach, describe, expect, test } from "@jest/globals";
import { limitsChecker } from "../../../../src/actions/smoke/checks/limits.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import { CGROUP_FILES } from "../../../../src/smoke/cgroup.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type Scene } from "../fake/world.ts";
import { image, runningPod } from "../running-pod.ts";

let scene: Scene;
let scope: Scope;

beforeEach(() => {
  scene = createScene();
  scope = createScope(scene, createFakeWorld(scene));
  scene.cluster.put(runningPod());
});

const look = (wanted: { cpu?: string | number; memory?: string | number }) =>
  lookOnce(limitsChecker, { pod: "api-1", ...wanted }, scope);
/** An image with `cat` and these files. */
const files = (contents: Readonly<Record<string, string>>) => {
  scene.cluster.pods.answers.exec = image({
    cat: ({ command: [, ...paths] }) => {
      const found = paths.map((path) => contents[path]);
      return { stdout: found.join(""), exitCode: found.includes(undefined) ? 1 : 0 };
    },
  });
};
const { v1, v2 } = CGROUP_FILES;

describe("limits", () => {
  test.each([
    ["2", { [v2.cpu]: "50000 100000\n", [v2.memory]: "134217728\n" }],
    ["1", { [v1.quota]: "50000\n", [v1.period]: "100000\n", [v1.memory]: "134217728\n" }],
  ])("are those of the kernel, by version %s of its groups", async (_, contents) => {
    files(contents);
    const seen = "cpu 500m, memory 128Mi (by its cgroup)";
    expect(await look({ cpu: "500m", memory: "128Mi" })).toMatchObject({
      state: "holds",
      expected: "cpu 500m, memory 128Mi",
      seen,
    });
    expect(await look({ cpu: "501m", memory: "129Mi" })).toMatchObject({ state: "not-yet", seen });
    expect(await look({ cpu: 0.5, memory: "129Mi" })).toMatchObject({ state: "unseen", seen });
  });

  test("that are missing fail", async () => {
    files({ [v2.cpu]: "max 100000\n", [v2.memory]: "max\n" });
    expect(await look({ cpu: "1", memory: "1Gi" })).toMatchObject({
      state: "not-yet",
      seen: "cpu unlimited, memory unlimited (by its cgroup)",
    });
  });

  test("are what the kubelet reports where the image has no cat, and unknown where it does not", async () => {
    scene.cluster.pods.answers.exec = image({});
    expect(await look({ memory: "128Mi" })).toMatchObject({
      state: "unseen",
      seen: expect.stringContaining("does not report"),
    });
    scene.cluster.put(runningPod({ name: "api-1", status: { resources: { limits: { memory: "128Mi" } } } }));
    expect(await look({ memory: 134_217_728 })).toMatchObject({ state: "holds" });
    expect(await look({ cpu: "1" })).toMatchObject({
      state: "not-yet",
      seen: "cpu unlimited (as the kubelet reports it: the image has no cat)",
    });
  });
});
