import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { parseState } from "../../../src/preview/comment-state.ts";
import { act, addPull, commentEvent, createScene, type Event, HEAD, OLD, pullEvent } from "./scene.ts";

function stage() {
  const scene = createScene();
  addPull(scene, 12);
  const read = (event: Event) => act(scene, event, {}, "read-command");
  return { scene, read };
}

const SHOWN = "<!-- mayfly:preview:pr-12 -->\n## Ready\nsmoke table";

describe("a command", () => {
  test.each<readonly [string, object]>([
    ["/preview", { order: "deploy", "approved-sha": "" }],
    ["/redeploy", { order: "deploy", "approved-sha": "" }],
    [`/preview ${OLD.toUpperCase()}`, { order: "deploy", "approved-sha": OLD }],
    ["/destroy\r\nthanks", { order: "destroy" }],
    ["/extend 24h", { order: "extend", span: "24h" }],
  ])("%j by somebody with write access is taken, and answered with eyes", async (body, expected) => {
    const { scene, read } = stage();
    const { outputs } = await read(commentEvent(12, body));
    const about = { "pull-request": 12, environment: "pr-12", "head-sha": HEAD };
    expect(outputs).toMatchObject({ ...expected, ...about });
    expect(scene.reactions).toEqual([{ commentId: 77, reaction: "eyes" }]);
    expect(scene.written).toEqual([]);
  });

  test.each(["admin", "maintain", "write"] as const)("is for who has %s", async (role) => {
    const { scene, read } = stage();
    scene.roles.set("mona", role);
    expect((await read(commentEvent(12, "/destroy", "mona"))).outputs["order"]).toBe("destroy");
  });

  test.each(["triage", "read", "none"] as const)(
    "is not for who has %s, and the comment is left alone",
    async (role) => {
      const { scene, read } = stage();
      scene.roles.set("mona", role);
      scene.comments.set(12, SHOWN);
      const { outputs, failure } = await read(commentEvent(12, "/destroy", "mona"));
      expect(failure).toBeUndefined();
      expect(outputs).toMatchObject({ order: "none", reason: expect.stringContaining("write access") });
      expect(scene.reactions).toEqual([{ commentId: 77, reaction: "confused" }]);
      expect(scene.comments.get(12)).toBe(SHOWN);
    },
  );

  test("is not for the author of the pull request alone", async () => {
    const { scene, read } = stage();
    addPull(scene, 12, { author: "stranger", headRepository: "stranger/shop" });
    const event = commentEvent(12, `/preview ${HEAD}`, "stranger");
    expect((await read(event)).outputs["order"]).toBe("none");
  });

  test("is not obeyed while nobody knows who may", async () => {
    const { scene, read } = stage();
    scene.faults.set("roles.find", new UserError("github-unreachable", "silent"));
    await expect(read(commentEvent(12, "/destroy"))).rejects.toMatchObject({ code: "github-unreachable" });
    expect(scene.reactions).toEqual([]);
  });

  test("is obeyed although the answer fails", async () => {
    const { scene, read } = stage();
    scene.faults.set("reactions.add", new UserError("github-permission", "pull-requests: write"));
    expect((await read(commentEvent(12, "/destroy"))).outputs["order"]).toBe("destroy");
    expect(scene.lines.join()).toContain("pull-requests: write");
  });
});

describe("a command that is not understood", () => {
  test("is said to be so in the comment, which keeps all else", async () => {
    const { scene, read } = stage();
    scene.comments.set(12, SHOWN);
    const { outputs } = await read(commentEvent(12, "/extend soon"));
    expect(outputs["order"]).toBe("none");
    expect(scene.reactions).toEqual([{ commentId: 77, reaction: "confused" }]);
    expect(scene.comments.get(12)).toContain("smoke table");
    expect(scene.comments.get(12)).toContain("takes one span");
    await read(commentEvent(12, "/destroy everything"));
    expect(scene.comments.get(12)).toMatch(/smoke table.*takes nothing else/s);
    expect(scene.comments.get(12)).not.toContain("takes one span");
  });

  test("is answered where there is no comment yet, and leaves the state empty", async () => {
    const { scene, read } = stage();
    await read(commentEvent(12, "/preview abc"));
    const body = scene.comments.get(12) ?? "";
    expect(body).toContain("40 digits");
    expect(parseState(body)).toMatchObject({ phase: undefined, destroyAskedAt: undefined });
  });

  test("repeats nothing of what it holds", async () => {
    const { scene, read } = stage();
    const evil = "::error::x <img src=x> @octo";
    const { outputs } = await read(commentEvent(12, `/destroy ${evil}`));
    expect(JSON.stringify([outputs, scene.lines, [...scene.comments.values()]])).not.toContain("img");
  });
});

describe("a comment that is none of ours stays unanswered", () => {
  test.each<readonly [string, Event]>([
    ["talk", commentEvent(12, "Looks good")],
    ["a quote", commentEvent(12, "> /destroy")],
    ["another's command", commentEvent(12, "/azp run")],
    ["65 kB", commentEvent(12, "x".repeat(65_000))],
    [
      "one on an issue",
      {
        name: "issue_comment",
        payload: {
          action: "created",
          issue: { number: 12 },
          comment: { id: 1, body: "/destroy", user: { login: "octo" } },
        },
      },
    ],
    ["one that was edited", commentEvent(12, "/destroy", "octo", { action: "edited" })],
    ["one that was deleted", commentEvent(12, "/destroy", "octo", { action: "deleted" })],
    ["one by nobody", commentEvent(12, "/destroy", "octo", { comment: { id: 1, body: "/destroy", user: null } })],
    ["an event that nobody can read", { name: "issue_comment", payload: undefined }],
  ])("%s", async (_, event) => {
    const { scene, read } = stage();
    const { outputs, failure } = await read(event);
    expect(failure).toBeUndefined();
    expect(outputs["order"]).toBe("none");
    expect([scene.reactions, scene.written]).toEqual([[], []]);
  });
});

test("another event than a comment is a mistake of the workflow's", async () => {
  const { scene, read } = stage();
  const pull = addPull(scene, 12);
  await expect(read(pullEvent(pull, "opened"))).rejects.toMatchObject({ code: "event-not-a-comment" });
});
