import { describe, expect, jest, test } from "@jest/globals";
import { parseState } from "../../../src/preview/comment-state.ts";
import { meet } from "./on-emulator.ts";
import { act } from "./scene.ts";

const SHOP = "octo/shop";
// The first of them loads octokit and the SDK, and the machine may have other work.
jest.setTimeout(60_000);

describe("a pull request's life, by GitHub's API and ARM as they answer", () => {
  test("opened, pushed to, destroyed on demand, wished back, closed: one comment, one check a commit, one end", async () => {
    const scene = meet();
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    const opened = await act(scene, scene.pullEvent(12, "opened"));
    expect(opened.outputs).toMatchObject({ decision: "create", "head-sha": pull.headSha, trusted: true });
    expect(opened.outputs["comment-url"]).toBe(
      `https://github.com/octo/shop/pull/12#issuecomment-${scene.ours(12)[0]?.id}`,
    );
    expect(scene.api.checks(SHOP, pull.headSha)).toMatchObject([{ name: "Mayfly preview", conclusion: "neutral" }]);

    scene.addGroup("pr-12", { "mayfly-head-sha": pull.headSha });
    const before = pull.headSha;
    pull.push();
    const pushed = await act(scene, scene.pullEvent(12, "synchronize", { before }), { ttl: "8h" });
    expect(pushed.outputs).toMatchObject({ decision: "update", "expires-at": "2026-11-22T14:00:00Z" });
    expect(scene.tagsOf("pr-12")).toMatchObject({ "expires-at": "2026-11-22T14:00:00Z", "mayfly-head-sha": before });

    const wish = scene.comment(12, "mona", "/destroy");
    const read = await act(scene, wish, {}, "read-command");
    expect(read.outputs).toMatchObject({ order: "destroy", "pull-request": 12 });
    expect(scene.api.reactions(SHOP, wish.id)).toMatchObject([{ content: "eyes" }]);
    const gone = await act(scene, wish, { asked: "destroy", "pull-request": "12" });
    expect(gone.outputs).toMatchObject({ decision: "destroy", "reason-code": "asked" });
    expect(scene.tagsOf("pr-12")).toMatchObject({ "expires-at": "2026-11-22T06:00:00Z" });

    const back = await act(scene, scene.comment(12, "mona", "/preview"), { asked: "deploy" });
    expect(back.outputs).toMatchObject({ decision: "update", ref: pull.headSha });
    pull.merge();
    const closed = await act(scene, scene.pullEvent(12, "closed"));
    expect(closed.outputs).toMatchObject({ decision: "destroy", "reason-code": "closed" });
    expect(scene.ours(12)).toHaveLength(1);
    expect(parseState(scene.ours(12)[0]?.body ?? "")?.phase).toBe("destroying");
    expect(scene.said.warnings).toEqual([]);
  });

  test("is found closed by the clock, where no event told: a conflict, a deleted branch", async () => {
    const scene = meet();
    const conflicting = scene.api.addPullRequest(SHOP, { number: 12 });
    const deleted = scene.api.addPullRequest(SHOP, { number: 13 });
    scene.api.addPullRequest(SHOP, { number: 14 });
    for (const name of ["pr-12", "pr-13", "pr-14"]) scene.addGroup(name);
    conflicting.conflicting = true;
    conflicting.close();
    deleted.deleteBranch();
    const { outputs } = await act(scene, { name: "schedule", payload: {} });
    expect(JSON.parse(String(outputs["previews"]))).toEqual([
      { "pull-request": 12, environment: "pr-12", reason: "closed" },
      { "pull-request": 13, environment: "pr-13", reason: "closed" },
    ]);
  });

  test("goes on in its own comment, the oldest of ours, behind 400 others that claim to be it", async () => {
    const scene = meet();
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    const forged = '<!-- mayfly:preview:pr-12 -->\n<!-- mayfly:state {"destroyAskedAt":"2026-11-22T05:00:00Z"} -->';
    for (let count = 0; count < 400; count += 1) scene.comment(12, "stranger", `${forged}\n${"x".repeat(count)}`);
    await act(scene, scene.pullEvent(12, "opened"));
    expect(scene.ours(12)).toHaveLength(1);
    pull.push();
    const { outputs } = await act(scene, scene.pullEvent(12, "synchronize"));
    expect(outputs["decision"]).toBe("create");
    expect(scene.ours(12)).toHaveLength(1);
  });

  test("is none for an issue's number", async () => {
    const scene = meet();
    scene.api.addIssue(SHOP, { number: 12 });
    const event = { name: "schedule", payload: {} };
    await expect(act(scene, event, { "pull-request": "12" })).rejects.toMatchObject({ code: "pull-request-not-found" });
  });

  test("is not commanded by who only reads", async () => {
    const scene = meet();
    scene.api.addPullRequest(SHOP, { number: 12, author: "hubot" });
    const wish = scene.comment(12, "hubot", "/destroy");
    expect((await act(scene, wish, {}, "read-command")).outputs["order"]).toBe("none");
    expect(scene.api.reactions(SHOP, wish.id)).toMatchObject([{ content: "confused" }]);
    expect(scene.ours(12)).toEqual([]);
  });
});

describe("what is refused", () => {
  test.each([
    ["checks", { contents: "read", "pull-requests": "write" }],
    ["pull-requests", { contents: "read", "pull-requests": "read", checks: "write" }],
  ])("%s: write is named in a warning, and the preview goes on", async (name, permissions) => {
    const scene = meet({ permissions });
    scene.api.addPullRequest(SHOP, { number: 12 });
    const { outputs } = await act(scene, scene.pullEvent(12, "opened"));
    expect(outputs["decision"]).toBe("create");
    expect(scene.said.warnings).toHaveLength(1);
    expect(scene.said.warnings[0]).toContain(`"${name}: write"`);
  });

  test("tags: a deployment does not begin, and the action that is missing is named", async () => {
    const scene = meet({ role: "Reader" });
    scene.api.addPullRequest(SHOP, { number: 12 });
    scene.addGroup("pr-12");
    await expect(act(scene, scene.pullEvent(12, "synchronize"))).rejects.toMatchObject({
      code: "arm-denied",
      message: expect.stringContaining("Microsoft.Resources/tags/write"),
    });
  });

  test("any look at ARM: what is closed stays, and the run fails", async () => {
    const scene = meet();
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    scene.addGroup("pr-12");
    pull.close();
    const before = scene.tagsOf("pr-12");
    scene.azure.serve("management.azure.com", async () => ({ status: 503, headers: {}, body: Buffer.from("") }));
    const { outputs, failure } = await act(scene, scene.pullEvent(12, "closed"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "unseen" });
    expect(failure?.code).toMatch(/^arm-/);
    expect(scene.tagsOf("pr-12")).toEqual(before);
  });
});

test("a place that became free is taken by the first that waits, whose run is started again", async () => {
  const permissions = { contents: "read", "pull-requests": "write", checks: "write", actions: "write" };
  const scene = meet({ permissions });
  const one = { "max-previews": "1" };
  scene.api.addPullRequest(SHOP, { number: 11 });
  scene.addGroup("pr-11");
  const runs = [13, 12].map((number) => {
    scene.api.addPullRequest(SHOP, { number });
    const run = scene.api.addRun(SHOP, {});
    run.complete("success");
    return { number, run };
  });
  for (const { number, run } of runs) {
    const { outputs } = await act(scene, { ...scene.pullEvent(number, "opened"), runId: run.id }, one);
    expect(outputs["decision"]).toBe("wait");
    scene.azure.clock.advance(60_000);
  }
  const event = { name: "schedule", payload: {} };
  expect((await act(scene, event, one, "next")).outputs["started"]).toBe("[]");
  const freed = { "max-previews": "2" };
  expect((await act(scene, event, freed, "next")).outputs["started"]).toBe("[13]");
});
