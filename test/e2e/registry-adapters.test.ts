import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { sleep } from "../../src/kit/cancel.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { copyImage } from "../../src/registry/copy-image.ts";
import { readFrom } from "../../src/registry/image-source.ts";
import { openImage } from "../../src/registry/open-image.ts";
import { connectSession } from "../../src/registry/session.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { startRegistry } from "../image-tools/registry.ts";
import { digestOf } from "../registry/far-registry.ts";

jest.setTimeout(180_000);

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-copies-"));
});
afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

/** Runs a program with nothing in its environment but a path and this. */
async function run(env: Readonly<Record<string, string>>, program: string, ...parameters: readonly string[]) {
  const options = { env: { PATH: process.env["PATH"] ?? "", ...env } };
  return (await promisify(execFile)(program, parameters, options)).stdout;
}

/** The bytes of a manifest as skopeo reads them, in plain HTTP. */
async function readRaw(reference: string): Promise<string> {
  const { skopeo } = needTools("skopeo");
  return run({}, skopeo, "inspect", "--tls-verify=false", "--raw", `docker://${reference}`);
}

function open(host: string) {
  const cancelled = new AbortController().signal;
  const time = { now: () => new Date(), random: Math.random, sleep: (ms: number) => sleep(ms, cancelled) };
  const credentials = { kind: "anonymous" } as const;
  return connectRegistry(
    connectSession({ host, credentials, time, cancelled, environment: {}, mask: () => undefined }),
  );
}

/** Brings an archive to a registry of its own; returns its digest there. */
async function push(path: string, host: string, name = "copy/app"): Promise<string> {
  const folder = join(scratch, "unpacked");
  await mkdir(folder, { recursive: true });
  const { source, digest } = await openImage({ path, scratch: folder });
  await copyImage({ source, target: open(host), name, digest });
  return digest;
}

describe("what real builders write, in a real registry,", () => {
  test.each([
    ["an OCI archive of two platforms with provenance", "image.tar", "type=oci,dest="],
    ["an OCI layout in a folder", "image", "type=oci,tar=false,dest="],
  ])("%s, keeps every byte", async (_, file, output) => {
    const { docker, skopeo } = needTools("docker.io", "skopeo");
    await using registry = await startRegistry({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const lines = ["ARG TARGETARCH", "COPY page /page-$TARGETARCH"];
    const context = await createBusyboxContext({ scratch, lines, files: { page: "hello\n" } });
    const path = join(scratch, file);
    const options = ["--platform", "linux/amd64,linux/arm64", "--provenance", "mode=max"];
    await run(buildkitd.env, docker, "buildx", "build", ...options, "--output", `${output}${path}`, context);
    const digest = await push(path, registry.host);
    const index = await readRaw(`${registry.host}/copy/app@${digest}`);
    expect(digestOf(index)).toBe(digest);
    const { manifests } = JSON.parse(index);
    expect(manifests).toHaveLength(4);
    // skopeo reads every blob and checks it.
    const copied = join(scratch, "read-back");
    const reference = `docker://${registry.host}/copy/app@${digest}`;
    await run({}, skopeo, "copy", "--quiet", "--all", "--src-tls-verify=false", reference, `oci:${copied}`);
    const referrers = await open(registry.host).listReferrers("copy/app", digest);
    expect(referrers).toEqual([]);
  });

  test("docker save, is pushed as docker itself pushes it", async () => {
    const { docker, skopeo } = needTools("docker.io", "skopeo");
    await using registry = await startRegistry({ scratch });
    await using dockerd = await startDockerd({ scratch });
    const env = { ...dockerd.env, DOCKER_CONFIG: await createDockerConfig(scratch) };
    const context = await createBusyboxContext({
      scratch,
      // The same layer twice: docker 20 saves the second one as a link.
      lines: ["COPY page /page", "COPY page /page", "LABEL org.example.mayfly=yes"],
      files: { page: "hello\n" },
    });
    const tag = `${registry.host}/shop/web:1`;
    await run(env, docker, "build", "--tag", tag, context);
    const path = join(scratch, "saved.tar");
    await run(env, docker, "save", "--output", path, tag);
    await run(env, docker, "push", tag);
    const digest = await push(path, registry.host);
    const [ours, dockers] = await Promise.all(
      [`copy/app@${digest}`, "shop/web:1"].map(async (each) => JSON.parse(await readRaw(`${registry.host}/${each}`))),
    );
    expect(ours.mediaType).toBe(dockers.mediaType);
    expect(ours.config).toEqual(dockers.config);
    expect(ours.layers).toHaveLength(dockers.layers.length);
    // The engine takes it, runs it, and finds the same image.
    const pulled = `${registry.host}/copy/app@${digest}`;
    await run(env, docker, "rmi", tag);
    await run(env, docker, "pull", "--quiet", pulled);
    expect(await run(env, docker, "run", "--rm", pulled, "/bin/busybox", "cat", "/page")).toBe("hello\n");
    const archive = `docker-archive:${join(scratch, "skopeo.tar")}:web:1`;
    await run({}, skopeo, "copy", "--quiet", "--src-tls-verify=false", `docker://${pulled}`, archive);
    expect(
      JSON.parse(
        await readRaw(
          `${registry.host}/copy/skopeo@${await push(join(scratch, "skopeo.tar"), registry.host, "copy/skopeo")}`,
        ),
      ).config,
    ).toEqual(ours.config);
  });

  test("buildx's docker archive, arrives", async () => {
    const { docker } = needTools("docker.io");
    await using registry = await startRegistry({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const context = await createBusyboxContext({ scratch, lines: ["COPY page /page"], files: { page: "hello\n" } });
    const path = join(scratch, "image.tar");
    const options = ["--provenance=false", "--tag", "web:1", "--output", `type=docker,dest=${path}`];
    await run(buildkitd.env, docker, "buildx", "build", ...options, context);
    const digest = await push(path, registry.host);
    expect(digestOf(await readRaw(`${registry.host}/copy/app@${digest}`))).toBe(digest);
  });
});

describe("with a real registry", () => {
  test("an image goes from one to another with its signature, and a copy within one mounts its layers", async () => {
    const { docker } = needTools("docker.io");
    await using from = await startRegistry({ scratch });
    await using to = await startRegistry({ scratch });
    await using buildkitd = await startBuildkitd({ scratch });
    const context = await createBusyboxContext({ scratch, lines: [] });
    const tag = `${from.host}/team/app:1`;
    await run(buildkitd.env, docker, "buildx", "build", "--push", "--tag", tag, context);
    const [source, target] = [open(from.host), open(to.host)];
    const found = await source.findManifest("team/app", "1");
    const digest = found?.digest ?? "";
    const config = Buffer.from("{}");
    const described = { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf(config), size: config.length };
    await source.uploadBlob("team/app", described, async () => Readable.from([config]));
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactType: "application/vnd.example.signature",
        config: described,
        layers: [described],
        subject: found,
      }),
    );
    const signature = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digestOf(bytes), bytes };
    await source.putManifest("team/app", signature.digest, signature);

    const copy = { source: readFrom(source, "team/app"), digest, referrers: true };
    await copyImage({ ...copy, target, name: "team/app" });
    expect(await readRaw(`${to.host}/team/app@${digest}`)).toBe(await readRaw(tag));
    expect(await target.listReferrers("team/app", digest)).toMatchObject([{ digest: signature.digest }]);

    const how: string[] = [];
    await copyImage({ ...copy, target: source, name: "shop/app", onCopied: (part) => how.push(part.how) });
    expect(how.filter((each) => each === "mounted").length).toBeGreaterThan(2);
  });

  test("a manifest that its parts are missing for is refused in the registry's words", async () => {
    await using registry = await startRegistry({ scratch });
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf("nothing"), size: 7 },
        layers: [],
      }),
    );
    const manifest = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digestOf(bytes), bytes };
    await expect(open(registry.host).putManifest("app", "1", manifest)).rejects.toMatchObject({
      facts: { status: 400, code: "MANIFEST_BLOB_UNKNOWN" },
    });
  });
});
