import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/preview/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { parseState } from "../../../src/preview/comment-state.ts";
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
  inputs,
  OLD,
  pullEvent,
  shaOf,
} from "./scene.ts";

const armDown = new UserError("arm-unreachable", "ARM is silent");
const forbidden = new UserError("github-permission", 'The token needs the permission "checks: write".');
const stateOf = (body: string | undefined) => parseState(body ?? "");

describe("a new pull request", () => {
  test("gets an environment, a comment that says so, and a check that takes its place", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    const { outputs, failure } = await act(scene, pullEvent(pull, "opened"), { ttl: "8h" });
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({
      decision: "create",
      "reason-code": "new",
      "pull-request": 12,
      environment: "pr-12",
      "head-sha": HEAD,
      ref: "",
      trusted: true,
      "expires-at": "2026-11-22T14:00:00Z",
      "comment-url": "https://github.com/c/12",
    });
    expect(scene.comments.get(12)).toMatch(/^<!-- mayfly:preview:pr-12 -->\n/);
    expect(stateOf(scene.comments.get(12))).toMatchObject({ phase: "deploying", headSha: HEAD });
    expect(scene.checks.get(HEAD)).toMatchObject({ conclusion: "neutral", title: "started" });
  });

  test("is checked out by its commit where the event is none of its own", async () => {
    const scene = createScene();
    addPull(scene, 12);
    const event = commentEvent(12, "/preview");
    expect((await act(scene, event, { asked: "deploy" })).outputs).toMatchObject({ decision: "create", ref: HEAD });
    const dispatch = { name: "workflow_dispatch", payload: { inputs: {} } };
    expect((await act(scene, dispatch, { "pull-request": "12" })).outputs).toMatchObject({ ref: HEAD });
  });

  test("is asked of the API, whatever the event says of it", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    scene.pulls.set(12, { ...pull, state: "closed" });
    addGroup(scene, "pr-12");
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"));
    expect(outputs).toMatchObject({ decision: "destroy", "reason-code": "closed" });
  });

  test("takes a hostile branch and title without a word of them getting out", async () => {
    const scene = createScene();
    const evil = "$(touch /tmp/x)`;\n::set-output name=decision::destroy --> <!-- mayfly:preview:pr-12 -->";
    const pull = addPull(scene, 12, { title: evil, headRef: evil, labels: [evil] });
    const { outputs } = await act(scene, pullEvent(pull, "opened", { label: { name: evil } }));
    expect(outputs["decision"]).toBe("create");
    expect(JSON.stringify([outputs, scene.lines, scene.comments.get(12), scene.summaries])).not.toContain("touch");
  });
});

describe("what stands", () => {
  test("is given more time before anything is built: every part that the reaper would take, and no other", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", { "mayfly-head-sha": OLD });
    addGroup(scene, "pr-12", { "expires-at": "2026-11-30T00:00:00Z" }, { name: "later" });
    addGroup(scene, "pr-12", { "auto-destroy": "false" }, { name: "pinned" });
    addGroup(scene, "pr-120", {});
    addNamespace(scene, "pr-12");
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"), { ttl: "8h", "max-ttl": "6h" });
    expect(outputs).toMatchObject({ decision: "update", "expires-at": "2026-11-30T00:00:00Z" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-30T00:00:00Z");
    expect(endOf(scene, "later")).toBe("2026-11-30T00:00:00Z");
    expect(endOf(scene, "pinned")).toBe("2026-11-22T09:00:00Z");
    expect(endOf(scene, "mayfly-pr-120")).toBe("2026-11-22T09:00:00Z");
    expect(scene.namespaces.get("pr-12")?.annotations["expires-at"]).toBe("2026-11-30T00:00:00Z");
  });

  test("is not deployed to when its end cannot be moved", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12");
    scene.faults.set("mergeTags", new UserError("arm-denied", "no right to tag"));
    await expect(act(scene, pullEvent(pull, "synchronize"))).rejects.toMatchObject({ code: "arm-denied" });
    expect(scene.written).toEqual([]);
  });

  test("is waited for when the reaper has begun in the moment before", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", { "expires-at": "2026-11-22T06:01:00Z" });
    let looks = 0;
    scene.onLook = () => {
      looks += 1;
      if (looks === 2) addGroup(scene, "pr-12", {}, { provisioningState: "Deleting" });
    };
    scene.onSleep = () => void scene.groups.clear();
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"));
    expect(outputs).toMatchObject({ decision: "create" });
  });

  test("without a mark of the reaper's is deployed to as it is", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12);
    addGroup(scene, "pr-12", { "auto-destroy": "false", "expires-at": "never" });
    const { outputs } = await act(scene, pullEvent(pull, "synchronize"));
    expect(outputs).toMatchObject({ decision: "update" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("never");
  });

  test.each([
    ["of another repository", { "mayfly-repository-id": "4712" }],
    ["without a repository", { "mayfly-repository-id": "" }],
    ["of another environment", { "mayfly-environment": "pr-121" }],
    ["with an environment in another case", { "mayfly-environment": "PR-12" }],
    ["with the tag twice", { "Mayfly-Environment": "pr-13" }],
    ["with the repository twice", { "MAYFLY-REPOSITORY-ID": "4711" }],
  ])("%s is not ours, and survives the close", async (_, tags) => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addGroup(scene, "pr-12", tags);
    const { outputs } = await act(scene, pullEvent(pull, "closed"));
    expect(outputs).toMatchObject({ decision: "keep", "reason-code": "nothing-there" });
    expect(endOf(scene, "mayfly-pr-12")).toBe("2026-11-22T09:00:00Z");
  });

  test("that a service manages goes with what made it", async () => {
    const scene = createScene();
    const pull = addPull(scene, 12, { state: "closed" });
    addGroup(scene, "pr-12", {}, { managedBy: "/subscriptions/s/managedClusters/c" });
    expect((await act(scene, pullEvent(pull, "closed"))).outputs["decision"]).toBe("keep");
  });
});

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

describe("a wish by a person", () => {
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
