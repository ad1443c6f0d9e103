import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { GHCR } from "../azure/acr/add-registry.ts";
import type { AcrFault, AcrFaultOptions } from "../azure/acr/faults.ts";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { fetchImage } from "./fetched-image.ts";
import { LAYOUT, writeContext, writeLayout } from "./image-contexts.ts";
import { type ImageScene, openImageScene } from "./image-scene.ts";

jest.setTimeout(60_000);

// A disk that a build of some megabytes fills.
let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx", diskMegabytes: 24 });
});
afterAll(async () => scene[Symbol.asyncDispose]());
afterEach(() => scene.azure.faults.clear());

const context = (...lines: readonly string[]): Promise<string> =>
  createBusyboxContext({ scratch: scene.scratch, lines: [INSTALL_BUSYBOX, ...lines] });

describe("a build that fails", () => {
  test("in a step is marked at its line of the Dockerfile, with what the step printed", async () => {
    const workspace = await context("RUN true", "RUN echo why && \\", "  exit 3", "RUN true");
    const published = await scene.publish({ images: "failed/app" }, { workspace });
    expect(published.outputs).toMatchObject({ "error-code": "build-failed", builder: "buildx", digest: "", tags: "" });
    expect(published.errors).toMatchObject([{ file: "Dockerfile", line: "5" }]);
    expect(published.errors[0]?.message).toMatch(/exit code: 3[\s\S]*why/);
    expect(published.summary).toContain("exit code: 3");
    expect(await scene.tags("failed/app")).toEqual({});
  });

  test("for a base image that this job may not read is marked there, too", async () => {
    scene.azure.acr.addForeignRegistry({ ...GHCR, anonymous: [] });
    const workspace = await writeContext(scene, { "docker/Dockerfile": "# x\nFROM ghcr.io/octo/private:1\n" });
    const published = await scene.publish({ file: "docker/Dockerfile" }, { workspace });
    expect(published.outputs["error-code"]).toBe("base-image");
    expect(published.errors).toMatchObject([{ file: "docker/Dockerfile", line: "2" }]);
    expect(published.errors[0]?.message).toContain("log in to ghcr.io in an earlier step");
  });
});

describe("a push goes well all the same", () => {
  interface Case {
    readonly name: string;
    readonly fault: AcrFault;
    readonly options?: AcrFaultOptions;
  }
  const CASES: readonly Case[] = [
    { name: "a gateway's page in the place of an answer", fault: "upload-bad-gateway", options: { times: 2 } },
    { name: "a token that is refused in the middle of it", fault: "upload-unauthorized" },
    { name: "a connection that is cut in the middle of it", fault: "upload-cut", options: { bytes: 100 } },
    { name: "too many requests", fault: "manifest-throttled", options: { retryAfterSeconds: 1 } },
  ];

  test.each(CASES)("by buildx with $name", async ({ name, fault, options }) => {
    const repository = `again/${fault}`;
    const workspace = await writeContext(scene, { Dockerfile: "FROM scratch\nCOPY page /page\n", page: name });
    scene.registry.fault(fault, options);
    const published = await scene.publish({ images: repository, tags: "v1" }, { workspace });
    expect(published.errors).toEqual([]);
    expect(scene.azure.faults.struck.get(`acr ${fault}`)).toBeGreaterThanOrEqual(1);
    const { platforms } = await fetchImage(scene, `mayfly.azurecr.io/${repository}@${published.outputs["digest"]}`);
    expect(await platforms["linux/amd64"]?.read("page")).toBe(name);
    expect(await scene.tags(repository)).toEqual({ v1: published.outputs["digest"] });
  });

  test.each(CASES)("of an image that exists with $name", async ({ fault, options }) => {
    const repository = `existing/${fault}`;
    const { workspace, digest } = await writeLayout(scene, ["amd64"]);
    scene.registry.fault(fault, options);
    const published = await scene.publish({ images: repository, tags: "v1", from: LAYOUT }, { workspace });
    expect(published.errors).toEqual([]);
    expect(await scene.tags(repository)).toEqual({ v1: digest });
  });
});

test("a registry that goes on failing is given up after as many tries as were asked for", async () => {
  const workspace = await writeContext(scene, { Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
  const errors = [{ code: "RANGE_INVALID", message: "invalid content range" }];
  // BuildKit itself does not try this again.
  scene.azure.faults.add(
    { name: "lost upload", when: { path: /^\/v2\/broken\/app\/blobs\/uploads\/./ } },
    { kind: "respond", status: 416, body: { errors } },
  );
  const published = await scene.publish({ images: "broken/app", retries: "1" }, { workspace });
  expect(published.outputs).toMatchObject({ "error-code": "registry-busy", tags: "" });
  expect(published.log.filter(({ text }) => text.startsWith("#1 [internal] load build definition"))).toHaveLength(2);
  expect(await scene.tags("broken/app")).toEqual({});
});

// The last one: what fills the disk stays there.
test("a build for which the disk is too small says so, and is not tried again", async () => {
  const workspace = await writeContext(scene, { Dockerfile: "FROM scratch\nCOPY large /\n" });
  await writeFile(join(workspace, "large"), randomBytes(30_000_000));
  const published = await scene.publish({ images: "full/app" }, { workspace });
  expect(published.outputs).toMatchObject({ "error-code": "disk-full", tags: "" });
  expect(published.errors[0]?.message).toContain("docker system prune");
  expect(published.log.filter(({ text }) => text.startsWith("#1 [internal] load build definition"))).toHaveLength(1);
  expect(await scene.tags("full/app")).toEqual({});
});
