// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ENTRY_KEYS, type EntryKey } from "../../src/image/image-entry.ts";
import type { WorkflowSource } from "../runner/run-workflow.ts";
import { type PlayedWorkflow, stageWorkflows, type WorkflowStage } from "./image-workflows.ts";
import { openScene, repositoryRoot, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

let scene: Scene;
let stage: WorkflowStage;
let consumer: string;
beforeAll(async () => {
  scene = await openScene();
  stage = stageWorkflows(scene);
  consumer = mkdtempSync(join(tmpdir(), "mayfly-consumer-"));
});
afterAll(async () => {
  stage[Symbol.dispose]();
  rmSync(consumer, { recursive: true });
  await scene[Symbol.asyncDispose]();
});

const run = (
  inputs: Readonly<Record<string, unknown>>,
  circumstances: Partial<WorkflowSource> = {},
): Promise<PlayedWorkflow> =>
  stage.run("build-and-publish.yml", { inputs: { registry: "mayfly", ...inputs }, ...circumstances });
const withList = (text: string, path = ".mayfly/images.yml"): Partial<WorkflowSource> => {
  mkdirSync(dirname(join(consumer, path)), { recursive: true });
  writeFileSync(join(consumer, path), text);
  return { checkout: consumer };
};
const results = ({ jobs }: PlayedWorkflow) =>
  Object.fromEntries(Object.entries(jobs).map(([id, { result, legs }]) => [id, `${result} ${legs.length}`]));
const digestOf = (name: string): string => `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0")}`;
const loggedIn = ({ played }: PlayedWorkflow): readonly string[] =>
  played
    .filter(({ result }) => result.steps.some(({ name, outcome }) => name === "Log in" && outcome === "success"))
    .map(({ name = "" }) => name);

describe("a list of images", () => {
  let ended: PlayedWorkflow;
  beforeAll(async () => {
    const list =
      "- name: api\n  images: team/api\n  context: services/api\n  sbom: false\n- images: [team/web, ghcr.io/octo/web]\n  tags: [one, two]\n";
    ended = await run(
      { tags: "sha-{short-sha}", sbom: true, "build-args": "A=1", environment: "images" },
      { ...withList(list) },
    );
  });

  test("is built in a job for each, in the environment whose identity pushes", () => {
    expect(results(ended)).toEqual({ list: "success 1", build: "success 2", images: "success 1" });
    expect(ended.played.map(({ name, environment }) => [name, environment])).toEqual(
      expect.arrayContaining([
        ["List", undefined],
        ["Build api", "images"],
        ["Build web", "images"],
        ["Images", undefined],
      ]),
    );
    expect([...loggedIn(ended)].sort()).toEqual(["Build api", "Build web"]);
  });

  test("says in its entries what an image needs, and the inputs say the rest", () => {
    const shared = {
      registry: "mayfly",
      "build-args": "A=1",
      latest: "auto",
      builder: "auto",
      "skip-if-unchanged": "false",
      push: "true",
      "dry-run": "false",
    };
    const given = ended.given("build");
    expect(given["Build api"]).toMatchObject({
      ...shared,
      name: "api",
      images: "team/api",
      context: "services/api",
      tags: "sha-{short-sha}",
      sbom: "false",
    });
    expect(given["Build web"]).toMatchObject({
      ...shared,
      name: "web",
      images: "team/web\nghcr.io/octo/web",
      tags: "one\ntwo",
      sbom: "true",
    });
    expect(Object.keys(given["Build web"] ?? {})).not.toContain("context");
  });

  test("becomes one output, whichever job ended last", () => {
    expect(JSON.parse(ended.outputs["images"] ?? "")).toEqual({
      api: { repository: "mayfly.azurecr.io/team/api", tag: "pr-7", digest: digestOf("api") },
      web: { repository: "mayfly.azurecr.io/team/web", tag: "pr-7", digest: digestOf("web") },
    });
    expect([...ended.artifacts.keys()]).toEqual(["image-api/image-api.json", "image-web/image-web.json"]);
  });
});

test("every key of an entry reaches the build as it was written", async () => {
  const sample = (key: EntryKey): string =>
    ENTRY_KEYS[key] === "flag" ? "true" : ENTRY_KEYS[key] === "key=value lines" ? `K=${key}` : key;
  const entry = Object.fromEntries((Object.keys(ENTRY_KEYS) as EntryKey[]).map((key) => [key, sample(key)]));
  const { given } = await run({}, withList(JSON.stringify([{ ...entry, images: "team/app" }])));
  expect(given("build")["Build name"]).toMatchObject({ ...entry, images: "team/app", push: "true" });
});

test("a single image needs no list, and no checkout before its own job", async () => {
  const ended = await run({ images: "team/app" });
  expect(results(ended)).toEqual({ list: "success 1", build: "success 1", images: "success 1" });
  expect(ended.given("build")["Build app"]).toMatchObject({ name: "app", images: "team/app" });
  const list = ended.played.find(({ name }) => name === "List");
  expect(list?.result.steps.find(({ name }) => name === "Check out")?.conclusion).toBe("skipped");
  expect(Object.keys(JSON.parse(ended.outputs["images"] ?? ""))).toEqual(["app"]);
});

test("the list of the example is one", async () => {
  const ended = await run({}, { checkout: join(repositoryRoot, "examples/build-and-publish") });
  expect(ended.conclusion).toBe("success");
  expect(ended.given("build")).toMatchObject({
    "Build api": { images: "shop/api", context: "services/api", platforms: "linux/amd64\nlinux/arm64" },
    "Build web": { images: "shop/web", file: "services/web/Dockerfile", target: "production" },
  });
});

test("the registry and the ids may come from variables", async () => {
  const { clientId, tenantId, subscriptionId } = scene.team;
  const vars = { MAYFLY_REGISTRY: "octoreg", AZURE_CLIENT_ID: "nobody" };
  const ids = { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId };
  const ended = await stage.run("build-and-publish.yml", { inputs: { images: "team/app", ...ids }, vars });
  expect(ended.given("build")["Build app"]?.["registry"]).toBe("octoreg");
  expect(ended.conclusion).toBe("success");
});

describe("where there is no ID token", () => {
  const pull = (head: unknown, event = "pull_request", actor = "mona"): Partial<WorkflowSource> => ({
    github: { event_name: event, actor, event: { pull_request: { number: 7, head: { repo: head } } } },
  });
  const fork = { full_name: "mallory/shop" };
  const home = { full_name: "Octo/Shop" };

  test.each([
    ["a pull request of a fork", pull(fork)],
    ["a pull request of a fork that is deleted", pull(null)],
    ["a review of a fork's pull request", pull(fork, "pull_request_review")],
    ["a pull request of Dependabot", pull(home, "pull_request", "dependabot[bot]")],
  ])("%s is built, and not pushed, and says so", async (_, circumstances) => {
    const ended = await run(
      { images: "team/app", builder: "acr-tasks", "cache-to": "type=gha", environment: "images" },
      circumstances,
    );
    expect(results(ended)).toEqual({ list: "success 1", build: "success 1", images: "skipped 0" });
    const given = ended.given("build")["Build app"];
    expect(given).toMatchObject({ push: "false", builder: "auto" });
    expect(Object.keys(given ?? {})).not.toContain("cache-to");
    expect(loggedIn(ended)).toEqual([]);
    expect(ended.played.find(({ name }) => name === "Build app")?.environment).toBeUndefined();
    expect(ended.played.flatMap(({ result }) => result.annotations)).toMatchObject([
      { level: "notice", title: "Nothing is pushed" },
    ]);
    expect(ended.outputs["images"]).toBe("");
    expect([...ended.artifacts.keys()]).toEqual([]);
  });

  test("the image is handed over where that is asked for", async () => {
    const { artifacts, outputs } = await run({ images: "team/app", "hand-over": true, builder: "buildx" }, pull(fork));
    expect(Object.fromEntries(artifacts)).toEqual({ "image-app-oci/image-app.tar": "the image app" });
    expect(outputs["images"]).toBe("");
  });

  test.each([
    ["a pull request of the repository itself", pull(home)],
    ["code of the default branch for a fork", pull(fork, "pull_request_target")],
    ["a comment", { github: { event_name: "issue_comment", event: { issue: { number: 7, pull_request: {} } } } }],
  ])("is not: %s is pushed", async (_, circumstances) => {
    const ended = await run({ images: "team/app", "hand-over": true }, circumstances);
    expect(ended.given("build")["Build app"]).toMatchObject({ push: "true" });
    expect(Object.keys(ended.given("build")["Build app"] ?? {})).not.toContain("outputs");
    expect(loggedIn(ended)).toEqual(["Build app"]);
    expect([...ended.artifacts.keys()]).toEqual(["image-app/image-app.json"]);
  });
});

describe("a builder of its own", () => {
  /** A docker that writes down how it is called. */
  const fakeDocker = (): { readonly machineEnv: Readonly<Record<string, string>>; calls(): readonly string[] } => {
    const folder = mkdtempSync(join(consumer, "bin-"));
    writeFileSync(join(folder, "docker"), `#!/bin/sh\nprintf '%s\\n' "$*" >>"${folder}/calls"\n`, { mode: 0o755 });
    return {
      machineEnv: { ...scene.base.machineEnv, PATH: `${folder}:${process.env["PATH"]}` },
      calls: () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n"),
    };
  };

  test("is made before the build, named to it, and removed after it, also when the build fails", async () => {
    const docker = fakeDocker();
    const image = "mayfly.azurecr.io/moby/buildkit:v0.32.2";
    const inputs = { images: "team/broken", buildkit: true, "buildkit-image": image, builder: "buildx" };
    const ended = await run(inputs, { machineEnv: docker.machineEnv });
    expect(ended.jobs["build"]?.result).toBe("failure");
    const name = "mayfly-1658821493-1-broken";
    expect(ended.given("build")["Build broken"]).toMatchObject({ "buildx-builder": name });
    expect(docker.calls()).toEqual([
      `buildx create --name ${name} --driver docker-container --driver-opt image=${image}`,
      `buildx rm --force ${name}`,
    ]);
  });

  test("is not made where nobody asks for it; other platforms are emulated where somebody does", async () => {
    const docker = fakeDocker();
    const { machineEnv } = docker;
    const plain = await run({ images: "team/app" }, { machineEnv });
    expect(() => docker.calls()).toThrow("ENOENT");
    const emulated = await run({ images: "team/app", emulate: true, buildkit: true }, { machineEnv });
    expect(docker.calls()[0]).toBe("buildx create --name mayfly-1658821493-1-app --driver docker-container");
    const emulation = (ended: PlayedWorkflow) =>
      ended.played
        .flatMap(({ result }) => result.steps)
        .find(({ name, stage }) => name === "Emulate other platforms" && stage === "main");
    expect([emulation(plain)?.conclusion, emulation(emulated)?.conclusion]).toEqual(["skipped", "success"]);
  });
});

test("push: false builds without a login, without a word about forks", async () => {
  const ended = await run({ images: "team/app", push: false });
  expect(ended.given("build")["Build app"]).toMatchObject({ push: "false" });
  expect(loggedIn(ended)).toEqual([]);
  expect(ended.played.flatMap(({ result }) => result.annotations)).toEqual([]);
  expect(ended.outputs["images"]).toBe("");
});

test("a dry run asks as a real one would, and hands nothing on", async () => {
  const ended = await run({ images: "team/app", "dry-run": true });
  expect(results(ended)).toEqual({ list: "success 1", build: "success 1", images: "skipped 0" });
  expect(ended.given("build")["Build app"]).toMatchObject({ push: "true", "dry-run": "true" });
  expect(loggedIn(ended)).toEqual(["Build app"]);
  expect([...ended.artifacts.keys()]).toEqual([]);
});

test("one image that fails does not stop the others, and no half list of images comes out", async () => {
  const ended = await run({}, withList("- images: team/broken\n- images: team/api\n- images: team/web\n"));
  expect(results(ended)).toEqual({ list: "success 1", build: "failure 3", images: "skipped 0" });
  expect(ended.outputs["images"]).toBe("");
  expect([...ended.artifacts.keys()]).toEqual(["image-api/image-api.json", "image-web/image-web.json"]);
});

test("a list with mistakes fails before any build, with each mistake at its line", async () => {
  const ended = await run(
    { "images-file": "ci/list.yml" },
    withList("- images: team/api\n  platform: x\n- target: y\n", "ci/list.yml"),
  );
  expect(results(ended)).toEqual({ list: "failure 1", build: "skipped 0", images: "skipped 0" });
  const annotations = ended.played.flatMap(({ result }) => result.annotations);
  const [first, second, whole] = annotations;
  expect([first, second]).toMatchObject([
    { file: "ci/list.yml", line: "2" },
    { file: "ci/list.yml", line: "3" },
  ]);
  expect(whole?.message).toContain("ci/list.yml has 2 mistakes");
  expect(annotations.map(({ level }) => level)).toEqual(["error", "error", "error"]);
});

test("a text in a list stays a text: nobody evaluates or runs it", async () => {
  const odd = "$(touch pwned); `id` \"' && echo ::set-output name=x::y";
  const ended = await run({}, withList(JSON.stringify([{ images: "team/app", context: odd, target: "{{ x }}" }])));
  expect(ended.given("build")["Build app"]).toMatchObject({ context: odd, target: "{{ x }}" });
  expect(ended.conclusion).toBe("success");
});

test("it does not even start for a caller that grants no id-token: write", async () => {
  await expect(run({ images: "team/app" }, { permissions: { contents: "read" } })).rejects.toThrow("id-token: write");
});
