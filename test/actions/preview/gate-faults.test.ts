import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { act, addGroup, addPull, createScene, endOf, OLD, pullEvent } from "./scene.ts";

const forbidden = new UserError("github-permission", 'The token needs the permission "checks: write".');

describe("what is not as it should be", () => {
  test("an issue's number is no pull request, and nothing is destroyed for it", async () => {
    const scene = createScene();
    addGroup(scene, "pr-12");
    const event = { name: "schedule", payload: {} };
    await expect(act(scene, event, { "pull-request": "12" })).rejects.toMatchObject({ code: "pull-request-not-found" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });

  test("a missing permission is named, and stops no preview", async () => {
    const scene = createScene();
    scene.faults.set("checks.write", forbidden);
    const { outputs } = await act(scene, pullEvent(addPull(scene, 12), "opened"));
    expect(outputs["decision"]).toBe("create");
    expect(scene.warnings.join()).toContain('"checks: write"');
  });

  test("a comment that cannot be read holds up a deployment, since it may say that nobody wants it, and no teardown", async () => {
    const scene = createScene();
    scene.faults.set("comments.find", forbidden);
    const pull = addPull(scene, 12);
    await expect(act(scene, pullEvent(pull, "opened"))).rejects.toMatchObject({ code: "github-permission" });
    scene.pulls.set(12, { ...pull, state: "closed" });
    addGroup(scene, "pr-12");
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("destroy");
  });

  test("a job without a login fails, and says what is missing", async () => {
    const scene = createScene();
    scene.hasLogin = false;
    const { outputs, failure } = await act(scene, pullEvent(addPull(scene, 12), "opened"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "unseen" });
    expect(failure).toMatchObject({ code: "preview-unseen", message: expect.stringContaining("azure-login") });
  });

  test("a comment that somebody forged destroys nothing", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12");
    const forged = '<!-- mayfly:state {"destroyAskedAt":"2026-11-22T05:00:00Z","phase":"deploying"} -->';
    scene.comments.set(12, `<!-- mayfly:preview:pr-12 -->\n${forged}`);
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "destroyed-on-demand" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });

  test("GitHub may be a little behind a push: the newest commit's only run is not taken for an old one", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    scene.pulls.set(12, { ...pull, headSha: OLD });
    scene.onSleep = () => void scene.pulls.set(12, pull);
    expect((await act(scene, pullEvent(pull, "synchronize"))).outputs).toMatchObject({ decision: "create" });
  });

  test("two runs at once come to the same, and so does the same run again", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", { "mayfly-head-sha": OLD });
    const event = pullEvent(pull, "synchronize");
    const both = await Promise.all([act(scene, event), act(scene, event)]);
    const third = await act(scene, event);
    expect(new Set([...both, third].map(({ outputs }) => JSON.stringify(outputs))).size).toBe(1);
    expect(scene.comments.size).toBe(1);
  });
});
