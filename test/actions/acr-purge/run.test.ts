import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/acr-purge/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { inputs } from "./inputs.ts";
import { APP, scene, sent } from "./scene.ts";
import { digestOf } from "./simulated-repository.ts";
import { simulate } from "./simulation.ts";

describe("an environment that is gone", () => {
  test("loses its tags, then the images that nothing else holds", async () => {
    const simulation = scene();
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(simulation.tagsOf(APP)).toEqual(["latest", "pr-123", "pr-123-abcdef0", "v1"]);
    expect(simulation.digestsOf(APP)).toEqual([digestOf("other"), digestOf("release")].sort());
    expect(outputs).toMatchObject({ untagged: 4, "manifests-deleted": 2, kept: 0, locked: 0, failed: 0, skipped: 0 });
    const calls = sent(simulation).map((line) => line.split(" ")[0]);
    expect(calls).toEqual(["untag", "untag", "untag", "untag", "delete", "delete"]);
    expect(JSON.parse(simulation.reports[0] ?? "{}")).toMatchObject({
      environment: "pr-12",
      counts: { untagged: 4, deleted: 2 },
      longestWindowMs: expect.any(Number),
    });
  });

  test("is only looked at unless the workflow says otherwise", async () => {
    const simulation = scene();
    const { outputs, failure } = await run(inputs({ "dry-run": "" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(sent(simulation)).toEqual([]);
    expect(outputs).toMatchObject({ untagged: 0, "manifests-deleted": 0, skipped: 0 });
    expect(simulation.summaries.join()).toContain("6 tags and manifests of pr-12 would go");
  });

  test("keeps its images, and the tags that name their content, with delete-manifests: false", async () => {
    const simulation = scene();
    const { outputs } = await run(inputs({ "delete-manifests": "false" }), simulation.world);
    expect(outputs).toMatchObject({ untagged: 3, "manifests-deleted": 0 });
    expect(simulation.digestsOf(APP).length).toBe(4);
    expect(simulation.tagsOf(APP)).toContain(`ctx-${"c".repeat(40)}`);
  });

  test("is nothing to do a second time", async () => {
    const simulation = scene();
    await run(inputs(), simulation.world);
    const before = sent(simulation).length;
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 0, "manifests-deleted": 0 });
    expect(sent(simulation).length).toBe(before);
    expect(simulation.summaries.at(-1)).toContain("had nothing to remove");
  });

  test("is looked for in every repository; one that does not exist is no fault", async () => {
    const simulation = scene();
    simulation.push("team/worker", "worker", { tags: ["pr-12"] });
    const repositories = "team/app\nmayfly.azurecr.io/team/worker\nteam/gone";
    const { outputs, failure } = await run(inputs({ repositories }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ untagged: 5, missing: 1 });
    expect(simulation.repositories.has("team/worker")).toBe(false);
    expect(simulation.summaries.join()).toContain("does not exist");
  });

  test("takes an index with its parts, the index first", async () => {
    const simulation = simulate();
    const parts = [simulation.push(APP, "amd64"), simulation.push(APP, "arm64"), simulation.push(APP, "proof")];
    const index = simulation.push(APP, "index", { tags: ["pr-12"], references: parts });
    simulation.push(APP, "release", { tags: ["v1"] });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ untagged: 1, "manifests-deleted": 4 });
    expect(sent(simulation)[1]).toBe(`delete ${index}`);
    expect(simulation.digestsOf(APP)).toEqual([digestOf("release")]);
  });

  test("takes the tags that only name the content of its images or carried a part of one", async () => {
    const simulation = simulate();
    const hash = "c".repeat(40);
    const part = simulation.push(APP, "arm64", { tags: [`ctx-${hash}-linux-arm64`] });
    simulation.push(APP, "index", { tags: ["pr-12", `ctx-${hash}`, `ctx-${"d".repeat(40)}`], references: [part] });
    simulation.push(APP, "release", { tags: ["v1", `ctx-${"e".repeat(40)}`] });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ untagged: 4, "manifests-deleted": 2, kept: 0 });
    expect(simulation.tagsOf(APP)).toEqual([`ctx-${"e".repeat(40)}`, "v1"]);
  });

  test("leaves what another tag, another index or a signed image holds, and says so", async () => {
    const simulation = simulate();
    const shared = simulation.push(APP, "amd64");
    simulation.push(APP, "mine", { tags: ["pr-12"], references: [shared, simulation.push(APP, "arm64")] });
    simulation.push(APP, "theirs", { tags: ["v1"], references: [shared] });
    const promoted = simulation.push(APP, "promoted", { tags: ["pr-12-abcdef0", "v2"] });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ untagged: 2, "manifests-deleted": 2, kept: 2 });
    expect(simulation.digestsOf(APP)).toEqual(expect.arrayContaining([shared, promoted, digestOf("theirs")]));
    expect(simulation.summaries.join()).toContain("the tag v2 stays on it");
  });

  test("takes the signatures of its images along", async () => {
    const simulation = simulate();
    const image = simulation.push(APP, "image", { tags: ["pr-12"] });
    simulation.push(APP, "signature", { subject: image });
    simulation.push(APP, "release", { tags: ["v1"] });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ "manifests-deleted": 2 });
    expect(simulation.digestsOf(APP)).toEqual([digestOf("release")]);
  });
});

describe("before anything is removed", () => {
  test("a tripped fuse stops it all", async () => {
    const simulation = scene();
    const { outputs, failure } = await run(inputs({ "max-deletions": "5" }), simulation.world);
    expect(failure).toMatchObject({ code: "fuse-tripped" });
    expect(outputs).toMatchObject({ fuse: "tripped", untagged: 0, skipped: 0 });
    expect(sent(simulation)).toEqual([]);
    expect((await run(inputs({ "max-deletions": "6" }), simulation.world)).failure).toBeUndefined();
  });

  test("every mistake in the inputs is told at once", async () => {
    const simulation = scene();
    const given = { environment: "production", repositories: "Team/App\nteam/app:1" };
    const failure = run(inputs(given), simulation.world);
    await expect(failure).rejects.toMatchObject({ code: "bad-input" });
    await expect(failure).rejects.toThrow(/"production".*\n.*upper-case.*\n.*holds a tag/);
    expect(simulation.requests).toEqual([]);
  });

  test.each([
    [{ environment: "pr-12-abcdef0" }, "purge-environment-invalid"],
    [{ repositories: "ghcr.io/team/app" }, "bad-input"],
    [{ registry: "mayfli" }, "registry-not-found"],
  ])("%j is refused as %s", async (given, code) => {
    const simulation = scene();
    await expect(run(inputs(given), simulation.world)).rejects.toMatchObject({ code });
    expect(sent(simulation)).toEqual([]);
  });

  test("a repository that cannot be read whole loses nothing, and the others go on", async () => {
    const simulation = scene();
    simulation.push("team/worker", "worker", { tags: ["pr-12"] });
    simulation.before = ({ call, repository }) =>
      call === "referrers" && repository === APP
        ? { kind: "throw", error: new UserError("registry-busy", "503") }
        : undefined;
    const { outputs, failure } = await run(inputs({ repositories: "team/app\nteam/worker" }), simulation.world);
    expect(failure).toMatchObject({ code: "registry-busy", message: expect.stringContaining("Cannot read team/app") });
    expect(outputs).toMatchObject({ untagged: 1, failed: 1 });
    expect(simulation.tagsOf(APP)).toContain("pr-12");
  });
});

describe("what happens between the plan and a delete", () => {
  test("a tag that was moved stays, with its image", async () => {
    const simulation = scene();
    simulation.latencyMs = () => 150;
    let opened = false;
    simulation.before = ({ call }) => {
      if (call === "untag" && !opened) simulation.push(APP, "reopened", { tags: ["pr-12"] });
      opened ||= call === "untag";
      return undefined;
    };
    const { outputs } = await run(inputs({ concurrency: "1" }), simulation.world);
    expect(simulation.tagsOf(APP)).toContain("pr-12");
    expect(simulation.digestsOf(APP)).toContain(digestOf("reopened"));
    expect(outputs).toMatchObject({ kept: 1 });
  });

  test("an image that somebody tagged stays, although its tags are gone", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      const tags = simulation.repository(APP).tags;
      if (call === "manifests" && !tags.has("pr-12")) tags.set("v2", { digest: digestOf("new"), locked: false });
      return undefined;
    };
    const { outputs, failure } = await run(inputs({ concurrency: "1" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ "manifests-deleted": 1, kept: 1 });
    expect(simulation.digestsOf(APP)).toContain(digestOf("new"));
    expect(simulation.summaries.join()).toContain("the tag v2 is on it");
  });

  test("an image of the same content that a build tagged anew stays", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      const tags = simulation.repository(APP).tags;
      if (call === "manifests" && !tags.has("pr-12")) tags.set("pr-12", { digest: digestOf("new"), locked: false });
      return undefined;
    };
    await run(inputs({ concurrency: "1" }), simulation.world);
    expect(simulation.digestsOf(APP)).toContain(digestOf("new"));
  });

  test("a signature that came after the plan keeps its image", async () => {
    const simulation = scene();
    simulation.before = ({ call }) => {
      if (call === "untag") simulation.push(APP, "signature", { subject: digestOf("new") });
      return undefined;
    };
    await run(inputs(), simulation.world);
    expect(simulation.digestsOf(APP)).toContain(digestOf("new"));
    expect(simulation.digestsOf(APP)).toContain(digestOf("signature"));
  });

  test("a look that took too long is taken again", async () => {
    const simulation = scene();
    let slow = 2;
    simulation.latencyMs = ({ call }) => {
      const late = call === "manifests" && simulation.untagged.length === 4 && slow-- > 0;
      return late ? 12_000 : 20;
    };
    const { outputs } = await run(inputs({ concurrency: "1" }), simulation.world);
    expect(outputs).toMatchObject({ "manifests-deleted": 2 });
    const first = simulation.requests.findIndex(({ call }) => call === "delete");
    const looks = simulation.requests.slice(0, first).filter(({ call }) => call === "manifests");
    // One for the plan, one for the tags, and for the image one after the other until it is quick.
    expect(looks.length).toBeGreaterThanOrEqual(4);
    for (const { at, lookedAt } of simulation.deleted) expect(at - lookedAt).toBeLessThan(1_000);
  });

  test("what is listed for a while after it is gone is waited for", async () => {
    const simulation = simulate();
    simulation.push(APP, "index", { tags: ["pr-12"], references: [simulation.push(APP, "amd64")] });
    simulation.push(APP, "release", { tags: ["v1"] });
    simulation.staleMs = 3_000;
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ untagged: 1, "manifests-deleted": 2, kept: 0 });
  });

  test("what is listed for ever keeps its parts", async () => {
    const simulation = simulate();
    const part = simulation.push(APP, "amd64");
    const index = simulation.push(APP, "index", { tags: ["pr-12"], references: [part] });
    simulation.push(APP, "release", { tags: ["v1"] });
    simulation.before = ({ call, what }) => {
      if (call === "delete" && what === index) simulation.staleMs = 3_600_000;
      return undefined;
    };
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ "manifests-deleted": 1, kept: 1 });
    expect(simulation.digestsOf(APP)).toContain(part);
  });
});
