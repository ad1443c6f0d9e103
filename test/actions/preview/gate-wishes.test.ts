import { describe, expect, test } from "@jest/globals";
import { parseState } from "../../../src/preview/comment-state.ts";
import {
  act,
  addGroup,
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

const stateOf = (body: string | undefined) => parseState(body ?? "");

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

  test("for it, heard after a push only, is not lost to an older wish for its end", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    const at = (minutes: number) => ({ comment: { id: 77, created_at: after(minutes).toISOString() } });
    scene.now = after(1);
    await act(scene, commentEvent(12, "/destroy", "octo", at(1)), { asked: "destroy" });
    const push = { ...pull, headSha: OLD };
    scene.pulls.set(12, push);
    scene.now = after(3);
    const asked = { asked: "deploy", "head-sha": pull.headSha };
    const late = await act(scene, commentEvent(12, "/preview", "octo", at(2)), asked);
    expect(late.outputs).toMatchObject({ decision: "keep", "reason-code": "superseded" });
    const { outputs } = await act(scene, pullEvent(push, "synchronize"));
    expect(outputs).toMatchObject({ decision: "create" });
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
