import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import type { Azure } from "../azure.ts";
import { asObject, type Json } from "../wire.ts";
import { dockerBuild, encodedTask, type QuickRuns, quickRuns } from "./quick-run.ts";

const FILES = { Dockerfile: "FROM scratch\nCOPY deep /deep\n", "deep/a": "hello" };
const CALLER = { credentials: { sourceRegistry: { identity: "[caller]" } } };

/** The image under a tag, as anybody with a token reads it. */
async function pull(azure: Azure, name: string, reference: string) {
  const registry = azure.acr.find("mayfly.azurecr.io");
  const manifest = await registry?.backend.findManifest(name, reference);
  if (registry === undefined || manifest === undefined) throw new Error(`No ${name}:${reference}`);
  const read = async ({ digest }: { readonly digest: string }) => {
    const blob = await registry.backend.findBlob(name, digest);
    const chunks: Buffer[] = [];
    for await (const chunk of (await blob?.read()) ?? []) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const parsed = JSON.parse(manifest.bytes.toString()) as {
    readonly config: { readonly digest: string };
    readonly layers: readonly { readonly digest: string }[];
  };
  const config = asObject(JSON.parse((await read(parsed.config)).toString())) as Json;
  return { manifest, config, layers: await Promise.all(parsed.layers.map(read)) };
}

async function contents({ azure }: QuickRuns) {
  return (await azure.acr.find("mayfly.azurecr.io")?.contents()) ?? {};
}

describe("the scripted builder", () => {
  test("pushes a real image, whose digest the run names", async () => {
    const set = await quickRuns();
    const { azure, upload, schedule, ended, log } = set;
    const request = dockerBuild(await upload(FILES), {
      imageNames: ["team/app:1", "team/app:latest"],
      arguments: [{ name: "A", value: "1" }],
      target: "prod",
      platform: { os: "Linux", architecture: "arm64", variant: "v8" },
    });
    const runId = await schedule(request);
    const { status, outputImages } = await ended(runId);
    const { manifest, config, layers } = await pull(azure, "team/app", "latest");
    expect([status, outputImages]).toEqual([
      "Succeeded",
      ["1", "latest"].map((tag) => ({
        ...{ registry: "mayfly.azurecr.io", repository: "team/app", tag, digest: manifest.digest },
      })),
    ]);
    expect(manifest.mediaType).toBe("application/vnd.docker.distribution.manifest.v2+json");
    expect(config).toMatchObject({
      ...{ os: "linux", architecture: "arm64", variant: "v8" },
      history: [{ created_by: "ARG A=1\nFILE Dockerfile\nTARGET prod" }],
    });
    expect(layers.map((layer) => gunzipSync(layer).includes("deep/a"))).toEqual([true]);
    expect(await log(runId)).toContain(`1: digest: ${manifest.digest} size: ${manifest.bytes.length}\r\n`);
  });

  test("makes an OCI image with the labels where a step asks for BuildKit", async () => {
    const { azure, upload, schedule, ended } = await quickRuns();
    const line = "-t $Registry/app:$ID -f deep/D --label 'a.b=it'\\''s c' --build-arg=TOKEN --platform linux/amd64 .";
    const yaml = [
      "version: v1.1.0",
      "steps:",
      `  - build: ${JSON.stringify(line)}`,
      "    env: [DOCKER_BUILDKIT=1, TOKEN=t]",
      "  - push: [$Registry/app:$ID]",
    ].join("\n");
    const files = { "deep/D": "FROM scratch\nRUN --mount=type=secret,id=x true\n" };
    const runId = await schedule(encodedTask(yaml, { sourceLocation: await upload(files) }));
    expect((await ended(runId))["status"]).toBe("Succeeded");
    const { manifest, config } = await pull(azure, "app", runId);
    expect(manifest.mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
    expect(config).toMatchObject({
      config: { Labels: { "a.b": "it's c" } },
      history: [{ created_by: "ARG TOKEN=t\nFILE deep/D" }],
    });
  });

  test.each([
    ["FROM scratch\nRUN exit 3\n", {}, "The command '/bin/sh -c exit 3' returned a non-zero code: 3"],
    ["FROM scratch\nRUN --mount=type=cache,target=/c true\n", {}, "the --mount option requires BuildKit"],
    ["FROM scratch\n", { arguments: [{ name: "A", value: "b c" }] }, '"docker build" requires exactly 1 argument'],
  ])("fails as docker would: %j %j", async (dockerfile, more, message) => {
    const set = await quickRuns();
    const runId = await set.schedule(dockerBuild(await set.upload({ Dockerfile: dockerfile }), more));
    expect((await set.ended(runId))["status"]).toBe("Failed");
    expect(await set.log(runId)).toContain(message);
    expect(await contents(set)).toEqual({});
  });

  test("gives the same digest for the same context at the same time", async () => {
    const { upload, schedule, ended } = await quickRuns();
    const digests = new Set<unknown>();
    for (const set of [await quickRuns(), await quickRuns()]) {
      const run = await set.ended(await set.schedule(dockerBuild(await set.upload(FILES))));
      digests.add((run["outputImages"] as readonly Json[])[0]?.["digest"]);
    }
    expect(digests.size).toBe(1);
    expect((await ended(await schedule(dockerBuild(await upload(FILES)))))["outputImages"]).toHaveLength(1);
  });

  test("moves no frozen clock with what it asks of the registry", async () => {
    const { azure, upload, schedule, ended } = await quickRuns();
    const runId = await schedule(dockerBuild(await upload(FILES)));
    azure.clock.tick(60_000);
    expect((await ended(runId))["status"]).toBe("Succeeded");
    expect(azure.traffic.find({ host: "mayfly.azurecr.io" }).length).toBeGreaterThan(5);
    expect(azure.clock.now().getTime()).toBeLessThan(new Date("2026-11-21T09:10:00Z").getTime());
  });
});

describe("who may push from a run", () => {
  test("is anybody who may schedule it, in the older mode", async () => {
    const set = await quickRuns();
    const run = await set.ended(await set.schedule(dockerBuild(await set.upload(FILES))));
    expect([run["status"], Object.keys(await contents(set))]).toEqual(["Succeeded", ["team/app"]]);
  });

  test("is nobody where the request says so", async () => {
    const set = await quickRuns();
    const none = { credentials: { sourceRegistry: { loginMode: "None" } } };
    const runId = await set.schedule(dockerBuild(await set.upload(FILES), none));
    expect((await set.ended(runId))["status"]).toBe("Failed");
    expect(await set.log(runId)).toContain("unauthorized: authentication required");
    expect(await contents(set)).toEqual({});
  });

  test("is nobody by default in a registry with repository permissions", async () => {
    const set = await quickRuns({ mode: "abac" });
    set.azure.arm.assignRole(set.team.principal.objectId, "Container Registry Repository Writer", set.registry);
    const source = await set.upload(FILES);
    const runId = await set.schedule(dockerBuild(source));
    expect((await set.ended(runId))["status"]).toBe("Failed");
    const text = await set.log(runId);
    expect(text).not.toContain("Logging in to registry");
    expect(text.match(/Pushing image: mayfly\.azurecr\.io\/team\/app:1, attempt \d/g)).toHaveLength(3);
    expect(text).toContain("failed to run step ID: push: failed to push images successfully");
    expect((await set.ended(await set.schedule(dockerBuild(source, CALLER))))["status"]).toBe("Succeeded");
  });

  test("is the caller there, with no more than the caller has", async () => {
    const set = await quickRuns({ mode: "abac" });
    set.azure.arm.assignRole(set.team.principal.objectId, "Container Registry Repository Reader", set.registry);
    const runId = await set.schedule(dockerBuild(await set.upload(FILES), CALLER));
    expect((await set.ended(runId))["status"]).toBe("Failed");
    expect(await set.log(runId)).toContain("Successfully logged into mayfly.azurecr.io");
    expect(await contents(set)).toEqual({});
  });

  test("does not get as far as a login where the caller has nothing at all", async () => {
    const set = await quickRuns({ mode: "abac" });
    const runId = await set.schedule(dockerBuild(await set.upload(FILES), CALLER));
    expect((await set.ended(runId))["status"]).toBe("Failed");
    expect(await set.log(runId)).toContain("failed to login to mayfly.azurecr.io");
  });

  test("is nobody for an older version of the API, which does not know callers", async () => {
    const set = await quickRuns({ mode: "abac" });
    set.azure.arm.assignRole(set.team.principal.objectId, "Container Registry Repository Writer", set.registry);
    const body = dockerBuild(await set.upload(FILES), CALLER);
    const { json } = await set.ask("POST", `${set.registry}/scheduleRun?api-version=2019-06-01-preview`, body);
    expect((await set.ended(`${json["name"]}`))["status"]).toBe("Failed");
  });
});

test("A push that the registry refuses once gets there at the second attempt", async () => {
  const set = await quickRuns();
  set.azure.acr.find("mayfly.azurecr.io")?.fault("manifest-throttled");
  const runId = await set.schedule(dockerBuild(await set.upload(FILES)));
  expect((await set.ended(runId))["status"]).toBe("Succeeded");
  expect(await set.log(runId)).toMatch(/attempt 1\r\n.*toomanyrequests: too many requests\r\n.*attempt 2\r\n/s);
});
