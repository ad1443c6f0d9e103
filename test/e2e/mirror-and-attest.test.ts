import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { renderPushedImages } from "../../src/image/pushed-image.ts";
import type { WorkflowSource } from "../runner/run-workflow.ts";
import { BUILD_PERMISSIONS, type PlayedWorkflow, stageWorkflows, type WorkflowStage } from "./image-workflows.ts";
import { openScene, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

let scene: Scene;
let stage: WorkflowStage;
beforeAll(async () => {
  scene = await openScene();
  stage = stageWorkflows(scene);
});
afterAll(async () => {
  stage[Symbol.dispose]();
  await scene[Symbol.asyncDispose]();
});

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const images = renderPushedImages([
  { name: "api", repository: "mayfly.azurecr.io/shop/api", tag: "1.2.3", digest: digest("a") },
  { name: "web", repository: "mayfly.azurecr.io/shop/web", tag: "1.2.3", digest: digest("b") },
]);

describe("mirror-image.yml", () => {
  const permissions = { "id-token": "write", packages: "write" };
  const mirror = (
    inputs: Readonly<Record<string, unknown>>,
    extra: Partial<WorkflowSource> = {},
  ): Promise<PlayedWorkflow> =>
    stage.run("mirror-image.yml", { inputs: { registry: "mayfly", ...inputs }, permissions, ...extra });

  test("copies each image of a build to ghcr.io by its digest, under its tag", async () => {
    const ended = await mirror({ images, to: "ghcr.io/octo/shop", environment: "images" });
    expect(ended.conclusion).toBe("success");
    expect(ended.given("copy")).toMatchObject({
      "Mirror api": {
        from: `mayfly.azurecr.io/shop/api@${digest("a")}`,
        images: "ghcr.io/octo/shop/api",
        tags: "1.2.3",
        name: "api",
        registry: "mayfly",
      },
      "Mirror web": { from: `mayfly.azurecr.io/shop/web@${digest("b")}`, images: "ghcr.io/octo/shop/web" },
    });
    expect(ended.given("copy")["Mirror api"]?.["ghcr-token"]).not.toBe("");
    expect(ended.played.filter(({ environment }) => environment === "images")).toHaveLength(2);
    expect(Object.keys(JSON.parse(ended.outputs["images"] ?? "{}"))).toEqual(["api", "web"]);
  });

  test("copies what a reference names the other way round", async () => {
    const ended = await mirror({ images: `ghcr.io/octo/tool@${digest("c")}`, to: "tools", tags: "stable\nv1" });
    expect(ended.given("copy")["Mirror tool"]).toMatchObject({
      from: `ghcr.io/octo/tool@${digest("c")}`,
      images: "tools/tool",
      tags: "stable\nv1",
    });
    expect(JSON.parse(ended.outputs["images"] ?? "")).toMatchObject({
      tool: { repository: "mayfly.azurecr.io/tools/tool" },
    });
  });

  test("hands nothing on from a dry run", async () => {
    const ended = await mirror({ images, to: "ghcr.io/octo/shop", "dry-run": true });
    expect(ended.given("copy")["Mirror api"]).toMatchObject({ "dry-run": "true" });
    expect([ended.jobs["images"]?.result, ended.outputs["images"]]).toEqual(["skipped", ""]);
  });

  test("fails before any copy for an image without a digest", async () => {
    const ended = await mirror({ images: "ghcr.io/octo/tool:v1", to: "tools" });
    expect(Object.values(ended.jobs).map(({ result }) => result)).toEqual(["failure", "skipped", "skipped"]);
    expect(ended.played[0]?.result.annotations[0]?.message).toContain("has no digest");
  });

  test("does not start for a caller that grants only what a build needs", async () => {
    await expect(mirror({ images, to: "x" }, { permissions: BUILD_PERMISSIONS })).rejects.toThrow("'packages: write'");
  });
});

describe("attest-image.yml", () => {
  const replace = { "actions/attest-build-provenance": join(import.meta.dirname, "fixtures/attest") };
  const attest = (permissions: Readonly<Record<string, string>>): Promise<PlayedWorkflow> =>
    stage.run("attest-image.yml", { inputs: { images }, permissions, replace });

  test("attests each image by its digest, and pushes nothing", async () => {
    const ended = await attest({ "id-token": "write", attestations: "write" });
    expect(ended.conclusion).toBe("success");
    expect(ended.given("attest")).toEqual({
      "Attest api": { subject: `mayfly.azurecr.io/shop/api@${digest("a")}`, pushes: "false", mayAskForIdToken: true },
      "Attest web": { subject: `mayfly.azurecr.io/shop/web@${digest("b")}`, pushes: "false", mayAskForIdToken: true },
    });
    expect(ended.played.flatMap(({ result }) => result.steps.map(({ name }) => name))).not.toContain("Log in");
  });

  test("does not start for a caller that grants no attestations: write", async () => {
    await expect(attest(BUILD_PERMISSIONS)).rejects.toThrow("'attestations: write'");
  });
});
