import { describe, expect, test } from "@jest/globals";
import { type ImageScene, type ImageStory, listImageFaults } from "../../scripts/demo/image-outcome.ts";
import type { Contents } from "../azure/acr/registry.ts";
import { makeRequest, makeScene, playJob } from "./make-scene.ts";

/** A repository whose tags stand on digests that are there, and so many manifests. */
const repository = (tags: Readonly<Record<string, string>>, manifests: number): Contents[string] => ({
  tags,
  manifests: Object.fromEntries(Array.from({ length: manifests }, (_, index) => [`sha256:${index}`, "x"])),
});
const BEFORE: Contents = { "shop/web": repository({ main: "a", "pr-7": "b", "ctx-12": "b" }, 3) };
const AFTER: Contents = { "shop/web": repository({ main: "c", "main-5f0c1b2": "c", "ctx-34": "c" }, 4) };

const TOLD: ImageStory = {
  conclusion: "failure",
  outcomes: { "Build web": "built", "Build api": undefined },
  added: ["shop/web:main-5f0c1b2", "shop/web:ctx-*"],
  moved: ["shop/web:main"],
  gone: ["shop/web:pr-7", "shop/web:ctx-*"],
  same: [["shop/web:main", "shop/web:main-5f0c1b2"]],
  manifests: { "shop/web": "more" },
  blames: { file: "api/Dockerfile", line: "5" },
};

async function play(web: string, api: string): Promise<ImageScene> {
  const jobs = await Promise.all([
    playJob({ id: "build", run: web }, { name: "Build web" }),
    playJob({ id: "build", run: api }, { name: "Build api" }),
  ]);
  const { run } = makeScene(jobs);
  return { run, before: BEFORE, after: AFTER, requests: [makeRequest("PUT", "/v2/shop/web/manifests/main")] };
}

const BUILT = 'echo outcome=built >>"$GITHUB_OUTPUT"; echo done >>"$GITHUB_STEP_SUMMARY"';

describe("a story about images", () => {
  test("that came true has no faults", async () => {
    const scene = await play(BUILT, "echo '::error file=api/Dockerfile,line=5::no'; exit 1");
    expect(listImageFaults(TOLD, scene)).toEqual([]);
  });

  test("names everything that differs", async () => {
    const scene = await play("true", 'echo outcome=reused >>"$GITHUB_OUTPUT"');
    const after: Contents = { "shop/web": repository({ main: "a", "pr-7": "c", other: "c" }, 2) };
    const requests = [makeRequest("DELETE", "/subscriptions/x/resourceGroups/shop")];
    expect(listImageFaults(TOLD, { ...scene, after, requests })).toEqual([
      "shop/web:other is new, and nobody said so",
      "it was told that shop/web:main-5f0c1b2 is new, and it is not so",
      "it was told that shop/web:ctx-* is new, and it is not so",
      "shop/web:pr-7 moved, and nobody said so",
      "it was told that shop/web:main moved, and it is not so",
      "it was told that shop/web:pr-7 is gone, and it is not so",
      "shop/web:main and shop/web:main-5f0c1b2 should stand on one digest",
      "shop/web should have more manifests, and has 2 where it had 3",
      "Build web should be built, and was failed",
      "Build api should be failed, and was reused",
      "no error points at api/Dockerfile, line 5",
      "/subscriptions/x/resourceGroups/shop was deleted, and no act about images deletes in Resource Manager",
      "the run should end with failure, and ended with success",
      "no job wrote a summary",
    ]);
  });
});
