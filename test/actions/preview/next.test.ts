import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { act, addGroup, addPull, after, createScene, pullEvent, type Scene, shaOf } from "./scene.ts";

const EVENT = { name: "schedule", payload: {} };
const cap = (count: number) => ({ "max-previews": `${count}` });

/** Pull requests that the gate has queued one after the other, behind one that has its environment. */
async function queue(...numbers: readonly number[]) {
  const scene = createScene();
  addPull(scene, 1, { headSha: shaOf(1) });
  addGroup(scene, "pr-1");
  for (const [index, number] of numbers.entries()) {
    scene.now = after(index);
    const pull = addPull(scene, number, { headSha: shaOf(number) });
    await act(scene, { ...pullEvent(pull, "opened"), runId: number * 100 }, cap(1));
  }
  return scene;
}

const next = (scene: Scene & Parameters<typeof act>[0], places: number) => act(scene, EVENT, cap(places), "next");

describe("a place that became free", () => {
  test("goes to who waits longest", async () => {
    const scene = await queue(30, 20);
    scene.groups.clear();
    const { outputs } = await next(scene, 1);
    expect(outputs["started"]).toBe("[30]");
    expect(scene.restarted).toEqual([3_000]);
  });

  test("and others go to as many as there are places", async () => {
    const scene = await queue(30, 20, 25);
    expect((await next(scene, 3)).outputs["started"]).toBe("[30,20]");
  });

  test("goes to who waited for a deletion longer than its job did", async () => {
    const scene = createScene();
    const pull = addPull(scene, 20, { headSha: shaOf(20) });
    addGroup(scene, "pr-20", {}, { provisioningState: "Deleting" });
    const event = { ...pullEvent(pull, "reopened"), runId: 2_000 };
    const { outputs } = await act(scene, event, { "deletion-wait": "10m" });
    expect(outputs).toMatchObject({ decision: "wait", "reason-code": "deleting" });
    expect(scene.comments.get(20)).toContain("It goes on by itself");
    expect((await next(scene, 2)).outputs["started"]).toBe("[]");
    scene.groups.clear();
    expect((await next(scene, 2)).outputs["started"]).toBe("[20]");
    expect(scene.restarted).toEqual([2_000]);
  });

  test("is none while all are taken, or a start holds it", async () => {
    const scene = await queue(30, 20);
    expect((await next(scene, 1)).outputs["started"]).toBe("[]");
    scene.groups.clear();
    const pull = scene.pulls.get(30);
    if (pull !== undefined) await act(scene, pullEvent(pull, "synchronize"), cap(1));
    expect((await next(scene, 1)).outputs["started"]).toBe("[]");
    expect(scene.restarted).toEqual([]);
  });

  test("passes over who closed meanwhile", async () => {
    const scene = await queue(30, 20);
    scene.groups.clear();
    addPull(scene, 30, { state: "closed", headSha: shaOf(30) });
    expect((await next(scene, 1)).outputs["started"]).toBe("[20]");
  });

  test.each(["too-old", "gone", "running"] as const)("passes over a run that is %s", async (answer) => {
    const scene = await queue(30, 20);
    scene.groups.clear();
    scene.reruns.set(3_000, answer);
    expect((await next(scene, 1)).outputs["started"]).toBe("[20]");
  });

  test("waits for the next event where the token may start nothing, which is no fault", async () => {
    const scene = await queue(30, 20);
    scene.groups.clear();
    scene.reruns.set(3_000, "forbidden").set(2_000, "forbidden");
    const { outputs, failure } = await next(scene, 1);
    expect(failure).toBeUndefined();
    expect(outputs["started"]).toBe("[]");
    expect(scene.lines.filter((line) => line.includes("actions: write"))).toHaveLength(1);
  });

  test("cannot be told while ARM is silent", async () => {
    const scene = await queue(30);
    scene.faults.set("listByTag", new UserError("arm-unreachable", "silent"));
    expect(await next(scene, 9)).toMatchObject({ outputs: { started: "[]" }, failure: { code: "arm-unreachable" } });
    expect(scene.restarted).toEqual([]);
  });
});
