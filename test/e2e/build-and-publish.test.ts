import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { GHCR } from "../azure/acr/add-registry.ts";
import { createBusyboxContext } from "../image-tools/busybox-context.ts";
import type { WorkflowSource } from "../runner/run-workflow.ts";
import { type ImageScene, openImageScene } from "./image-scene.ts";
import { type PlayedWorkflow, playWorkflow } from "./image-workflows.ts";

jest.setTimeout(180_000);

const SHA = "5f0c1b2a3d4e5f60718293a4b5c6d7e8f9010203";
const pull = (head: string): NonNullable<WorkflowSource["github"]> => ({
  event_name: "pull_request",
  ref: "refs/pull/7/merge",
  head_ref: "feature",
  event: {
    pull_request: {
      number: 7,
      head: { sha: SHA, ref: "feature", repo: { full_name: head } },
      base: { repo: { full_name: "octo/shop" } },
    },
    repository: { full_name: "octo/shop", name: "shop", default_branch: "main" },
  },
});

let scene: ImageScene;
let consumer: string;
const run = (inputs: Readonly<Record<string, unknown>>, extra: Partial<WorkflowSource> = {}): Promise<PlayedWorkflow> =>
  playWorkflow(scene, "build-and-publish.yml", {
    inputs: { registry: "mayfly", ...inputs },
    checkout: consumer,
    machineEnv: scene.machineEnv,
    github: pull("octo/shop"),
    ...extra,
  });
const errors = ({ played }: PlayedWorkflow) =>
  played.flatMap(({ result }) => result.annotations).filter(({ level }) => level === "error");

beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx" });
  consumer = join(scene.scratch, "consumer");
  await mkdir(join(consumer, ".mayfly"), { recursive: true });
  const api = await createBusyboxContext({
    scratch: consumer,
    files: { "hello.txt": "hello" },
    lines: ["COPY hello.txt /"],
  });
  await mkdir(join(consumer, "web"));
  await writeFile(
    join(consumer, "web/Dockerfile"),
    "FROM scratch AS base\nCOPY index.html /\nFROM base AS slim\nLABEL slim=true\n",
  );
  await writeFile(join(consumer, "web/index.html"), "<h1>shop</h1>");
  await writeFile(
    join(consumer, ".mayfly/images.yml"),
    `- {name: api, images: shop/api, context: ${basename(api)}}\n- {images: shop/web, context: web, target: base, platforms: [linux/amd64, linux/arm64], provenance: mode=max}\n`,
  );
});
afterAll(async () => scene[Symbol.asyncDispose]());

describe("a list of two images, built by BuildKit and pushed to a real registry", () => {
  let ended: PlayedWorkflow;
  let images: Readonly<Record<string, { readonly repository: string; readonly tag: string; readonly digest: string }>>;
  beforeAll(async () => {
    ended = await run({});
    images = JSON.parse(ended.outputs["images"] || "{}");
  });

  test("ends well, with a job for each", () => {
    expect(errors(ended)).toEqual([]);
    expect(ended.conclusion).toBe("success");
    expect(ended.jobs["build"]?.legs).toHaveLength(2);
  });

  test("is there under the tags of the pull request, and the output names its digests", async () => {
    const contents = await scene.registry.contents();
    for (const [name, { repository, tag, digest }] of Object.entries(images)) {
      expect(repository).toBe(`mayfly.azurecr.io/shop/${name}`);
      expect(contents[`shop/${name}`]?.tags).toEqual({ "pr-7": digest, [`pr-7-${SHA.slice(0, 7)}`]: digest });
      expect(tag).toBe("pr-7");
    }
    expect(Object.keys(images)).toEqual(["api", "web"]);
  });

  test("is what another tool reads by digest, for both platforms and with its provenance", async () => {
    const { repository = "", digest = "" } = images["web"] ?? {};
    const index = await scene.inspect(`${repository}@${digest}`, "--raw");
    const manifests = index["manifests"] as readonly {
      readonly platform: { readonly os: string; readonly architecture: string };
      readonly annotations?: Readonly<Record<string, string>>;
    }[];
    expect(manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`).sort()).toEqual([
      "linux/amd64",
      "linux/arm64",
      "unknown/unknown",
      "unknown/unknown",
    ]);
    expect(
      manifests.filter(({ annotations }) => annotations?.["vnd.docker.reference.type"] === "attestation-manifest"),
    ).toHaveLength(2);
    const one = await scene.inspect(`${images["api"]?.repository}@${images["api"]?.digest}`);
    expect(one["Labels"]).toMatchObject({ "org.opencontainers.image.revision": SHA });
  });

  test("is the same on ghcr.io after a mirror, attestations and all, and back again under another name", async () => {
    const token = "ghs_of_this_job";
    const accounts = [{ username: "octocat", password: token, actions: ["pull", "push"] }];
    const ghcr = scene.azure.acr.addForeignRegistry({ ...GHCR, accounts, anonymous: [] });
    const mirror = (inputs: Readonly<Record<string, string>>): Promise<PlayedWorkflow> =>
      playWorkflow(scene, "mirror-image.yml", {
        inputs: { registry: "mayfly", ...inputs },
        permissions: { "id-token": "write", packages: "write" },
        secrets: { GITHUB_TOKEN: token },
        machineEnv: scene.machineEnv,
        github: pull("octo/shop"),
      });
    const out = await mirror({ images: ended.outputs["images"] ?? "", to: "ghcr.io/octo/shop" });
    expect(errors(out)).toEqual([]);
    const there = await ghcr.contents();
    const { digest = "" } = images["web"] ?? {};
    expect(there["octo/shop/web"]?.tags).toEqual({ "pr-7": digest });
    expect(there["octo/shop/api"]?.tags).toEqual({ "pr-7": images["api"]?.digest });
    // The index, an image and an attestation for each platform.
    expect(Object.keys(there["octo/shop/web"]?.manifests ?? {})).toHaveLength(5);

    const back = await mirror({ images: `ghcr.io/octo/shop/web@${digest}`, to: "copies", tags: "v1" });
    expect(errors(back)).toEqual([]);
    expect((await scene.registry.contents())["copies/web"]?.tags).toMatchObject({ v1: digest });
    expect(JSON.parse(back.outputs["images"] ?? "")).toEqual({
      web: { repository: "mayfly.azurecr.io/copies/web", tag: "v1", digest },
    });
  });

  test("is not built again when nothing has changed", async () => {
    const inputs = { images: "shop/plain", context: "web", "skip-if-unchanged": true };
    const [first, again] = [await run(inputs), await run(inputs)];
    const outcome = ({ played }: PlayedWorkflow) =>
      played.flatMap(({ result }) => result.steps).find(({ id, stage }) => id === "build" && stage === "main")?.outputs[
        "outcome"
      ];
    expect([outcome(first), outcome(again)]).toEqual(["built", "reused"]);
    expect(again.outputs["images"]).toBe(first.outputs["images"]);
  });
});

test("a pull request of a fork is built without any token, and handed over as an image that can be pushed later", async () => {
  const before = await scene.registry.contents();
  const asked = scene.azure.traffic.find({ host: /login\.microsoftonline|azurecr/ }).length;
  const { idToken: _, ...base } = scene.base;
  const ended = await playWorkflow({ ...scene, base }, "build-and-publish.yml", {
    inputs: { registry: "mayfly", images: "shop/fork", context: "web", "hand-over": true },
    checkout: consumer,
    machineEnv: scene.machineEnv,
    github: pull("mallory/shop"),
  });
  expect(errors(ended)).toEqual([]);
  expect(ended.outputs["images"]).toBe("");
  expect([...ended.artifacts.keys()]).toEqual(["image-fork-oci/image-fork.tar"]);
  expect(scene.azure.traffic.find({ host: /login\.microsoftonline|azurecr/ })).toHaveLength(asked);
  expect(await scene.registry.contents()).toEqual(before);
});

test("an image that cannot be built fails alone, and says where", async () => {
  await writeFile(
    join(consumer, "broken.yml"),
    "- {images: shop/good, context: web}\n- {images: shop/bad, context: web, file: web/Dockerfile.bad}\n",
  );
  await writeFile(join(consumer, "web/Dockerfile.bad"), "FROM scratch\nCOPY no-such-file /\n");
  const ended = await run({ "images-file": "broken.yml" });
  expect([ended.jobs["build"]?.result, ended.jobs["images"]?.result, ended.outputs["images"]]).toEqual([
    "failure",
    "skipped",
    "",
  ]);
  const contents = await scene.registry.contents();
  expect(Object.keys(contents["shop/good"]?.tags ?? {})).toContain("pr-7");
  expect(contents["shop/bad"]?.tags ?? {}).toEqual({});
  expect(errors(ended)).toMatchObject([{ file: "web/Dockerfile.bad", line: "2" }]);
  expect(existsSync(join(consumer, "web/Dockerfile.bad"))).toBe(true);
});
