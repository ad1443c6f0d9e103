import type { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { type Manifest, MEDIA_TYPES } from "../../src/image/manifest.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { RegistryFault } from "../../src/registry/registry-fault.ts";
import { createFarRegistry, digestOf, type FarOptions, json, oops } from "./far-registry.ts";
import { meet } from "./far-world.ts";

function setUp(options: FarOptions = {}) {
  const far = createFarRegistry(options);
  const world = meet(far);
  return { far, ...world, registry: connectRegistry(world.session) };
}

function makeManifest(content: unknown = { schemaVersion: 2, layers: [] }): Manifest {
  const bytes = Buffer.from(JSON.stringify(content));
  return { mediaType: MEDIA_TYPES.ociManifest, digest: digestOf(bytes), bytes };
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

describe("a manifest", () => {
  test("is found by tag, and read byte for byte, under the digest of its bytes", async () => {
    const { far, registry } = setUp();
    const odd = Buffer.from('{ "schemaVersion": 2,\n  "café": "\u00e9" }');
    const digest = far.put("team/app", odd, MEDIA_TYPES.ociManifest, "1.2");
    expect(await registry.findManifest("team/app", "1.2")).toEqual({
      mediaType: MEDIA_TYPES.ociManifest,
      digest,
      size: odd.length,
    });
    expect(await registry.readManifest("team/app", "1.2")).toEqual({
      mediaType: MEDIA_TYPES.ociManifest,
      digest,
      bytes: odd,
    });
  });

  test("that is not there is undefined", async () => {
    const { registry } = setUp();
    expect(await registry.findManifest("team/app", "1.2")).toBeUndefined();
    expect(await registry.readManifest("team/app", digestOf("x"))).toBeUndefined();
  });

  test("is not taken for missing when something in between says 404", async () => {
    const { far, registry } = setUp();
    far.put("team/app", makeManifest().bytes, MEDIA_TYPES.ociManifest, "1.2");
    far.intercept(({ url }) =>
      url.pathname.includes("manifests") ? { status: 404, body: "<html>proxy</html>" } : undefined,
    );
    await expect(registry.findManifest("team/app", "1.2")).rejects.toMatchObject({
      facts: { status: 404, code: "no-registry-error", said: "proxy" },
    });
  });

  test("that is found without its digest in a header is read instead", async () => {
    const { far, registry } = setUp();
    const { bytes, digest } = makeManifest();
    far.put("team/app", bytes, MEDIA_TYPES.ociManifest, "1.2");
    far.intercept(({ method }) => (method === "HEAD" ? { status: 200, headers: { "content-type": "x" } } : undefined));
    expect(await registry.findManifest("team/app", "1.2")).toMatchObject({
      digest,
      mediaType: MEDIA_TYPES.ociManifest,
    });
  });

  test("whose bytes are others than its digest says is refused", async () => {
    const { far, registry } = setUp();
    const asked = digestOf("other");
    far.intercept(({ url }) => (url.pathname.includes(asked) ? { status: 200, body: "{}" } : undefined));
    await expect(registry.readManifest("team/app", asked)).rejects.toMatchObject({ facts: { code: "wrong-digest" } });
  });

  test("over 4 MiB is refused before it is in memory", async () => {
    const { far, registry } = setUp();
    const body = Buffer.alloc(5 * 1024 * 1024);
    far.intercept(({ url }) => (url.pathname.includes("manifests") ? { status: 200, body } : undefined));
    await expect(registry.readManifest("team/app", "huge")).rejects.toMatchObject({
      facts: { code: "manifest-too-large" },
    });
  });

  test("is put under a tag as it is, and what the registry made of it is checked", async () => {
    const { far, registry } = setUp();
    const manifest = makeManifest();
    await registry.putManifest("team/app", "1.2", manifest);
    expect(far.manifests.get("team/app@1.2")).toEqual({ mediaType: manifest.mediaType, bytes: manifest.bytes });
    far.intercept(({ method }) =>
      method === "PUT" ? { status: 201, headers: { "docker-content-digest": digestOf("x") } } : undefined,
    );
    await expect(registry.putManifest("team/app", "1.2", manifest)).rejects.toMatchObject({
      facts: { code: "wrong-digest" },
    });
  });

  test.each(["../../evil", "Team/App", "a//b", "a/", "a%2fb"])(
    "of a repository called %j is never asked for",
    async (name) => {
      const { far, registry } = setUp();
      await expect(registry.findManifest(name, "1")).rejects.toThrow("no repository's name");
      expect(far.requests).toEqual([]);
    },
  );

  test.each(["../x", "", "a b", "sha256:00", "-a"])("called %j is never asked for", async (reference) => {
    const { far, registry } = setUp();
    await expect(registry.findManifest("app", reference)).rejects.toThrow("neither a tag nor a digest");
    expect(far.requests).toEqual([]);
  });
});

describe("a refusal", () => {
  test("keeps status, code, words, detail, the id for support, and what the token granted", async () => {
    const { far, registry } = setUp({ grants: ["pull"] });
    const detail = [{ Type: "repository", Name: "team/app", Action: "push" }];
    const words = "requested access to the resource is denied. CorrelationId: 5f2c0e1a-1111-4222-8333-944455556666";
    far.intercept(({ method }) => (method === "PUT" ? json(403, oops("DENIED", words, detail)) : undefined));
    const error = await registry.putManifest("team/app", "1", makeManifest()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RegistryFault);
    expect(error).toMatchObject({
      message: `ghcr.io answered PUT /v2/team/app/manifests/1 with 403 DENIED: ${words}`,
      facts: {
        status: 403,
        code: "DENIED",
        detail: JSON.stringify(detail),
        correlationId: "5f2c0e1a-1111-4222-8333-944455556666",
        passing: false,
        wanted: ["repository:team/app:pull,push"],
        granted: ["repository:team/app:pull"],
      },
    });
  });

  test.each([400, 403, 405, 409, 413])("with %d is asked only once", async (status) => {
    const { far, registry, waits } = setUp();
    far.intercept(({ method }) => (method === "PUT" ? json(status, oops("NO", "no")) : undefined));
    await expect(registry.putManifest("team/app", "1", makeManifest())).rejects.toMatchObject({ facts: { status } });
    expect(far.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
    expect(waits).toEqual([]);
  });
});

describe("a busy registry", () => {
  test.each([408, 429, 500, 502, 503, 504])("that says %d is asked again", async (status) => {
    const { far, registry, waits } = setUp();
    let left = 2;
    far.intercept(({ method }) => {
      if (method !== "PUT" || left === 0) return undefined;
      left -= 1;
      return { status, headers: { "retry-after": "3" }, body: "<html>later</html>" };
    });
    await registry.putManifest("team/app", "1", makeManifest());
    expect(waits).toEqual([3300, 3300]);
  });

  test("that cuts the connection is asked again, a bounded number of times", async () => {
    const { far, registry, waits } = setUp();
    far.intercept(({ method }) => (method === "PUT" ? { status: 0, fault: "ECONNRESET" } : undefined));
    await expect(registry.putManifest("team/app", "1", makeManifest())).rejects.toMatchObject({
      facts: { status: undefined, code: "no-answer", passing: true },
    });
    expect(waits).toHaveLength(5);
  });

  test("is not asked again once the job is cancelled", async () => {
    const { far, registry, cancel } = setUp();
    far.intercept(({ method }) => {
      if (method !== "PUT") return undefined;
      cancel.abort();
      return { status: 503 };
    });
    await expect(registry.putManifest("team/app", "1", makeManifest())).rejects.toMatchObject({
      facts: { status: 503 },
    });
    expect(far.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  test("that has no such host name is not waited for", async () => {
    const { far, registry, waits } = setUp();
    far.intercept(() => ({ status: 0, fault: "ENOTFOUND" }));
    await expect(registry.findManifest("team/app", "1")).rejects.toThrow("there is no such host name here (ENOTFOUND)");
    expect(waits).toEqual([]);
  });
});

describe("a blob", () => {
  test("is read as a stream, checked against its digest", async () => {
    const { far, registry } = setUp();
    const content = Buffer.from("layer");
    far.blobs.set(`team/app@${digestOf(content)}`, content);
    expect(await registry.hasBlob("team/app", digestOf(content))).toBe(true);
    expect(await bytesOf(await registry.readBlob("team/app", digestOf(content)))).toEqual(content);
    expect(await registry.hasBlob("team/app", digestOf("x"))).toBe(false);
  });

  test("with other content than its digest says fails at its end", async () => {
    const { far, registry } = setUp();
    far.blobs.set(`team/app@${digestOf("good")}`, Buffer.from("evil"));
    const stream = await registry.readBlob("team/app", digestOf("good"));
    await expect(bytesOf(stream)).rejects.toMatchObject({ facts: { code: "wrong-digest" } });
  });

  test("is fetched from where the registry keeps it, without our token", async () => {
    const { far, registry } = setUp();
    const content = Buffer.from("layer");
    far.intercept(({ url }) => {
      if (url.pathname.includes("/blobs/"))
        return { status: 307, headers: { location: "https://cdn.example.com/x?sig=1" } };
      return url.host === "cdn.example.com" ? { status: 200, body: content } : undefined;
    });
    expect(await bytesOf(await registry.readBlob("team/app", digestOf(content)))).toEqual(content);
    const [asked] = far.requests.filter(({ url }) => url.host === "cdn.example.com");
    expect(asked?.authorization).toBeUndefined();
  });

  test("is not fetched where there is no TLS", async () => {
    const { far, registry } = setUp();
    far.intercept(({ url }) =>
      url.pathname.includes("/blobs/") ? { status: 307, headers: { location: "http://cdn.example.com/x" } } : undefined,
    );
    await expect(registry.readBlob("team/app", digestOf("x"))).rejects.toThrow("http://cdn.example.com is not https");
  });

  test("of another repository is mounted, and uploaded where that is not possible", async () => {
    const { far, registry } = setUp();
    const content = Buffer.from("layer");
    far.blobs.set(`team/base@${digestOf(content)}`, content);
    expect(await registry.mountBlob("team/app", digestOf(content), "team/base")).toBe(true);
    expect(far.blobs.has(`team/app@${digestOf(content)}`)).toBe(true);
    expect(await registry.mountBlob("team/app", digestOf("other"), "team/base")).toBe(false);
    far.intercept(({ method }) => (method === "POST" ? json(403, oops("DENIED", "no")) : undefined));
    expect(await registry.mountBlob("team/app", digestOf(content), "team/secret")).toBe(false);
    const asked = far.requests.length;
    expect(await registry.mountBlob("team/app", digestOf("other"), "team/secret")).toBe(false);
    expect(far.requests).toHaveLength(asked);
  });
});

describe("tags", () => {
  test("are listed over all pages", async () => {
    const { far, registry } = setUp({ pageSize: 2 });
    for (const tag of ["a", "b", "c", "d", "e"]) far.put("team/app", makeManifest().bytes, "x", tag);
    expect(await registry.listTags("team/app")).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("of a repository that is not there are none", async () => {
    expect(await setUp().registry.listTags("team/none")).toEqual([]);
  });

  test.each([
    ["leads to another host", "https://evil.example.com/v2/team/app/tags/list", "foreign-page"],
    ["leads back to itself", "/v2/team/app/tags/list?n=1000", "endless-list"],
  ])("are given up where a page %s", async (_, next, code) => {
    const { far, registry } = setUp();
    far.intercept(({ url }) =>
      url.pathname.endsWith("/tags/list") ? json(200, { tags: ["a"] }, { link: `<${next}>; rel="next"` }) : undefined,
    );
    await expect(registry.listTags("team/app")).rejects.toMatchObject({ facts: { code } });
    expect(far.requests.some(({ url }) => url.host === "evil.example.com")).toBe(false);
  });
});

describe("referrers", () => {
  const signature = (of: string) =>
    makeManifest({
      schemaVersion: 2,
      artifactType: "application/sig",
      layers: [],
      subject: { mediaType: "x", digest: of, size: 2 },
    });

  test.each([true, false])(
    "are found by those who look later, when the registry counts them: %p",
    async (referrers) => {
      const { registry } = setUp({ referrers });
      const image = makeManifest();
      await registry.putManifest("team/app", "1", image);
      expect(await registry.listReferrers("team/app", image.digest)).toEqual([]);
      for (let twice = 0; twice < 2; twice += 1) {
        const { digest } = signature(image.digest);
        await registry.putManifest("team/app", digest, signature(image.digest));
        expect(await registry.listReferrers("team/app", image.digest)).toEqual([
          expect.objectContaining({ digest, artifactType: "application/sig" }),
        ]);
      }
    },
  );
});

test("grants are read from the token", async () => {
  const { registry } = setUp({ grants: ["pull"] });
  expect(await registry.listGrants("team/app", ["pull", "push"])).toEqual(["pull"]);
});

test("grants of a token that does not say are unknown, and of a registry without tokens too", async () => {
  expect(await setUp({ opaque: true }).registry.listGrants("team/app", ["pull"])).toBeUndefined();
  expect(await setUp({ auth: "open" }).registry.listGrants("team/app", ["pull"])).toBeUndefined();
});
