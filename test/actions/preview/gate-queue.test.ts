import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/preview/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { act, addGroup, addPull, after, createScene, inputs, pullEvent, shaOf } from "./scene.ts";

const forbidden = new UserError("github-permission", 'The token needs the permission "checks: write".');

describe("the queue", () => {
  const fill = (scene: ReturnType<typeof createScene>, ...numbers: readonly number[]): void => {
    for (const number of numbers) {
      addPull(scene, number, { headSha: shaOf(number) });
      addGroup(scene, `pr-${number}`);
    }
  };
  const two = { "max-previews": "2" };

  test("takes who finds no place, green, with a position that pushes do not change", async () => {
    const scene = createScene();
    fill(scene, 1, 2);
    const first = addPull(scene, 10, { headSha: shaOf(10) });
    const queued = await act(scene, pullEvent(first, "opened"), two);
    expect(queued.failure).toBeUndefined();
    expect(queued.outputs).toMatchObject({ decision: "wait", "reason-code": "queued", position: 1 });
    expect(scene.checks.get(shaOf(10))).toMatchObject({ conclusion: "neutral", title: "queued, position 1" });
    scene.now = after(1);
    const second = addPull(scene, 11, { headSha: shaOf(11) });
    expect((await act(scene, pullEvent(second, "opened"), two)).outputs["position"]).toBe(2);
    scene.now = after(2);
    const pushed = addPull(scene, 10, { headSha: shaOf(100) });
    const again = pullEvent(pushed, "synchronize", { before: shaOf(10) });
    scene.comments.clear();
    expect((await act(scene, again, two)).outputs["position"]).toBe(1);
    expect(scene.checks.get(shaOf(100))?.externalId).toBe("mayfly-queued:2026-11-22T06:00:00.000Z:900");
  });

  test("lets in who comes when a place is free", async () => {
    const scene = createScene();
    fill(scene, 1, 2);
    const pull = addPull(scene, 10, { headSha: shaOf(10) });
    await act(scene, pullEvent(pull, "opened"), two);
    scene.groups.delete("mayfly-pr-1");
    const { outputs } = await act(scene, { ...pullEvent(pull, "opened"), attempt: 2 }, two);
    expect(outputs["decision"]).toBe("create");
    expect(scene.checks.get(shaOf(10))?.title).toBe("started");
  });

  test("counts who was started and of whom nothing stands yet, for half an hour", async () => {
    const scene = createScene();
    const first = addPull(scene, 10, { headSha: shaOf(10) });
    const second = addPull(scene, 11, { headSha: shaOf(11) });
    const one = { "max-previews": "1" };
    expect((await act(scene, pullEvent(first, "opened"), one)).outputs["decision"]).toBe("create");
    scene.now = after(5);
    expect((await act(scene, pullEvent(second, "opened"), one)).outputs["decision"]).toBe("wait");
    // The first looks again when it is its turn, and finds its own place.
    expect((await act(scene, pullEvent(first, "opened"), one)).outputs["decision"]).toBe("create");
    scene.now = after(31);
    expect((await act(scene, pullEvent(second, "opened"), one)).outputs["decision"]).toBe("create");
  });

  test("of two that start in the same moment lets only the older one deploy", async () => {
    const scene = createScene();
    const pulls = [11, 10].map((number) => addPull(scene, number, { headSha: shaOf(number) }));
    const one = { "max-previews": "1" };
    const gates = () => Promise.all(pulls.map((pull) => act(scene, pullEvent(pull, "opened"), one)));
    const first = await gates();
    expect(first.map(({ outputs }) => outputs["decision"])).toEqual(["create", "create"]);
    const second = await gates();
    expect(second.map(({ outputs }) => outputs["decision"])).toEqual(["wait", "create"]);
  });

  test("asks for nobody's check where there is room for all", async () => {
    const scene = createScene();
    fill(scene, 1, 2);
    const pull = addPull(scene, 10, { headSha: shaOf(10) });
    addPull(scene, 11, { headSha: shaOf(11) });
    const asked: string[] = [];
    const world = scene.world(pullEvent(pull, "opened"));
    const find = world.github.checks.find;
    Object.assign(world.github.checks, {
      find: (...words: Parameters<typeof find>) => {
        asked.push(words[1]);
        return find(...words);
      },
    });
    await run(inputs("gate"), world);
    expect(new Set(asked)).toEqual(new Set([shaOf(10)]));
  });

  test("does not throw out who has a place", async () => {
    const scene = createScene();
    fill(scene, 1, 2, 3);
    const { outputs } = await act(scene, pullEvent(addPull(scene, 3, { headSha: shaOf(3) }), "synchronize"), two);
    expect(outputs["decision"]).toBe("update");
  });

  test("lets nobody in where there might be no room, and nobody can be counted", async () => {
    const scene = createScene();
    fill(scene, 1, 2);
    scene.faults.set("checks.find", forbidden);
    addPull(scene, 9, { headSha: shaOf(9) });
    const pull = addPull(scene, 10, { headSha: shaOf(10) });
    const given = { "max-previews": "3" };
    await expect(act(scene, pullEvent(pull, "opened"), given)).rejects.toMatchObject({ code: "github-permission" });
  });
});
