import { describe, expect, jest, test } from "@jest/globals";
import { run } from "../../../src/actions/preview/run.ts";
import { spec } from "../../../src/actions/preview/spec.ts";
import { inputVariable, readInputs } from "../../../src/kit/read-inputs.ts";
import { meet } from "./on-emulator.ts";
import type { Event } from "./scene.ts";

const SHOP = "octo/shop";
const BY_HAND: Event = { name: "workflow_dispatch", payload: {} };
type Scene = ReturnType<typeof meet>;
// The first of them loads octokit and the SDK, and the machine may have other work.
jest.setTimeout(60_000);

/** One job's step: a command on pull request 12. */
async function play(scene: Scene, inputs: Readonly<Record<string, string>>) {
  const given = { "github-token": "x", "pull-request": "12", ...inputs };
  const environment = Object.fromEntries(Object.entries(given).map(([name, value]) => [inputVariable(name), value]));
  const world = { ...scene.world(BY_HAND), writePreview: async () => "/home/runner/work/_temp/preview.json" };
  return run(
    readInputs(spec, environment, () => undefined),
    world,
  );
}

const deployedOf = (url: string) => ({
  outcome: "success",
  deployment: JSON.stringify({ url, environment: "pr-12", release: "shop", status: "deployed" }),
});
const statesOf = ({ api }: Scene) => api.deployments(SHOP).map(({ task, sha, states }) => [task, sha, states.at(-1)]);

describe("a preview's story, by GitHub's API and ARM as they answer", () => {
  test("deployed twice, extended, destroyed by its tags, and proven gone", async () => {
    const scene = meet();
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    scene.addGroup("pr-12");
    scene.addGroup("pr-13");
    const first = pull.headSha;
    await play(scene, { command: "report", "head-sha": first, ...deployedOf("https://one.example") });
    expect(scene.ours(12)).toMatchObject([{ body: expect.stringContaining("[one.example](<https://one.example/>)") }]);
    expect(statesOf(scene)).toEqual([["mayfly:pr-12", first, "success"]]);
    expect(scene.api.checks(SHOP, first)).toMatchObject([{ name: "Mayfly preview", conclusion: "success" }]);

    pull.push();
    // The run of the older commit is late, and says nothing any more.
    await play(scene, { command: "report", "head-sha": first, outcome: "failure", deployment: "{}" });
    expect(scene.ours(12)[0]?.body).toContain("one.example");
    await play(scene, { command: "report", "head-sha": pull.headSha, ...deployedOf("https://two.example") });
    expect(new Map(statesOf(scene).map(([, sha, state]) => [sha, state]))).toEqual(
      new Map([
        [first, "inactive"],
        [pull.headSha, "success"],
      ]),
    );

    const { outputs } = await play(scene, { command: "extend", span: "24h" });
    expect(outputs["expires-at"]).toBe("2026-11-23T06:00:00Z");
    expect(scene.tagsOf("pr-12")).toMatchObject({ "expires-at": "2026-11-23T06:00:00Z" });
    expect(scene.ours(12)[0]?.body).toContain("Expires **23 Nov 2026, 06:00 UTC**");

    pull.close();
    expect((await play(scene, { command: "gate" })).outputs.decision).toBe("destroy");
    const teardown = JSON.stringify({ "failed-step": "terraform", "error-code": "configuration-missing" });
    const removed = await play(scene, { command: "remove" });
    expect(removed.failure).toBeUndefined();
    expect([scene.tagsOf("pr-12"), scene.tagsOf("pr-13")]).toEqual([undefined, expect.anything()]);
    const needs = JSON.stringify({ remove: { result: "success", outputs: { receipt: removed.outputs.receipt } } });
    const { failure } = await play(scene, { command: "report", teardown, needs });
    expect(failure).toBeUndefined();
    const [comment, ...others] = scene.ours(12);
    expect(others).toEqual([]);
    for (const words of ["`pr-12` is gone", "Resource group mayfly-pr-12 gone", "ARM lists no resource group"]) {
      expect(comment?.body.replaceAll("\\", "")).toContain(words);
    }
    expect(scene.api.deployments(SHOP)).toEqual([]);
    expect(scene.said.warnings).toEqual([]);
  });

  test("has each permission that is missing named, and is told by the others", async () => {
    const scene = meet({ permissions: { contents: "read", "pull-requests": "write" } });
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    const inputs = { command: "report", "head-sha": pull.headSha, ...deployedOf("https://one.example") };
    const { failure } = await play(scene, inputs);
    expect(failure).toBeUndefined();
    expect(scene.ours(12)).toHaveLength(1);
    expect(scene.said.warnings.join("\n")).toMatch(/deployments: write[\s\S]*checks: write/);
  });

  test("is not told to be gone while its group is locked", async () => {
    const scene = meet();
    scene.api.addPullRequest(SHOP, { number: 12 }).close();
    scene.addGroup("pr-12");
    const scope = `/subscriptions/${scene.team.subscriptionId}/resourceGroups/mayfly-pr-12`;
    scene.azure.arm.addLock(scope, { name: "keep", level: "CanNotDelete" });
    await play(scene, { command: "gate" });
    await expect(play(scene, { command: "remove" })).rejects.toMatchObject({ code: "preview-not-gone" });
    const { failure } = await play(scene, { command: "report", teardown: "{}" });
    expect(failure).toMatchObject({ code: "preview-not-gone", message: expect.stringContaining("az lock list") });
    expect(scene.tagsOf("pr-12")).toBeDefined();
  });

  test("is left to the teardown where the pull request was closed while it was deployed", async () => {
    const scene = meet();
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    scene.addGroup("pr-12");
    const told = { command: "report", "only-destroy": "true", "head-sha": pull.headSha, ...deployedOf("https://a.io") };
    const { outputs } = await play(scene, told);
    expect([outputs.decision, scene.api.deployments(SHOP).length]).toEqual([undefined, 1]);
    expect(outputs["preview-path"]).toBeDefined();

    pull.close();
    const [before] = scene.ours(12);
    const closed = await play(scene, told);
    expect(closed.outputs).toMatchObject({ decision: "destroy", "reason-code": "closed", environment: "pr-12" });
    expect(closed.outputs["preview-path"]).toBeUndefined();
    expect(scene.ours(12)[0]?.body).not.toBe(before?.body);
    expect(scene.tagsOf("pr-12")).toMatchObject({ "expires-at": "2026-11-22T06:00:00Z" });
  });

  test("is told all the same where nobody can look once more, and the step fails", async () => {
    const scene = meet();
    const pull = scene.api.addPullRequest(SHOP, { number: 12 });
    pull.close();
    scene.addGroup("pr-12");
    const silence = { name: "silence", when: { host: "management.azure.com" } };
    scene.azure.faults.add(silence, { kind: "respond", status: 403 });
    const told = { command: "report", "only-destroy": "true", "head-sha": pull.headSha, ...deployedOf("https://a.io") };
    const { outputs, failure } = await play(scene, told);
    expect(failure).toMatchObject({ code: expect.any(String) });
    expect(outputs["preview-path"]).toBeDefined();
    expect(scene.tagsOf("pr-12")).toMatchObject({ "expires-at": "2026-11-22T07:00:00Z" });
  });
});
