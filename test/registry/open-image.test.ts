import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { MEDIA_TYPES } from "../../src/image/manifest.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { copyImage } from "../../src/registry/copy-image.ts";
import type { OpenedImage } from "../../src/registry/oci-layout.ts";
import { openImage } from "../../src/registry/open-image.ts";
import { createFarRegistry, digestOf } from "./far-registry.ts";
import { meet } from "./far-world.ts";
import { type Extra, type Files, makeFolder, makeLayout, makeSaved, writeFolder, writeTar } from "./image-on-disk.ts";

/** Brings an image to a registry, and what that has then. */
async function push({ source, digest }: OpenedImage) {
  const far = createFarRegistry();
  await copyImage({ source, target: connectRegistry(meet(far).session), name: "team/app", digest });
  return far;
}

async function open(files: Files, options: { readonly pick?: string; readonly extra?: readonly Extra[] } = {}) {
  await using folder = await makeFolder();
  const path = await writeTar(join(folder.path, "image.tar"), files, options.extra);
  const image = await openImage({ path, pick: options.pick, scratch: folder.path });
  return { digest: image.digest, far: await push(image) };
}

describe("an OCI layout", () => {
  test.each(["folder", "tar", "tar.gz"] as const)("as a %s is pushed byte for byte", async (form) => {
    await using folder = await makeFolder();
    const { files, root, manifests } = await makeLayout(["amd64", "arm64"]);
    const path = join(folder.path, "image");
    if (form === "folder") await writeFolder(path, files);
    else await writeTar(path, files);
    if (form === "tar.gz") await writeFile(path, gzipSync(await readFile(path)));
    const image = await openImage({ path, scratch: folder.path });
    expect(image.digest).toBe(root.digest);
    const far = await push(image);
    const blobs = Object.keys(files).filter((name) => name.startsWith("blobs/"));
    expect(blobs).toHaveLength(7);
    for (const name of blobs) {
      const key = `team/app@${name.slice("blobs/".length).replace("/", ":")}`;
      expect(far.manifests.get(key)?.bytes ?? far.blobs.get(key)).toEqual(files[name]);
    }
    expect(far.manifests.get(`team/app@${root.digest}`)?.mediaType).toBe(MEDIA_TYPES.ociIndex);
    expect(far.manifests.get(`team/app@${manifests[0]?.digest}`)?.mediaType).toBe(MEDIA_TYPES.ociManifest);
  });

  test("with one image under two names is one image", async () => {
    const { files, root } = await makeLayout(["amd64"], ["1", "latest"]);
    expect((await open(files)).digest).toBe(root.digest);
  });

  test("with several images asks which one, and takes the one that is named", async () => {
    const [first, second] = [await makeLayout(["amd64"], ["app:1"]), await makeLayout(["arm64"], ["app:2"])];
    const manifests = [first, second].flatMap(({ files }) => JSON.parse(String(files["index.json"])).manifests);
    const files = { ...first.files, ...second.files, "index.json": JSON.stringify({ manifests }) };
    await expect(open(files)).rejects.toMatchObject({
      code: "image-ambiguous",
      message: expect.stringContaining("app:1, app:2"),
    });
    expect((await open(files, { pick: "app:2" })).digest).toBe(second.root.digest);
    expect((await open(files, { pick: first.root.digest })).digest).toBe(first.root.digest);
    await expect(open(files, { pick: "app:3" })).rejects.toMatchObject({ code: "image-not-found" });
  });

  test("with a layer that is another than its name says is refused", async () => {
    const { files } = await makeLayout(["amd64"]);
    const layer = Object.keys(files).find((name) => Buffer.isBuffer(files[name]) && files[name][0] === 0x1f);
    const size = files[layer ?? ""]?.length ?? 0;
    await expect(open({ ...files, [layer ?? ""]: Buffer.alloc(size) })).rejects.toMatchObject({ code: "broken-image" });
  });

  test("with a manifest that is another than its name says is refused", async () => {
    const { files, root } = await makeLayout(["amd64"]);
    const name = `blobs/${root.digest.replace(":", "/")}`;
    await expect(open({ ...files, [name]: "{}" })).rejects.toMatchObject({ code: "broken-image" });
  });

  test("that lacks a part is refused", async () => {
    const { files, manifests } = await makeLayout(["amd64", "arm64"]);
    const { [`blobs/${manifests[1]?.digest.replace(":", "/")}`]: _, ...rest } = files;
    await expect(open(rest)).rejects.toMatchObject({ code: "broken-image" });
  });

  test("with a manifest over 4 MiB is refused", async () => {
    const bytes = Buffer.alloc(5 * 1024 * 1024, " ");
    const digest = digestOf(bytes);
    const entry = { mediaType: MEDIA_TYPES.ociManifest, digest, size: bytes.length };
    const files = {
      "oci-layout": "{}",
      "index.json": JSON.stringify({ manifests: [entry] }),
      [`blobs/${digest.replace(":", "/")}`]: bytes,
    };
    await expect(open(files)).rejects.toMatchObject({
      code: "broken-image",
      message: expect.stringContaining("4 MiB"),
    });
  });

  test("in a folder is not left through a link", async () => {
    await using folder = await makeFolder();
    const { files } = await makeLayout(["amd64"]);
    const path = await writeFolder(join(folder.path, "image"), files);
    const outside = await writeFolder(join(folder.path, "outside"), { secret: "{}" });
    await symlink(join(outside, "secret"), join(path, "manifest.json"));
    await expect(openImage({ path, scratch: folder.path })).rejects.toMatchObject({
      code: "broken-image",
      message: expect.stringContaining("leads out of it"),
    });
  });
});

describe("a docker archive", () => {
  test("is pushed as docker pushes: its config as it is, its layers compressed", async () => {
    const { files, config, layers } = await makeSaved(["one", "two"]);
    const { digest, far } = await open(files);
    const manifest = far.manifests.get(`team/app@${digest}`);
    const body = JSON.parse(String(manifest?.bytes));
    expect(manifest?.mediaType).toBe(MEDIA_TYPES.dockerManifest);
    expect(body.config.digest).toBe(digestOf(config));
    expect(
      body.layers.map((layer: { digest: string }) => gunzipSync(far.blobs.get(`team/app@${layer.digest}`) ?? "")),
    ).toEqual(layers);
    expect((await open(files)).digest).toBe(digest);
  });

  test("with a layer that is compressed already keeps its bytes", async () => {
    const { files, layers, names } = await makeSaved(["one"]);
    const gzipped = gzipSync(layers[0] ?? "", { level: 1 });
    const { digest, far } = await open({ ...files, [names[0] ?? ""]: gzipped });
    const [layer] = JSON.parse(String(far.manifests.get(`team/app@${digest}`)?.bytes)).layers;
    expect(layer).toMatchObject({ digest: digestOf(gzipped), size: gzipped.length });
  });

  test("with a layer that it has twice, the second as a link, as docker 20 writes it", async () => {
    const { files, names } = await makeSaved(["one", "one"]);
    const { [names[1] ?? ""]: _, ...rest } = files;
    const link = { name: names[1] ?? "", type: "symlink", linkname: `../${names[0]}` } as const;
    const { far, digest } = await open(rest, { extra: [link] });
    expect(JSON.parse(String(far.manifests.get(`team/app@${digest}`)?.bytes)).layers).toHaveLength(2);
  });

  test("of docker 25 and later, which is an OCI layout with plain layers as well, is compressed", async () => {
    const { files, config, layers } = await makeSaved(["one"]);
    const blob = (bytes: Buffer) => `blobs/${digestOf(bytes).replace(":", "/")}`;
    const describeBlob = (mediaType: string, bytes: Buffer) => ({
      mediaType,
      digest: digestOf(bytes),
      size: bytes.length,
    });
    const [layer = Buffer.alloc(0)] = layers;
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MEDIA_TYPES.ociManifest,
        config: describeBlob("application/vnd.oci.image.config.v1+json", config),
        layers: [describeBlob("application/vnd.oci.image.layer.v1.tar", layer)],
      }),
    );
    const newer = await open({
      "oci-layout": "{}",
      "index.json": JSON.stringify({ manifests: [describeBlob(MEDIA_TYPES.ociManifest, manifest)] }),
      "manifest.json": JSON.stringify([{ Config: blob(config), RepoTags: ["app:1"], Layers: [blob(layer)] }]),
      [blob(config)]: config,
      [blob(layer)]: layer,
      [blob(manifest)]: manifest,
    });
    expect(newer.digest).toBe((await open(files)).digest);
  });

  test("with several images asks which one, and takes the one that is named", async () => {
    const [one, two] = [await makeSaved(["one"], ["app:1"]), await makeSaved(["two"], ["docker.io/library/app:2"])];
    const moved = Object.fromEntries(Object.entries(two.files).map(([name, content]) => [`two/${name}`, content]));
    const [second] = JSON.parse(String(two.files["manifest.json"]));
    const entry = { ...second, Config: `two/${second.Config}`, Layers: [`two/${two.names[0]}`] };
    const [first] = JSON.parse(String(one.files["manifest.json"]));
    const files = { ...one.files, ...moved, "manifest.json": JSON.stringify([first, entry]) };
    await expect(open(files)).rejects.toMatchObject({ code: "image-ambiguous" });
    expect((await open(files, { pick: "app:2" })).digest).toBe((await open(two.files)).digest);
  });

  test.each([
    ["a layer that is another than the image asks for", { "layer0/layer.tar": "evil" }],
    ["a config that is no JSON", "config"],
    ["a manifest.json that says nothing", { "manifest.json": "[{}]" }],
    ["a layer too few", { "manifest.json": "layers" }],
  ])("with %s is refused", async (_, change) => {
    const { files } = await makeSaved(["one"]);
    const [entry] = JSON.parse(String(files["manifest.json"]));
    const changes: Readonly<Record<string, Files>> = {
      config: { [entry.Config]: "no JSON" },
      layers: { "manifest.json": JSON.stringify([{ ...entry, Layers: [] }]) },
    };
    const given =
      typeof change === "string"
        ? changes[change]
        : "manifest.json" in change && change["manifest.json"] === "layers"
          ? changes["layers"]
          : change;
    await expect(open({ ...files, ...(given as Files) })).rejects.toMatchObject({ code: "broken-image" });
  });
});

describe("an archive that means no good", () => {
  test.each([
    ["a name that leads out", { name: "../../etc/passwd", content: "x" }],
    ["an absolute name", { name: "/etc/passwd", content: "x" }],
    ["a symbolic link that leads out", { name: "manifest.json", type: "symlink", linkname: "../../etc/passwd" }],
    ["an absolute symbolic link", { name: "manifest.json", type: "symlink", linkname: "/etc/passwd" }],
    ["a hard link that leads out", { name: "manifest.json", type: "link", linkname: "../etc/passwd" }],
    ["a link to itself", { name: "manifest.json", type: "symlink", linkname: "manifest.json" }],
  ] as const)("by %s is refused", async (_, entry) => {
    const { files } = await makeLayout(["amd64"]);
    await expect(open(files, { extra: [entry] })).rejects.toMatchObject({ code: "broken-image" });
  });

  test.each([
    ["that is no archive", Buffer.from("hello, this is no archive at all".repeat(40))],
    ["that ends in the middle", "cut"],
    ["whose gzip ends in the middle", "cut gzip"],
  ])("%s is refused", async (_, content) => {
    await using folder = await makeFolder();
    const path = await writeTar(join(folder.path, "image.tar"), (await makeLayout(["amd64"])).files);
    const whole = await readFile(path);
    const bytes =
      typeof content !== "string"
        ? content
        : content === "cut"
          ? whole.subarray(0, 1500)
          : gzipSync(whole).subarray(0, 200);
    await writeFile(path, bytes);
    await expect(openImage({ path, scratch: folder.path })).rejects.toMatchObject({ code: "broken-image" });
  });
});

describe("a path", () => {
  test("without a file is told", async () => {
    await expect(openImage({ path: "/nowhere/image.tar", scratch: "/nowhere" })).rejects.toMatchObject({
      code: "image-not-found",
      message: expect.stringContaining("/nowhere/image.tar"),
    });
  });

  test("to files that are no image is told, with how to make one", async () => {
    await expect(open({ "readme.md": "hello" })).rejects.toMatchObject({
      code: "image-not-found",
      message: expect.stringContaining("docker save"),
    });
    await using folder = await makeFolder();
    await mkdir(join(folder.path, "empty"));
    await expect(openImage({ path: join(folder.path, "empty"), scratch: folder.path })).rejects.toMatchObject({
      code: "image-not-found",
    });
  });

  test("to a zstd archive is told what to do with it", async () => {
    await using folder = await makeFolder();
    const path = join(folder.path, "image.tar.zst");
    await writeFile(path, Buffer.from("28b52ffd00", "hex"));
    await expect(openImage({ path, scratch: folder.path })).rejects.toMatchObject({ code: "archive-unsupported" });
  });
});

test("a blob of an archive is read from its own place", async () => {
  await using folder = await makeFolder();
  const { files, root } = await makeLayout(["amd64", "arm64"]);
  const path = await writeTar(join(folder.path, "image.tar"), files);
  const { source } = await openImage({ path, scratch: folder.path });
  for (const name of Object.keys(files).filter((each) => each.startsWith("blobs/"))) {
    const digest = name.slice("blobs/".length).replace("/", ":");
    expect(await buffer(await source.readBlob(digest))).toEqual(files[name]);
  }
  expect((await source.readManifest(root.digest))?.bytes).toEqual(files[`blobs/${root.digest.replace(":", "/")}`]);
  expect(await source.readManifest(digestOf("nothing"))).toBeUndefined();
});
