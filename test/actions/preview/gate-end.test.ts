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
  OLD,
  pullEvent,
  shaOf,
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

describe("a wish by a person", () => {
  test.each([
    ["a command", "deploy"],
    ["the reopened pull request", undefined],
  ])("for its end yields to a newer wish by %s, also where its run comes later", async (_, asked) => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12");
    scene.now = after(10);
    const at = (minutes: number) => ({ id: 77, created_at: after(minutes).toISOString() });
    const comment = (text: string, minutes: number) => commentEvent(12, text, "octo", { comment: at(minutes) });
    const wish =
      asked === undefined
        ? {
            name: "pull_request",
            payload: {
              action: "reopened",
              pull_request: { number: 12, head: { sha: pull.headSha }, updated_at: after(2).toISOString() },
            },
          }
        : comment("/preview", 2);
    await act(scene, wish, asked === undefined ? {} : { asked });
    const body = scene.comments.get(12);
    const check = scene.checks.get(HEAD);
    const old = await act(scene, comment("/destroy", 1), { asked: "destroy", "only-destroy": "true" });
    expect(old.outputs).toMatchObject({ decision: "keep", "reason-code": "wanted-again" });
    expect(scene.comments.get(12)).toBe(body);
    expect(scene.checks.get(HEAD)).toBe(check);
    expect(endOf(scene, "mayfly-pr-12")).not.toBe(after(10).toISOString().replace(".000", ""));
    const newer = await act(scene, comment("/destroy", 3), { asked: "destroy", "only-destroy": "true" });
    expect(newer.outputs).toMatchObject({ decision: "destroy", "reason-code": "asked" });
  });

  test("for its end holds over pushes and runs that are started again, until it is wished back", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12");
    const gone = await act(scene, commentEvent(12, "/destroy"), { asked: "destroy" });
    expect(gone.outputs).toMatchObject({ decision: "destroy", "reason-code": "asked" });
    scene.groups.clear();
    const push = { ...pull, headSha: OLD };
    scene.pulls.set(12, push);
    for (const event of [pullEvent(push, "synchronize"), { ...pullEvent(push, "synchronize"), attempt: 2 }]) {
      const { outputs } = await act(scene, event);
      expect(outputs).toMatchObject({ decision: "keep", "reason-code": "destroyed-on-demand" });
    }
    const back = await act(scene, commentEvent(12, "/preview"), { asked: "deploy" });
    expect(back.outputs).toMatchObject({ decision: "create" });
    expect(stateOf(scene.comments.get(12))?.destroyAskedAt).toBeUndefined();
    expect((await act(scene, pullEvent(push, "synchronize"))).outputs["decision"]).toBe("create");
  });

  test("for its end is finished by the next event where the teardown failed half-way", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12");
    await act(scene, commentEvent(12, "/destroy"), { asked: "destroy" });
    scene.now = after(1);
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"));
    expect(outputs).toMatchObject({ decision: "destroy", "reason-code": "asked" });
  });

  test("for its end takes it out of the queue", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addPull(scene, 1, { headSha: shaOf(1) });
    addGroup(scene, "pr-1");
    await act(scene, pullEvent(pull, "opened"), { "max-previews": "1" });
    expect(scene.checks.get(HEAD)?.externalId).toMatch(/^mayfly-queued:/);
    await act(scene, commentEvent(12, "/destroy"), { asked: "destroy" });
    expect(scene.checks.get(HEAD)?.externalId).toBe("");
  });

  test("is answered in the comment also where nothing is done", async () => {
    const scene = createScene();
    addPull(scene, 12, { state: "closed" });
    const { outputs } = await act(scene, commentEvent(12, "/preview"), { asked: "deploy" });
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "nothing-there" });
    expect(scene.comments.get(12)).toBeDefined();
  });
});

describe("of two wishes the later one counts, whichever run comes first", () => {
  const at = (minutes: number) => ({
    comment: { id: 77, body: "", user: { login: "octo" }, created_at: after(minutes).toISOString() },
  });
  const wanted = { asked: "deploy", "pull-request": "12", "head-sha": HEAD };
  const unwanted = { asked: "destroy", "pull-request": "12", "only-destroy": "true" };

  test("a /destroy while a /preview still builds stays true when its turn comes", async () => {
    const scene = createScene();
    addPull(scene, 12);
    const preview = commentEvent(12, "", "octo", at(-2));
    expect((await act(scene, preview, wanted)).outputs["decision"]).toBe("create");
    expect((await act(scene, commentEvent(12, "", "octo", at(-1)), unwanted)).outputs["decision"]).toBe("destroy");
    expect((await act(scene, preview, wanted)).outputs).toMatchObject({
      decision: "keep",
      "reason-code": "destroyed-on-demand",
    });
    expect((await act(scene, { ...preview, attempt: 2 }, wanted)).outputs["decision"]).toBe("create");
  });

  test("nor does a pull request that was reopened before it come back", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    const { payload, ...event } = pullEvent(pull, "reopened");
    const reopened = {
      ...event,
      payload: {
        ...(payload as object),
        pull_request: { number: 12, head: { sha: HEAD }, updated_at: after(-2).toISOString() },
      },
    };
    expect((await act(scene, reopened)).outputs["decision"]).toBe("create");
    await act(scene, commentEvent(12, "", "octo", at(-1)), unwanted);
    expect((await act(scene, reopened, { "head-sha": HEAD })).outputs["decision"]).toBe("keep");
  });

  test("a /preview after it brings it back, also where the /destroy was slower to run", async () => {
    const scene = createScene();
    addPull(scene, 12);
    addGroup(scene, "pr-12");
    await act(scene, commentEvent(12, "", "octo", at(-2)), unwanted);
    expect((await act(scene, commentEvent(12, "", "octo", at(-1)), wanted)).outputs["decision"]).toBe("update");
  });
});
