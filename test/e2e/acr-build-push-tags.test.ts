import { readdirSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type ExistingImage, LAYOUT, seedImage, writeLayout } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";
import type { SceneJob } from "./scene.ts";

jest.setTimeout(180_000);

// Images that exist are pushed here, so nothing builds: what is shown holds for every builder.
let scene: ImageScene;
let one: ExistingImage;
let two: ExistingImage;
beforeAll(async () => {
  scene = await openImageScene({ builder: "none" });
  one = await writeLayout(scene, ["amd64"]);
  two = await writeLayout(scene, ["amd64", "arm64"]);
});
afterAll(async () => scene[Symbol.asyncDispose]());
afterEach(() => scene.azure.faults.clear());

const push = (
  { workspace }: ExistingImage,
  inputs: Readonly<Record<string, string>>,
  job: Partial<SceneJob> = {},
): Promise<Published> => scene.publish({ from: LAYOUT, latest: "never", ...inputs }, { workspace, ...job });
/** Puts tags on the first image without a job. */
const seed = async (repository: string, ...tags: readonly string[]): Promise<void> => {
  for (const tag of tags) expect(await seedImage(scene.registry, repository, tag)).toBe(one.digest);
};

describe("tags that are write-once", () => {
  const inputs = { images: "once/app", tags: "v1\nstable", "write-once-tags": "v*" };

  test("take a new digest, and the same one again", async () => {
    for (const [index, published] of [await push(one, inputs), await push(one, inputs)].entries()) {
      expect([index, published.errors]).toEqual([index, []]);
      expect(published.outputs["tags"]).toBe("mayfly.azurecr.io/once/app:v1\nmayfly.azurecr.io/once/app:stable");
    }
    expect(await scene.tags("once/app")).toEqual({ v1: one.digest, stable: one.digest });
  });

  test("refuse another one, and no tag beside them moves", async () => {
    const published = await push(two, inputs);
    expect(published.outputs).toMatchObject({ "error-code": "tag-is-write-once", tags: "", digest: two.digest });
    expect(published.errors[0]?.message).toContain(`mayfly.azurecr.io/once/app:v1 stands on ${one.digest}`);
    expect(await scene.tags("once/app")).toEqual({ v1: one.digest, stable: one.digest });
  });
});

test("a release gets its versions, and latest only as the highest one", async () => {
  const release = (image: ExistingImage, tag: string) =>
    scene.publish(
      { from: LAYOUT, images: "released/app" },
      { workspace: image.workspace, github: { ref: `refs/tags/${tag}`, ref_type: "tag" } },
    );
  expect((await release(one, "v1.3.0")).errors).toEqual([]);
  const digest = one.digest;
  expect(await scene.tags("released/app")).toEqual({ "1.3.0": digest, "1.3": digest, "1": digest, latest: digest });
  const fix = await release(two, "v1.2.9");
  expect(fix.errors).toEqual([]);
  expect(await scene.tags("released/app")).toMatchObject({ "1.2.9": two.digest, "1.2": two.digest, latest: digest });
  expect(fix.summary).toContain("latest: ");
});

describe("a tag that cannot be moved", () => {
  test("lets those beside it go back to where they stood, where it is locked", async () => {
    await seed("locked/app", "main", "stable");
    scene.registry.lock("locked/app", "main");
    const published = await push(two, { images: "locked/app", tags: "main\nstable\nnew" });
    expect(published.outputs).toMatchObject({
      "error-code": "registry-locked",
      digest: two.digest,
      // A push right takes no tag away again.
      tags: "mayfly.azurecr.io/locked/app:new",
    });
    expect(await scene.tags("locked/app")).toEqual({ main: one.digest, stable: one.digest, new: two.digest });
    expect(published.errors[0]?.message).toContain("az acr repository show --name");
    expect(published.summary).toContain("↩️ put back");
  });

  test("is told where the registry is full, before any tag moves", async () => {
    await seed("full/app", "main");
    scene.registry.settings.storageFull = true;
    try {
      const published = await push(two, { images: "full/app", tags: "main" });
      expect(published.outputs).toMatchObject({ "error-code": "registry-locked", tags: "" });
      expect(published.errors[0]?.message).toContain("az acr show-usage");
    } finally {
      scene.registry.settings.storageFull = false;
    }
    expect(await scene.tags("full/app")).toEqual({ main: one.digest });
  });

  test("is tried again when the registry asks for patience, as long as it asks", async () => {
    scene.registry.fault("manifest-throttled", {
      times: 2,
      retryAfterSeconds: 1,
      path: /patient\/app\/manifests\/main$/,
    });
    const published = await push(one, { images: "patient/app", tags: "main\nother" });
    expect(published.errors).toEqual([]);
    expect(await scene.tags("patient/app")).toEqual({ main: one.digest, other: one.digest });
    const tries = scene.azure.traffic.find({ method: "PUT", path: "/v2/patient/app/manifests/main" });
    expect(tries.map(({ status }) => status)).toEqual([429, 429, 201]);
    for (const [index, { at }] of tries.slice(1).entries())
      expect(at.getTime() - (tries[index]?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe("a job that is cancelled while tags move", () => {
  /** Cancels when the first of two tags is put, which `spoil` has made slow. */
  async function cancelAtTag(repository: string, spoil: (tag: RegExp) => void): Promise<Published> {
    await seed(repository, "main", "stable");
    const tag = new RegExp(`/v2/${repository}/manifests/main$`);
    spoil(tag);
    const button = new AbortController();
    scene.tap.listen(({ method }, url) => {
      if (method === "PUT" && tag.test(url.pathname)) setTimeout(() => button.abort(), 100);
    });
    return push(two, { images: repository, tags: "main\nstable" }, { cancel: { signal: button.signal } });
  }

  let slow: Published;
  let stuck: Published;
  beforeAll(async () => {
    const slowly = cancelAtTag("cancelled/all", (path) =>
      scene.azure.faults.add(
        { name: "slow tag", when: { method: "PUT", path } },
        { kind: "slow", milliseconds: 1_500 },
      ),
    );
    const never = cancelAtTag("cancelled/none", (path) => {
      let count = 0;
      scene.tap.listen(({ method }, url) => {
        if (method !== "PUT" || !path.test(url.pathname)) return undefined;
        count += 1;
        return count === 1 ? new Promise<void>(() => undefined) : undefined;
      });
    });
    [slow, stuck] = await Promise.all([slowly, never]);
  });

  test("sees them through, so that all stand on the new image", async () => {
    expect(slow.main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"] });
    expect(await scene.tags("cancelled/all")).toEqual({ main: two.digest, stable: two.digest });
    expect(slow.outputs["tags"]?.split("\n")).toHaveLength(2);
  });

  test("puts them back where one gets no answer, so that none does", async () => {
    expect(stuck.main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"] });
    expect(await scene.tags("cancelled/none")).toEqual({ main: one.digest, stable: one.digest });
    const puts = scene.azure.traffic.find({ method: "PUT", path: "/v2/cancelled/none/manifests/stable" });
    expect(puts).toHaveLength(2);
    expect(stuck.outputs).toMatchObject({ "error-code": "cancelled", tags: "" });
  });
});

describe("a scan", () => {
  test("sees the image, may read it, and leaves the tags alone when it fails", async () => {
    const seen = await mkdtemp(join(scene.scratch, "seen-"));
    const command = [
      `printf '%s\\n' "$IMAGE" "$DIGEST" "$REGISTRY" > '${seen}/facts'`,
      `docker manifest inspect "$IMAGE" > '${seen}/manifest'`,
      "false | true",
      `touch '${seen}/after'`,
    ].join("\n");
    const published = await push(two, { images: "scanned/app", tags: "main", "scan-command": command });
    expect(published.outputs).toMatchObject({ "error-code": "scan-failed", digest: two.digest, tags: "" });
    expect(await scene.tags("scanned/app")).toEqual({});
    const image = `mayfly.azurecr.io/scanned/app@${two.digest}`;
    expect(await readFile(join(seen, "facts"), "utf8")).toBe(`${image}\n${two.digest}\nmayfly.azurecr.io\n`);
    expect(JSON.parse(await readFile(join(seen, "manifest"), "utf8")).manifests).toHaveLength(2);
    expect(readdirSync(seen)).not.toContain("after");
  });

  test("that passes lets the tags move", async () => {
    // It may read from the registry; what is for this action alone it does not get.
    const scan = '[ -n "$DIGEST" ] && [ -n "$DOCKER_CONFIG" ] && ! env | grep -E "^(INPUT_|ACTIONS_RUNTIME_)"';
    const published = await push(two, { images: "scanned/app", tags: "main", "scan-command": scan });
    expect(published.errors).toEqual([]);
    expect(await scene.tags("scanned/app")).toEqual({ main: two.digest });
  });

  test("is ended with all that it started when the job is cancelled, and no tag moves", async () => {
    const published = await push(
      two,
      { images: "scanned/never", tags: "main", "scan-command": "echo scanning\nsleep 7131 & sleep 7131; true" },
      { cancel: { when: ({ last }) => last.text === "scanning" } },
    );
    expect(published.main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"] });
    expect(published.outputs["error-code"]).toBe("cancelled");
    expect(published.orphans).toEqual([]);
    expect(await scene.tags("scanned/never")).toEqual({});
  });
});
