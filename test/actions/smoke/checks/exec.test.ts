import { beforeEach, describe, expect, test } from "@jest/globals";
import { execChecker } from "../../../../src/actions/smoke/checks/exec.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import { KubeRefusal } from "../../../../src/kubernetes/kube-refusal.ts";
import type { Exec } from "../../../../src/smoke/spec/checks/exec.ts";
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

const look = (payload: Partial<Exec> = {}) =>
  lookOnce(execChecker, { selector: "app=api", command: ["check"], exitCode: 0, ...payload }, scope);
const print = (stdout: string, exitCode = 0, stderr = "") => {
  scene.cluster.pods.answers.exec = image({ check: () => ({ stdout, stderr, exitCode }) });
};

describe("a command", () => {
  test("runs as it is given in the container that runs, and its end without line feeds is what counts", async () => {
    print("ok\n\n");
    const command = ["check", "$(id)", "a b"];
    expect(await look({ command, stdout: "ok" })).toMatchObject({
      state: "holds",
      expected: 'check: exit code 0, stdout "ok"',
      seen: 'exit code 0, stdout "ok"',
      involved: [{ kind: "Pod", name: "api-1" }],
    });
    expect(scene.cluster.pods.asked.exec).toMatchObject([
      { pod: { namespace: NAMESPACE, name: "api-1" }, container: "main", command },
    ]);
  });

  test.each([
    [{}, 'exit code 3, stdout "half", stderr "oh"'],
    [{ exitCode: 3, stdout: "whole" }, 'exit code 3, stdout "half", stderr "oh"'],
    [{ exitCode: 3, stderr: { isEmpty: true } }, 'exit code 3, stdout "half", stderr "oh"'],
  ] as const)("that does not say what is expected (%j) is quoted", async (payload, seen) => {
    print("half", 3, "oh\n");
    expect(await look(payload)).toMatchObject({ state: "not-yet", seen });
  });

  test("is quoted without secrets, and not without an end", async () => {
    world.mask("s3cret-value");
    print(`the s3cret-value is ${"x".repeat(5_000)}`, 1);
    const { seen } = await look();
    expect(seen).toContain("the *** is x");
    expect(seen.length).toBeLessThan(300);
  });

  test("must hold in every container, and for `error` in none", async () => {
    scene.cluster.put(runningPod({ name: "api-2" }));
    scene.cluster.pods.answers.exec = async ({ name }) => ({
      exitCode: name === "api-2" ? 1 : 0,
      stdout: "",
      stderr: "",
    });
    expect(await look()).toMatchObject({ state: "unseen", seen: "api-2: exit code 1; 1 of 2 containers fail" });
    print("", 1);
    expect(await look()).toMatchObject({ state: "not-yet" });
    print("");
    expect(await look()).toMatchObject({ state: "holds" });
  });

  test.each([
    ["no pod is there", { selector: "app=other" }, "no container that runs"],
    [
      "the workload is called otherwise",
      { selector: undefined, workload: "deployment/nope" },
      'no Deployment "nope" in the namespace',
    ],
    ["the image does not have it", { command: ["nope"] }, 'exec: "nope": executable file not found in $PATH'],
  ])("proves nothing where %s, not even that it does not hold", async (_, payload, seen) => {
    print("");
    expect(await look(payload)).toMatchObject({ state: "unseen", seen: expect.stringContaining(seen) });
  });

  test("that prints more than can be read proves nothing of what it prints", async () => {
    scene.cluster.pods.answers.exec = image({ check: () => ({ stdout: "a", cut: true }) });
    expect((await look({ stdout: { not: { contains: "b" } } })).state).toBe("unseen");
    expect((await look()).state).toBe("holds");
  });

  test("that nobody may run is told at once", async () => {
    scene.cluster.pods.answers.exec = () => {
      throw new KubeRefusal(403, "Forbidden", "pods is forbidden");
    };
    await expect(look()).rejects.toMatchObject({ status: 403 });
  });
});
