import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { act, addGroup, addNamespace, addPull, createScene, endOf } from "./scene.ts";

const SCHEDULE = { name: "schedule", payload: { schedule: "17 * * * *" } };
const previewsOf = (outputs: Readonly<Record<string, unknown>>): unknown => JSON.parse(String(outputs["previews"]));

describe("a look at all environments", () => {
  test("names those whose pull request is closed, and nothing else", async () => {
    const scene = createScene();
    addPull(scene, 1);
    addPull(scene, 2, { state: "closed" });
    addPull(scene, 3, { state: "closed", merged: true });
    for (const name of ["pr-1", "pr-2", "staging"]) addGroup(scene, name);
    addGroup(scene, "pr-4", {}, { provisioningState: "Deleting" });
    addNamespace(scene, "pr-3");
    const { outputs, failure } = await act(scene, SCHEDULE);
    expect(failure).toBeUndefined();
    expect(outputs["decision"]).toBe("destroy");
    expect(previewsOf(outputs)).toEqual([
      { "pull-request": 2, environment: "pr-2", reason: "closed" },
      { "pull-request": 3, environment: "pr-3", reason: "closed" },
    ]);
    // Whose turn it is, is decided anew then: here nothing is changed.
    expect(endOf(scene, "mayfly-pr-2")).toBe("2026-11-22T09:00:00Z");
    expect(scene.written).toEqual([]);
  });

  test("names those that have lost their label", async () => {
    const scene = createScene();
    addPull(scene, 1, { labels: ["Preview"] });
    addPull(scene, 2, { labels: ["docs"] });
    for (const name of ["pr-1", "pr-2"]) addGroup(scene, name);
    const { outputs } = await act(scene, SCHEDULE, { label: "preview" });
    expect(previewsOf(outputs)).toEqual([{ "pull-request": 2, environment: "pr-2", reason: "label-missing" }]);
  });

  test("keeps what nobody can see the pull request of, and goes on with the others", async () => {
    const scene = createScene();
    addPull(scene, 2, { state: "closed" });
    for (const name of ["pr-1", "pr-2"]) addGroup(scene, name);
    const { outputs } = await act(scene, SCHEDULE);
    expect(previewsOf(outputs)).toEqual([{ "pull-request": 2, environment: "pr-2", reason: "closed" }]);
    expect(scene.warnings.join()).toContain("pr-1 stays");
  });

  test("keeps what is pinned", async () => {
    const scene = createScene();
    addPull(scene, 2, { state: "closed" });
    addGroup(scene, "pr-2", { "auto-destroy": "no" });
    expect(previewsOf((await act(scene, SCHEDULE)).outputs)).toEqual([]);
  });

  test("asks for each pull request that the list of open ones leaves out", async () => {
    const scene = createScene();
    addPull(scene, 2);
    addGroup(scene, "pr-2");
    const world = scene.world(SCHEDULE);
    Object.assign(world.github.pulls, { listOpen: async () => [] });
    scene.world = () => world;
    expect(previewsOf((await act(scene, SCHEDULE)).outputs)).toEqual([]);
  });

  test("names at most what a matrix holds", async () => {
    const scene = createScene();
    for (let number = 1; number <= 120; number += 1) {
      addPull(scene, number, { state: "closed" });
      addGroup(scene, `pr-${number}`);
    }
    expect(previewsOf((await act(scene, SCHEDULE)).outputs)).toHaveLength(100);
  });

  test.each(["listByTag", "pulls.listOpen"])("names none and fails while %s is refused", async (what) => {
    const scene = createScene();
    addPull(scene, 2, { state: "closed" });
    addGroup(scene, "pr-2");
    scene.faults.set(what, new UserError("arm-unreachable", "silent"));
    const outcome = await act(scene, SCHEDULE).catch((failure: unknown) => ({ outputs: { previews: "[]" }, failure }));
    expect(outcome.failure).toMatchObject({ code: "arm-unreachable" });
    expect(previewsOf(outcome.outputs)).toEqual([]);
  });
});
