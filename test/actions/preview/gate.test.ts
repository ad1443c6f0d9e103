import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { parseState } from "../../../src/preview/comment-state.ts";
import {
  act,
  addGroup,
  addNamespace,
  addPull,
  commentEvent,
  createScene,
  endOf,
  HEAD,
  OLD,
  pullEvent,
} from "./scene.ts";

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
    const evil = "$(touch x)`;\n::set-output name=decision::destroy --> <!-- mayfly:preview:pr-12 -->";
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
