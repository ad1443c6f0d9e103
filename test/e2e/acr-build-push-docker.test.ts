import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createBusyboxContext, INSTALL_BUSYBOX, sayNowAndSleep } from "../image-tools/busybox-context.ts";
import { fetchImage } from "./fetched-image.ts";
import { seedImage, writeContext } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";
import { expectGone, isRunning } from "./look-around.ts";

jest.setTimeout(180_000);

// An engine whose docker has no buildx of its own. Where the machine has one for all users, `docker build` is that one.
let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "docker" });
});
afterAll(async () => scene[Symbol.asyncDispose]());

const context = (...lines: readonly string[]): Promise<string> =>
  createBusyboxContext({ scratch: scene.scratch, lines: [INSTALL_BUSYBOX, ...lines] });
const docker = { builder: "docker" };

describe("plain docker", () => {
  let published: Published;
  beforeAll(async () => {
    await seedImage(scene.registry, "plain/base", "1");
    const workspace = await context(
      "COPY --from=mayfly.azurecr.io/plain/base:1 /hello /hello",
      "RUN sleep 3 && echo said > /said",
    );
    // All tokens of before the build have ended when it pushes; those that it asks for then last as long as a busy machine needs.
    const { settings } = scene.registry;
    const lasting = { ...settings };
    Object.assign(settings, { refreshTokenSeconds: 3, accessTokenSeconds: 2 });
    let pulled = false;
    scene.tap.listen((_, { pathname }) => {
      pulled ||= pathname.startsWith("/v2/plain/base/blobs/");
      if (pulled && pathname === "/oauth2/exchange") Object.assign(settings, lasting);
    });
    published = await scene.publish({ ...docker, images: "plain/app", tags: "v1\nmain" }, { workspace });
    expect(settings).toEqual(lasting);
    expect(published.errors).toEqual([]);
  });

  test("delivers under a name of the content, and only then the tags move to the same digest", async () => {
    const { digest } = published.outputs;
    const { v1, main, ...others } = await scene.tags("plain/app");
    const [carrier = "", ...more] = Object.keys(others);
    expect([v1, main, others[carrier], more]).toEqual([digest, digest, digest, []]);
    expect(carrier).toMatch(/^ctx-[0-9a-f]{32}$/);
    const puts = scene.azure.traffic.find({ method: "PUT", path: /^\/v2\/plain\/app\/manifests\// });
    const taken = puts.filter(({ status }) => status === 201);
    const [first, ...later] = taken.map(({ path }) => path.split("/").at(-1));
    expect([first, later.sort()]).toEqual([carrier, ["main", "v1"]]);
  });

  test("says the same as buildx would", () => {
    const { digest = "", digests = "", ...outputs } = published.outputs;
    expect(Object.keys(JSON.parse(digests))).toEqual(["linux/amd64"]);
    expect(outputs).toMatchObject({
      image: `mayfly.azurecr.io/plain/app@${digest}`,
      refs: `mayfly.azurecr.io/plain/app@${digest}`,
      tags: "mayfly.azurecr.io/plain/app:v1\nmayfly.azurecr.io/plain/app:main",
      outcome: "built",
      builder: "docker",
      "login-server": "mayfly.azurecr.io",
      "error-code": "",
    });
  });

  test("has built on a private image of the registry, as another tool finds", async () => {
    const { platforms } = await fetchImage(scene, published.outputs["image"] ?? "");
    const image = platforms["linux/amd64"];
    expect([await image?.read("said"), await image?.read("hello")]).toEqual(["said\n", "amd64"]);
    expect(image?.labels).toMatchObject({ "org.opencontainers.image.version": "v1" });
  });

  test("leaves an archive of docker save that a job without it can push", async () => {
    const workspace = await writeContext(scene, {});
    const [carrier = ""] = Object.keys(await scene.tags("plain/app")).filter((tag) => tag.startsWith("ctx-"));
    const name = `mayfly.azurecr.io/plain/app:${carrier}`;
    execFileSync("docker", ["save", "--output", join(workspace, "saved.tar"), name], { env: scene.machineEnv });
    const machineEnv = { ...scene.machineEnv, DOCKER_HOST: `unix://${scene.scratch}/no-engine` };
    const pushed = await scene.publish(
      { images: "saved/app", tags: "v1", from: "saved.tar" },
      { workspace, machineEnv },
    );
    expect(pushed.errors).toEqual([]);
    expect(pushed.outputs).toMatchObject({ outcome: "copied" });
    expect(await scene.tags("saved/app")).toEqual({ v1: pushed.outputs["digest"] });
    const { platforms } = await fetchImage(scene, pushed.outputs["image"] ?? "");
    expect(await platforms["linux/amd64"]?.read("said")).toBe("said\n");
  });
});

test("a step that fails is marked at its line, with what it printed", async () => {
  const workspace = await context("RUN true", "RUN echo why && \\", "  exit 3", "RUN true");
  const published = await scene.publish({ ...docker, tags: "failed" }, { workspace });
  expect(published.outputs).toMatchObject({ "error-code": "build-failed", builder: "docker", tags: "" });
  expect(published.errors).toMatchObject([{ file: "Dockerfile", line: "5" }]);
  expect(published.errors[0]?.message).toMatch(/why/);
  expect(await scene.tags("team/app")).toEqual({});
});

test("a base image that is not there is told at its line, and is not the step's fault", async () => {
  const workspace = await context("FROM mayfly.azurecr.io/plain/none:9", "COPY --from=0 /bin/busybox /busybox");
  const published = await scene.publish({ ...docker, tags: "failed" }, { workspace });
  expect(published.outputs).toMatchObject({ "error-code": "base-image", tags: "" });
  expect(published.errors).toMatchObject([{ file: "Dockerfile", line: "4" }]);
  expect(published.errors[0]?.message).toContain("mayfly.azurecr.io/plain/none:9 cannot be had: it is not there");
});

test("what plain docker cannot do is told before the build, all at once", async () => {
  const workspace = await context();
  const published = await scene.publish(
    { ...docker, platforms: "linux/amd64,linux/arm64", provenance: "mode=max", sbom: true },
    { workspace },
  );
  expect(published.outputs["error-code"]).toBe("builder-cannot");
  for (const input of ["platforms", "provenance", "sbom"]) expect(published.errors[0]?.message).toContain(`${input}:`);
  expect(published.errors[0]?.message).toContain("use builder: buildx");
});

test("a cancel in the middle of a step ends it, and pushes nothing", async () => {
  const workspace = await context(sayNowAndSleep(7193));
  let ran = false;
  const published = await scene.publish(
    { ...docker, images: "cancelled/plain", tags: "v1" },
    {
      workspace,
      cancel: {
        when: ({ last }) => {
          if (!/^(?:#\d+ \S+ )?now$/.test(last.text)) return false;
          ran = isRunning("sleep 7193");
          return true;
        },
      },
    },
  );
  expect(ran).toBe(true);
  expect(published.main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"] });
  expect(published.outputs).toMatchObject({ "error-code": "cancelled", digest: "", tags: "" });
  expect(published.summary).toContain("The job was cancelled");
  expect(published.orphans).toEqual([]);
  expect(await scene.tags("cancelled/plain")).toEqual({});
  await expectGone("sleep 7193");
});
