import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { GHCR } from "../azure/acr/add-registry.ts";
import type { AcrFault, AcrFaultOptions } from "../azure/acr/faults.ts";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { fetchImage } from "./fetched-image.ts";
import { LAYOUT, writeContext, writeLayout } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";
import { inLanes } from "./lanes.ts";

jest.setTimeout(180_000);

// A disk that a build of some megabytes fills.
let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx", diskMegabytes: 24 });
});
afterAll(async () => scene[Symbol.asyncDispose]());

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

interface Case {
  readonly name: string;
  readonly fault: AcrFault;
  readonly options?: AcrFaultOptions;
  /** What of a repository's paths the fault is for. */
  readonly part: string;
}

const UPLOADS = "blobs/uploads/[^/]+$";
const CASES: readonly Case[] = [
  { name: "a gateway's page for an answer", fault: "upload-bad-gateway", options: { times: 2 }, part: UPLOADS },
  { name: "a token that is refused in the middle of it", fault: "upload-unauthorized", part: UPLOADS },
  { name: "a cut in the middle of it", fault: "upload-cut", options: { bytes: 100 }, part: UPLOADS },
  { name: "too many requests", fault: "manifest-throttled", options: { retryAfterSeconds: 1 }, part: "manifests/" },
];

describe.each(["buildx", "existing"])("a push (%s) goes well all the same after", (how) => {
  const published = new Map<string, Published>();
  const repositoryOf = (fault: string): string => `${how}/${fault}`;
  beforeAll(async () => {
    // Most of the time they wait before they try again.
    await inLanes(CASES, 4, async ({ name, fault, options, part }) => {
      const images = repositoryOf(fault);
      scene.registry.fault(fault, { ...options, path: new RegExp(`^/v2/${images}/${part}`) });
      const { workspace } = await writeLayout(scene, ["amd64"]);
      await writeFile(join(workspace, "Dockerfile"), "FROM scratch\nCOPY page /hello\n");
      await writeFile(join(workspace, "page"), name);
      const from = how === "existing" ? { from: LAYOUT } : {};
      published.set(fault, await scene.publish({ images, tags: "v1", ...from }, { workspace }));
    });
  });

  test.each(CASES)("$name", async ({ name, fault }) => {
    const { errors, outputs } = published.get(fault) ?? {};
    expect(errors).toEqual([]);
    const asked = scene.azure.traffic.requests.filter(({ path }) => path.startsWith(`/v2/${repositoryOf(fault)}/`));
    // A connection that was cut has no status.
    const spoilt = asked.filter(({ faults = [], status }) => status === 0 || faults.includes(`acr ${fault}`));
    expect(spoilt.length).toBeGreaterThanOrEqual(1);
    expect(await scene.tags(repositoryOf(fault))).toEqual({ v1: outputs?.["digest"] });
    const { platforms } = await fetchImage(scene, outputs?.["image"] ?? "");
    expect(await platforms["linux/amd64"]?.read("hello")).toBe(how === "buildx" ? name : "amd64");
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
