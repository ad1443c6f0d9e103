import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { act } from "./act.ts";
import type { Scene } from "./fake-world.ts";
import { createShop } from "./shop.ts";

async function applied(): Promise<Scene> {
  const scene = createShop();
  await act(scene, { comment: "never" });
  return scene;
}

describe("the comment", () => {
  test("is one for each environment and directory, edited as the run goes on", async () => {
    const scene = createShop();
    const shown: string[] = [];
    scene.terraform.at("apply.terraform_data.app", () => scene.clock.pass(20_000));
    scene.terraform.at("apply.unlock", async () => {
      // What renders it is loaded with the first comment; a real terraform takes longer than that.
      while (scene.github.comments.size === 0) await setTimeout(1);
      shown.push(...scene.github.comments.values());
    });

    const { outputs } = await act(scene, {});

    expect([...scene.github.comments.keys()]).toEqual(["<!-- mayfly:terraform:pr-12:infra -->"]);
    expect(outputs["comment-url"]).toBe("https://github.com/octo/shop/pull/12#issuecomment-1");
    expect(shown).toHaveLength(1);
    expect(shown[0]).not.toEqual([...scene.github.comments.values()][0]);
    expect(scene.github.writes.every(({ issue, repository }) => issue === 12 && repository === "octo/shop")).toBe(true);
  });

  test("is written at most every 15 seconds, and at the end", async () => {
    const scene = createShop();
    scene.terraform.at("apply.terraform_data.app", () => scene.clock.pass(16_000));
    const before = scene.clock.now();

    await act(scene, {});

    expect(scene.github.writes.length).toBeLessThanOrEqual(2 + (scene.clock.now() - before) / 15_000);
    expect(scene.github.writes.at(-1)?.body).toContain("2 added");
  });

  test("tells of a run that failed", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.terraform_data.app", { summary: "SkuNotAvailable", detail: "no such machines" });

    const { comment } = await act(scene, {});

    expect(comment).toContain("apply failed");
    expect(comment).toContain("SkuNotAvailable");
  });

  test("of changes is not made as long as there are none", async () => {
    const scene = await applied();

    const { outputs } = await act(scene, { command: "plan" });

    expect([scene.github.comments.size, outputs["comment-url"]]).toEqual([0, undefined]);
  });

  test("of changes that stands there already is brought up to date", async () => {
    const scene = createShop();
    await act(scene, { command: "plan" });
    await act(scene, { comment: "never" });
    const { comment, outputs } = await act(scene, { command: "plan" });

    expect(comment).not.toContain("2 to add");
    expect(outputs["comment-url"]).toBeDefined();
  });

  test("always is made also where nothing changes", async () => {
    const scene = await applied();

    await act(scene, { command: "plan", comment: "always" });

    expect(scene.github.comments.size).toBe(1);
  });

  test("of a run that failed is made also where only changes are to be told", async () => {
    const scene = createShop();
    scene.terraform.fail("init", { summary: "Failed to query available provider packages" });

    const { comment, code, message, world } = await act(scene, { command: "plan" });

    expect([code, comment]).toEqual(["init-failed", expect.stringContaining("plan failed")]);
    // The step's last word says it; an annotation that stands at no line would say it again.
    expect(message).toContain("Failed to query available provider packages");
    expect(world.annotations).toEqual([]);
  });

  test.each([
    ["never is none", { comment: "never" }, {}],
    ["without a pull request is none", {}, { job: { pullRequest: undefined } }],
    ["without a token is none", {}, { noGitHub: true as const }],
  ])("%s", async (_, given, options) => {
    const scene = createShop();

    const { code, outputs } = await act(scene, given, options);

    expect([code, scene.github.writes, outputs["comment-url"]]).toEqual(["", [], undefined]);
  });

  test("that cannot be written is a warning, and the run goes well", async () => {
    const scene = createShop();
    scene.github.down = "GitHub is down";

    const { code, log, outputs } = await act(scene, {});

    expect([code, outputs.add, outputs["comment-url"]]).toEqual(["", 2, undefined]);
    expect(log).toContain("The comment could not be written: GitHub is down");
  });

  test("that cannot be written is told once, however often it was tried", async () => {
    const scene = createShop();
    scene.github.down = "GitHub is down";
    scene.terraform.at("apply.terraform_data.app", () => scene.clock.pass(20_000));

    const { world } = await act(scene, {});

    expect(world.warnings.filter((line) => line.includes("could not be written"))).toHaveLength(1);
  });
});
