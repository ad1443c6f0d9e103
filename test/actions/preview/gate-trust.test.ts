import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { act, addGroup, addPull, commentEvent, createScene, endOf, HEAD, OLD, pullEvent } from "./scene.ts";

const forbidden = new UserError("github-permission", 'The token needs the permission "checks: write".');

describe("a pull request of a fork", () => {
  const fork = { headRepository: "stranger/shop", author: "stranger" };

  test("waits without a login, and its token that only reads is no fault", async () => {
    const scene = createScene();
    scene.hasLogin = false;
    scene.faults.set("comments.write", forbidden).set("checks.write", forbidden);
    const pull = addPull(scene, 12, fork);
    const { outputs, failure } = await act(scene, pullEvent(pull, "opened"));
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ decision: "wait", "reason-code": "foreign", trusted: false, ref: "" });
    expect(outputs["reason"]).toContain(`/preview ${HEAD}`);
    expect(scene.summaries.join()).toContain(HEAD);
    expect(scene.warnings).toEqual([]);
  });

  test("gets the approved commit and no other, also when it is pushed to meanwhile", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, fork);
    const given = { asked: "deploy", "approved-sha": HEAD, "head-sha": HEAD };
    const event = commentEvent(12, `/preview ${HEAD}`);
    expect((await act(scene, event, given)).outputs).toMatchObject({ decision: "create", trusted: false, ref: HEAD });
    scene.pulls.set(12, { ...pull, headSha: OLD });
    expect((await act(scene, event, given)).outputs["decision"]).toBe("keep");
    expect((await act(scene, event, { asked: "deploy", "approved-sha": HEAD })).outputs["decision"]).toBe("wait");
  });

  test("that was approved waits again after a push, and keeps what stands", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, fork);
    addGroup(scene, "pr-12", { "mayfly-head-sha": OLD });
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"));
    expect(outputs["decision"]).toBe("wait");
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });
});

describe("labels and drafts", () => {
  const label = { label: "Preview" };

  test("a label in another case counts, and its going destroys", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { labels: ["preview"] });
    addGroup(scene, "pr-12");
    const unrelated = pullEvent(pull, "unlabeled", { label: { name: "docs" } });
    expect((await act(scene, unrelated, label)).outputs).toMatchObject({
      decision: "keep",
      "reason-code": "up-to-date",
    });
    scene.pulls.set(12, { ...pull, labels: ["docs"] });
    const gone = pullEvent(pull, "unlabeled", { label: { name: "preview" } });
    expect((await act(scene, gone, label)).outputs).toMatchObject({
      decision: "destroy",
      "reason-code": "label-missing",
    });
  });

  test("an event of the label's going comes too late when the label is back", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { labels: ["preview"] });
    addGroup(scene, "pr-12");
    const { outputs } = await act(scene, pullEvent(pull, "unlabeled", { label: { name: "preview" } }), label);
    expect(outputs["decision"]).toBe("keep");
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });

  test("another label starts nothing and says nothing; the right one does", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { labels: ["docs", "preview"] });
    const docs = await act(scene, pullEvent(pull, "labeled", { label: { name: "docs" } }), label);
    expect(docs.outputs).toMatchObject({ decision: "keep", "reason-code": "not-about-previews" });
    expect([scene.written.length, scene.checks.size]).toEqual([0, 0]);
    const right = await act(scene, pullEvent(pull, "labeled", { label: { name: "preview" } }), label);
    expect(right.outputs["decision"]).toBe("create");
  });

  test("a draft waits for its review without a comment", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { draft: true });
    const given = { drafts: "false" };
    expect((await act(scene, pullEvent(pull, "opened"), given)).outputs).toMatchObject({ "reason-code": "draft" });
    expect(scene.written).toEqual([]);
    expect(scene.checks.get(HEAD)?.title).toBe("drafts get no preview");
    scene.pulls.set(12, { ...pull, draft: false });
    expect((await act(scene, pullEvent(pull, "ready_for_review"), given)).outputs["decision"]).toBe("create");
  });
});

describe("a run that comes late", () => {
  test("leaves a newer commit to its own run, and marks its own as superseded", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { headSha: OLD });
    const event = pullEvent(pull, "synchronize");
    scene.pulls.set(12, { ...pull, headSha: HEAD });
    const { outputs, failure } = await act(scene, event);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "superseded", "head-sha": HEAD });
    expect(scene.checks.get(OLD)).toMatchObject({ conclusion: "neutral", title: "superseded by a newer commit" });
    expect(scene.checks.has(HEAD)).toBe(false);
    expect(scene.written).toEqual([]);
  });

  test("goes by the commit that it was given, where the event has none", async () => {
    const scene = createScene();
    addPull(scene, 12);
    const event = commentEvent(12, "/redeploy");
    const given = { asked: "deploy", "head-sha": OLD };
    expect((await act(scene, event, given)).outputs).toMatchObject({ "reason-code": "superseded" });
  });
});
