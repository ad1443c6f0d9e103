import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { NO_STATE, parseState, renderState } from "../../../src/preview/comment-state.ts";
import {
  act,
  addGroup,
  addNamespace,
  addPull,
  after,
  commentEvent,
  createScene,
  endOf,
  HEAD,
  pullEvent,
} from "./scene.ts";

const armDown = new UserError("arm-unreachable", "ARM is silent");
const stateOf = (body: string | undefined) => parseState(body ?? "");

describe("a deletion that goes on", () => {
  test("is waited for, and the pull request is looked at anew afterwards", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", {}, { provisioningState: "Deleting" });
    scene.onSleep = () => {
      if (scene.now >= after(5)) scene.groups.clear();
    };
    const { outputs } = await act(scene, pullEvent(pull, "reopened"));
    expect(outputs).toMatchObject({ decision: "create" });
    expect(scene.now.getTime()).toBeGreaterThanOrEqual(after(5).getTime());
    expect(scene.lines.join("\n")).toContain("[30s] What stands of its environment is being deleted.");
  });

  test("is not followed by a deployment of what was closed meanwhile", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", {}, { provisioningState: "Deleting" });
    scene.onSleep = () => {
      scene.groups.clear();
      scene.pulls.set(12, { ...pull, state: "closed" });
    };
    expect((await act(scene, pullEvent(pull, "reopened"))).outputs).toMatchObject({ "reason-code": "nothing-there" });
  });

  test("is waited for only so long", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", {}, { provisioningState: "Deleting" });
    const { outputs } = await act(scene, pullEvent(pull, "reopened"), { "deletion-wait": "10m" });
    expect(outputs).toMatchObject({ decision: "wait", "reason-code": "deleting" });
    expect(scene.now).toEqual(after(10));
    expect(scene.checks.get(HEAD)?.title).toBe("waits for a deletion");
  });

  test("ends with the job", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", {}, { provisioningState: "Deleting" });
    scene.onSleep = () => scene.cancel();
    await expect(act(scene, pullEvent(pull, "reopened"))).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("the end", () => {
  test("of a closed pull request's environment is brought forward, so that the reaper finishes what is left", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed", merged: true });
    addGroup(scene, "pr-12");
    addGroup(scene, "pr-12", { "expires-at": "2026-11-22T05:00:00Z" }, { name: "past" });
    addGroup(scene, "pr-12", {}, { name: "going", provisioningState: "Deleting" });
    addNamespace(scene, "pr-12");
    const { outputs } = await act(scene, pullEvent(pull, "closed"));
    expect(outputs).toMatchObject({ decision: "destroy", "expires-at": "2026-11-22T06:00:00Z" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T06:00:00Z");
    expect(endOf(scene, "past")).toBe("2026-11-22T05:00:00Z");
    expect(endOf(scene, "going")).toBe("2026-11-22T09:00:00Z");
    expect(scene.namespaces.get("pr-12")?.annotations["expires-at"]).toBe("2026-11-22T06:00:00Z");
    expect(stateOf(scene.comments.get(12))?.phase).toBe("destroying");
  });

  test("comes although its date cannot be moved, and says that the reaper comes later", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addGroup(scene, "pr-12");
    scene.faults.set("mergeTags", armDown);
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("destroy");
    expect(scene.warnings.join()).toContain("could not be brought forward");
  });

  test("does not come while ARM is silent: nothing is touched, and the run fails with ARM's reason", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addGroup(scene, "pr-12");
    scene.faults.set("listByTag", armDown);
    const { outputs, failure } = await act(scene, pullEvent(pull, "closed"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "unseen" });
    expect(failure).toMatchObject({ code: "arm-unreachable" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });

  test("does not come while the cluster is silent, although ARM has shown the group", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addGroup(scene, "pr-12");
    addNamespace(scene, "pr-12");
    scene.faults.set("namespaces.list", new Error("connection refused"));
    const { outputs, failure } = await act(scene, pullEvent(pull, "closed"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "unseen" });
    expect(failure).toMatchObject({ code: "preview-unseen", message: expect.stringContaining("connection refused") });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });

  test("of a namespace that stands alone comes as well", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addNamespace(scene, "pr-12");
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("destroy");
  });

  test("is left to a person where a part is pinned, and the comment says so", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addGroup(scene, "pr-12", { "auto-destroy": "false" });
    expect((await act(scene, pullEvent(pull, "closed"))).outputs).toMatchObject({ "reason-code": "pinned" });
    expect(scene.comments.get(12)).toContain("auto");
    const { outputs } = await act(scene, commentEvent(12, "/destroy"), { asked: "destroy" });
    expect(outputs["decision"]).toBe("destroy");
  });

  test("that nobody told of is told of when nothing stands any more", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    await act(scene, pullEvent(pull, "opened"));
    scene.pulls.set(12, { ...pull, state: "closed" });
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("destroy");
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("keep");
    expect(stateOf(scene.comments.get(12))?.phase).toBe("destroyed");
    const count = scene.written.length;
    await act(scene, pullEvent(pull, "closed"));
    expect(scene.written).toHaveLength(count);
  });

  test("is all that a run looks for that may only destroy", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"), { "only-destroy": "true" });
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "not-about-previews" });
    expect(scene.written).toEqual([]);
    expect(scene.checks.size).toBe(0);
  });
});

describe("a namespace in a shared cluster", () => {
  const noted = renderState({ ...NO_STATE, phase: "ready", cluster: "aks-shared", namespace: "shop-pr-12" });

  test.each([
    ["alone", false],
    ["beside a group", true],
  ])("%s is not called gone, and nothing is destroyed, where no cluster was given", async (_, grouped) => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    scene.comments.set(12, noted);
    if (grouped) addGroup(scene, "pr-12");
    const { outputs, failure } = await act(scene, pullEvent(pull, "closed"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "unseen" });
    expect(failure).toMatchObject({ code: "preview-unseen" });
    if (grouped) expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
    const body = scene.comments.get(12) ?? "";
    expect(body).toContain("`pr-12` is not gone");
    expect(body).toContain("give the input cluster");
    expect(stateOf(body)).toMatchObject({ phase: "not-gone", cluster: "aks-shared", namespace: "shop-pr-12" });
  });

  test("is looked for where a cluster was given, and forgotten once it is gone", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    scene.comments.set(12, noted);
    addNamespace(scene, "pr-12");
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("destroy");
    expect(stateOf(scene.comments.get(12))?.namespace).toBe("shop-pr-12");
    scene.namespaces.clear();
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["reason-code"]).toBe("nothing-there");
    expect(stateOf(scene.comments.get(12))).toMatchObject({ phase: "destroyed", namespace: undefined });
  });
});

describe("the comment on a pull request of which nothing stands", () => {
  test.each([{ merged: true }, { merged: false }])("offers no deployment of what is closed (%o)", async (change) => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed", ...change });
    scene.comments.set(12, renderState({ ...NO_STATE, phase: "destroying" }));
    await act(scene, pullEvent(pull, "closed"));
    expect(scene.comments.get(12)).toContain("is gone");
    expect(scene.comments.get(12)).not.toContain("`/preview`");
  });
});
