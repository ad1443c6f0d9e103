import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { type Descriptor, type Manifest, MEDIA_TYPES } from "../../src/image/manifest.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { type CopiedPart, copyImage } from "../../src/registry/copy-image.ts";
import { readFrom } from "../../src/registry/image-source.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createFarRegistry, digestOf, type FarOptions } from "./far-registry.ts";
import { meet } from "./far-world.ts";

function setUp(options: FarOptions = {}) {
  const far = createFarRegistry(options);
  return { far, registry: connectRegistry(meet(far).session) };
}

type Far = ReturnType<typeof createFarRegistry>;

function addBlob(
  far: Far,
  name: string,
  text: string,
  mediaType: string = "application/vnd.oci.image.layer.v1.tar",
): Descriptor {
  const content = Buffer.from(text);
  far.blobs.set(`${name}@${digestOf(content)}`, content);
  return { mediaType, digest: digestOf(content), size: content.length };
}

function addManifest(far: Far, name: string, text: string, more: object = {}, ...tags: readonly string[]): Descriptor {
  const config = addBlob(far, name, `config of ${text}`, "application/vnd.oci.image.config.v1+json");
  const layers = [addBlob(far, name, text), addBlob(far, name, "a layer that all share")];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers, ...more }));
  const digest = far.put(name, bytes, MEDIA_TYPES.ociManifest, ...tags);
  return { mediaType: MEDIA_TYPES.ociManifest, digest, size: bytes.length };
}

/** An image for two platforms, with BuildKit's attestation in its index. */
function addIndex(far: Far, name: string): string {
  const manifests = ["amd64", "arm64", "attestation"].map((text) => addManifest(far, name, text));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests }));
  return far.put(name, bytes, MEDIA_TYPES.ociIndex, "1.2");
}

const under = (far: Far, name: string): readonly string[] =>
  [...far.manifests.keys(), ...far.blobs.keys()].filter((key) => key.startsWith(`${name}@sha256:`)).sort();
const digestsOf = (keys: readonly string[]) => keys.map((key) => key.split("@")[1]);

describe("a copy", () => {
  test("of an index brings all that it is made of, and nothing but that", async () => {
    const from = setUp();
    const to = setUp({ host: "mayfly.azurecr.io", realm: "https://mayfly.azurecr.io/token" });
    const digest = addIndex(from.far, "team/app");
    addManifest(from.far, "team/app", "another image");
    const source = readFrom(from.registry, "team/app");
    const parts: CopiedPart[] = [];
    await copyImage({ source, target: to.registry, name: "shop/app", digest, onCopied: (part) => parts.push(part) });
    expect(to.far.manifests.get(`shop/app@${digest}`)?.bytes).toEqual(
      from.far.manifests.get(`team/app@${digest}`)?.bytes,
    );
    expect(parts.map(({ how }) => how)).toEqual(Array(11).fill("sent"));
    expect(new Set(parts.map((part) => part.digest)).size).toBe(11);
    expect(new Set(digestsOf(under(to.far, "shop/app")))).toEqual(new Set(parts.map((part) => part.digest)));
    expect(to.far.manifests.has("shop/app@1.2")).toBe(false);
  });

  test("puts parts before the whole", async () => {
    const from = setUp();
    const to = setUp();
    const digest = addIndex(from.far, "team/app");
    await copyImage({ source: readFrom(from.registry, "team/app"), target: to.registry, name: "shop/app", digest });
    const puts = to.far.requests.filter(({ method, url }) => method === "PUT" && url.pathname.includes("/manifests/"));
    expect(puts).toHaveLength(4);
    expect(puts.at(-1)?.url.pathname).toContain(digest);
    const first = to.far.requests.findIndex((asked) => asked === puts[0]);
    const layer = to.far.requests.findIndex(({ url }) => url.searchParams.has("digest"));
    expect(layer).toBeLessThan(first);
  });

  test("sends nothing that is there, and nothing at all the second time", async () => {
    const from = setUp();
    const to = setUp();
    const digest = addIndex(from.far, "team/app");
    addBlob(to.far, "shop/app", "amd64");
    const parts: CopiedPart[] = [];
    const copy = {
      source: readFrom(from.registry, "team/app"),
      target: to.registry,
      name: "shop/app",
      digest,
      onCopied: (part: CopiedPart) => void parts.push(part),
    };
    await copyImage(copy);
    expect(parts.filter(({ how }) => how === "there").map((part) => part.digest)).toEqual([digestOf("amd64")]);
    const asked = to.far.requests.length;
    await copyImage(copy);
    expect(to.far.requests.slice(asked).map(({ method }) => method)).toEqual(["HEAD", "HEAD"]);
  });

  test("within a registry mounts its layers", async () => {
    const { far, registry } = setUp();
    const digest = addIndex(far, "team/app");
    const parts: CopiedPart[] = [];
    const source = readFrom(registry, "team/app");
    await copyImage({ source, target: registry, name: "shop/app", digest, onCopied: (part) => parts.push(part) });
    const blobs = parts.filter((part) => far.blobs.has(`shop/app@${part.digest}`));
    expect(blobs.map(({ how }) => how)).toEqual(Array(7).fill("mounted"));
  });

  test("is no copy until the target says that it has the digest", async () => {
    const from = setUp();
    const to = setUp();
    const { digest } = addManifest(from.far, "team/app", "x");
    to.far.intercept(({ method, url }) =>
      method === "PUT" && url.pathname.includes("/manifests/") ? { status: 201 } : undefined,
    );
    const source = readFrom(from.registry, "team/app");
    await expect(copyImage({ source, target: to.registry, name: "shop/app", digest })).rejects.toMatchObject({
      facts: { code: "not-there" },
    });
  });

  test("of an image that lacks a part puts no whole", async () => {
    const from = setUp();
    const to = setUp();
    const digest = addIndex(from.far, "team/app");
    const manifest = JSON.parse(String(from.far.manifests.get(`team/app@${digest}`)?.bytes)).manifests[1];
    from.far.manifests.delete(`team/app@${manifest.digest}`);
    const source = readFrom(from.registry, "team/app");
    await expect(copyImage({ source, target: to.registry, name: "shop/app", digest })).rejects.toMatchObject({
      code: "broken-image",
      message: expect.stringContaining(`ghcr.io/team/app lacks ${manifest.digest}`),
    });
    expect(to.far.manifests.has(`shop/app@${digest}`)).toBe(false);
  });

  test("leaves layers behind that only their maker may hand out", async () => {
    const from = setUp();
    const to = setUp();
    const foreign = {
      mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
      digest: digestOf("windows"),
      size: 7,
      urls: ["https://mcr.example.com/layer"],
    };
    const { digest } = addManifest(from.far, "team/app", "x", { layers: [foreign] });
    await copyImage({ source: readFrom(from.registry, "team/app"), target: to.registry, name: "shop/app", digest });
    expect(to.far.blobs.has(`shop/app@${foreign.digest}`)).toBe(false);
  });

  test("that fails in one layer throws that fault once the others have come to an end", async () => {
    const from = setUp();
    const to = setUp();
    const digest = addIndex(from.far, "team/app");
    from.far.blobs.set(`team/app@${digestOf("arm64")}`, Buffer.from("ARM64"));
    const source = readFrom(from.registry, "team/app");
    await expect(copyImage({ source, target: to.registry, name: "shop/app", digest })).rejects.toMatchObject({
      facts: { code: "wrong-digest" },
    });
    expect(to.far.blobs.has(`shop/app@${digestOf("arm64")}`)).toBe(false);
  });
});

describe("a copy with what points at the image", () => {
  const signature = (far: Far, of: string, text = "sig") => {
    const subject = { mediaType: MEDIA_TYPES.ociIndex, digest: of, size: 3 };
    return addManifest(far, "team/app", text, { subject, artifactType: "application/sig" });
  };

  test.each([true, false])("brings signatures, and what points at those; counted by the target: %p", async (counts) => {
    const from = setUp({ referrers: true });
    const to = setUp({ referrers: counts });
    const digest = addIndex(from.far, "team/app");
    const first = signature(from.far, digest);
    const second = signature(from.far, first.digest, "signature of the signature");
    const source = readFrom(from.registry, "team/app");
    await copyImage({ source, target: to.registry, name: "shop/app", digest, referrers: true });
    const found = async (of: string) => (await to.registry.listReferrers("shop/app", of)).map((one) => one.digest);
    expect(await found(digest)).toEqual([first.digest]);
    expect(await found(first.digest)).toEqual([second.digest]);
  });

  test("brings those of an image that is there already", async () => {
    const from = setUp({ referrers: true });
    const to = setUp({ referrers: true });
    const digest = addIndex(from.far, "team/app");
    const copy = { source: readFrom(from.registry, "team/app"), target: to.registry, name: "shop/app", digest };
    await copyImage(copy);
    const child = JSON.parse(String(from.far.manifests.get(`team/app@${digest}`)?.bytes)).manifests[0];
    const late = signature(from.far, child.digest);
    await copyImage({ ...copy, referrers: true });
    expect(to.far.manifests.has(`shop/app@${late.digest}`)).toBe(true);
  });

  test("brings cosign's tags, and leaves those alone that say something else at the target", async () => {
    const from = setUp();
    const to = setUp();
    const digest = addIndex(from.far, "team/app");
    const tag = digest.replace(":", "-");
    const kept = addManifest(from.far, "team/app", "sig", {}, `${tag}.sig`);
    addManifest(from.far, "team/app", "att", {}, `${tag}.att`);
    const own = addManifest(to.far, "shop/app", "own attestation", {}, `${tag}.att`);
    const source = readFrom(from.registry, "team/app");
    const copied = await copyImage({ source, target: to.registry, name: "shop/app", digest, referrers: true });
    expect(await to.registry.findManifest("shop/app", `${tag}.sig`)).toMatchObject({ digest: kept.digest });
    expect(await to.registry.findManifest("shop/app", `${tag}.att`)).toMatchObject({ digest: own.digest });
    expect(copied).toEqual({ left: [`${tag}.att`] });
  });
});

test("a manifest that lies about the size of a part is refused", async () => {
  const config = { mediaType: "x", digest: digestOf("{}"), size: 9 };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [] }));
  const manifest: Manifest = { mediaType: MEDIA_TYPES.ociManifest, digest: digestOf(bytes), bytes };
  const target: Registry = setUp().registry;
  const source = {
    label: "an archive",
    readManifest: async () => manifest,
    readBlob: async () => Readable.from([Buffer.from("{}")]),
    listReferrers: async () => [],
  };
  await expect(copyImage({ source, target, name: "a", digest: manifest.digest })).rejects.toMatchObject({
    code: "broken-image",
  });
});
