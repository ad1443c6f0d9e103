import { beforeEach, describe, expect, test } from "@jest/globals";
import { imageOf, push, type RegistryScene, setUp } from "./ask-registry.ts";
import { digestOf, OCI_INDEX, OCI_MANIFEST } from "./oci.ts";

const ACCEPT = { accept: `${OCI_MANIFEST}, ${OCI_INDEX}` };

let scene: RegistryScene;
let token: string;

beforeEach(async () => {
  scene = setUp({ teamRoles: ["AcrPush", "AcrDelete"] });
  token = await scene.token("repository:app:pull,push,delete", "repository:other:pull,push");
});

const ask = (method: string, path: string, more: object = {}) => scene.ask(method, path, { token, ...more });
const code = ({ json }: { readonly json: Readonly<Record<string, unknown>> }) =>
  (json["errors"] as readonly { readonly code: string }[] | undefined)?.[0]?.code;
const begin = async (name = "app") => `${(await ask("POST", `/v2/${name}/blobs/uploads/`)).headers["location"]}`;

describe("an upload", () => {
  test("is one PUT, or a POST with the digest", async () => {
    const [a, b] = ["as one", "at once"];
    expect((await ask("PUT", `${await begin()}&digest=${digestOf(a)}`, { body: a })).status).toBe(201);
    expect((await ask("POST", `/v2/app/blobs/uploads/?digest=${digestOf(b)}`, { body: b })).status).toBe(201);
    for (const blob of [a, b]) expect((await ask("HEAD", `/v2/app/blobs/${digestOf(blob)}`)).status).toBe(200);
  });

  test("comes in pieces, each where the last one ended", async () => {
    const at = await begin();
    const first = await ask("PATCH", at, { body: "hello ", headers: { "content-range": "0-5" } });
    const next = `${first.headers["location"]}`;
    const gap = await ask("PATCH", next, { body: "x", headers: { "content-range": "9-9" } });
    expect(gap).toMatchObject({ status: 416, headers: { range: "0-5" } });
    const second = await ask("PATCH", next, { body: "world", headers: { "content-range": "6-10" } });
    const last = `${second.headers["location"]}`;
    expect(await ask("GET", last)).toMatchObject({ status: 204, headers: { range: "0-10" } });
    const put = await ask("PUT", `${last}&digest=${digestOf("hello world")}`);
    expect(put).toMatchObject({ status: 201, headers: { "docker-content-digest": digestOf("hello world") } });
  });

  test("is unknown at an old address, when it is over, and where it never was", async () => {
    const at = await begin();
    const next = `${(await ask("PATCH", at, { body: "a" })).headers["location"]}`;
    expect(code(await ask("PATCH", at, { body: "b" }))).toBe("BLOB_UPLOAD_UNKNOWN");
    expect((await ask("DELETE", next)).status).toBe(204);
    expect((await ask("PATCH", next, { body: "b" })).status).toBe(404);
    expect((await ask("PATCH", next.replace(/\?.*/, ""), { body: "b" })).status).toBe(404);
  });

  test("of other bytes than its digest says is refused", async () => {
    expect(code(await ask("PUT", `${await begin()}&digest=${digestOf("x")}`, { body: "y" }))).toBe("DIGEST_INVALID");
    expect((await ask("HEAD", `/v2/app/blobs/${digestOf("x")}`)).status).toBe(404);
  });

  test("is not needed for a blob of another repository that may be read", async () => {
    await ask("PUT", `${await begin("other")}&digest=${digestOf("shared")}`, { body: "shared" });
    const mount = (name: string, from: string) =>
      ask("POST", `/v2/${name}/blobs/uploads/?mount=${digestOf("shared")}&from=${from}`);
    expect((await mount("app", "nowhere")).headers["www-authenticate"]).toContain("repository:nowhere:pull");
    expect((await mount("app", "app")).status).toBe(202);
    expect((await mount("app", "other")).status).toBe(201);
    expect((await ask("HEAD", `/v2/app/blobs/${digestOf("shared")}`)).status).toBe(200);
  });
});

describe("a blob", () => {
  test("leads into blob storage, where the link alone lets one in, for a while", async () => {
    await ask("PUT", `${await begin()}&digest=${digestOf("0123456789")}`, { body: "0123456789" });
    const { status, headers } = await ask("GET", `/v2/app/blobs/${digestOf("0123456789")}`);
    const link = `${headers["location"]}`;
    expect({ status, link }).toEqual({
      status: 307,
      link: expect.stringMatching(/^https:\/\/\w+\.blob\.core\.windows\.net\//),
    });
    const get = (more: object = {}) => scene.ask("GET", link, more);
    expect(await get()).toMatchObject({ status: 200, text: "0123456789", headers: { "content-length": "10" } });
    expect(await get({ headers: { range: "bytes=2-4" } })).toMatchObject({
      status: 206,
      text: "234",
      headers: { "content-range": "bytes 2-4/10" },
    });
    expect((await get({ token })).status).toBe(400);
    expect((await scene.ask("GET", link.replace("se=", "se=2099"))).status).toBe(403);
    scene.azure.clock.advance(scene.registry.settings.blobLinkSeconds * 1000);
    expect((await get()).status).toBe(403);
  });

  test("comes from the registry itself where it is told to, also in part", async () => {
    scene.registry.settings.redirectBlobs = false;
    await ask("PUT", `${await begin()}&digest=${digestOf("0123456789")}`, { body: "0123456789" });
    const get = (range: string) => ask("GET", `/v2/app/blobs/${digestOf("0123456789")}`, { headers: { range } });
    expect(await get("bytes=7-")).toMatchObject({ status: 206, text: "789" });
    expect(await get("bytes=-2")).toMatchObject({ status: 206, text: "89" });
    expect((await get("bytes=12-")).status).toBe(416);
    expect(await ask("GET", `/v2/app/blobs/${digestOf("0123456789")}`)).toMatchObject({
      status: 200,
      text: "0123456789",
    });
    expect((await ask("DELETE", `/v2/app/blobs/${digestOf("0123456789")}`)).status).toBe(202);
    expect(code(await ask("GET", `/v2/app/blobs/${digestOf("0123456789")}`))).toBe("BLOB_UNKNOWN");
  });
});

describe("a manifest", () => {
  const put = (reference: string, body: string, type = OCI_MANIFEST) =>
    ask("PUT", `/v2/app/manifests/${reference}`, { body, headers: { "content-type": type } });

  test("is read by tag and digest, by who accepts its type", async () => {
    const digest = await push(scene, "app", "1", token);
    for (const reference of ["1", digest]) {
      expect(await ask("GET", `/v2/app/manifests/${reference}`, { headers: ACCEPT })).toMatchObject({
        status: 200,
        text: imageOf("app").manifest,
        headers: { "docker-content-digest": digest, "content-type": OCI_MANIFEST },
      });
    }
    const head = await ask("HEAD", "/v2/app/manifests/1", { headers: ACCEPT });
    expect(head).toMatchObject({ status: 200, text: "", headers: { "docker-content-digest": digest } });
    expect(await ask("GET", "/v2/app/manifests/1", { headers: { accept: "*/*" } })).toMatchObject({
      status: 404,
      json: { errors: [{ message: "OCI manifest found, but accept header does not support OCI manifests" }] },
    });
    const missing = await ask("GET", "/v2/app/manifests/2", { headers: ACCEPT });
    expect(missing).toMatchObject({
      status: 404,
      json: { errors: [{ message: 'manifest tagged by "2" is not found' }] },
    });
  });

  test("moves a tag, and is tagged again by the same bytes", async () => {
    const first = await push(scene, "app", "1", token, "one");
    const second = await push(scene, "app", "1", token, "two");
    expect((await put("old", imageOf("one").manifest)).status).toBe(201);
    expect((await scene.registry.contents())["app"]?.tags).toEqual({ "1": second, old: first });
  });

  test("whose parts are not there is refused, and so is one that is none or another than it says", async () => {
    const { manifest } = imageOf("nobody pushed this");
    expect(await put("1", manifest)).toMatchObject({
      status: 400,
      json: { errors: [{ code: "MANIFEST_BLOB_UNKNOWN" }] },
    });
    await push(scene, "app", "1", token);
    expect(code(await put("2", "{}"))).toBe("MANIFEST_INVALID");
    expect(code(await put("2", imageOf("app").manifest, OCI_INDEX))).toBe("MANIFEST_INVALID");
    expect(code(await put(digestOf("other"), imageOf("app").manifest))).toBe("DIGEST_INVALID");
    scene.registry.settings.maxManifestBytes = 10;
    expect(code(await put("2", imageOf("app").manifest))).toBe("MANIFEST_INVALID");
  });

  test("of an index needs the manifests in it", async () => {
    const index = (digest: string) =>
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [{ mediaType: OCI_MANIFEST, digest, size: 1 }],
      });
    const digest = await push(scene, "app", "amd64", token);
    expect(code(await put("1", index(digestOf("none")), OCI_INDEX))).toBe("MANIFEST_BLOB_UNKNOWN");
    expect((await put("1", index(digest), OCI_INDEX)).status).toBe(201);
  });

  test("that refers to another is listed with it, by its kind, and goes with it", async () => {
    const subject = await push(scene, "app", "1", token);
    const { manifest } = imageOf("app");
    const artifact = JSON.stringify({
      ...JSON.parse(manifest),
      artifactType: "application/vnd.example.sbom",
      subject: { mediaType: OCI_MANIFEST, digest: subject, size: manifest.length },
    });
    expect((await put(digestOf(artifact), artifact)).headers["oci-subject"]).toBe(subject);
    const list = async (query = "") => (await ask("GET", `/v2/app/referrers/${subject}${query}`)).json["manifests"];
    expect(await list()).toMatchObject([{ digest: digestOf(artifact), artifactType: "application/vnd.example.sbom" }]);
    expect(await list("?artifactType=other")).toEqual([]);
    expect((await ask("DELETE", `/v2/app/manifests/${subject}`)).status).toBe(202);
    expect(await scene.registry.contents()).toEqual({});
  });

  test("is deleted by digest alone, with every tag on it", async () => {
    const digest = await push(scene, "app", "1", token);
    await put("2", imageOf("app").manifest);
    await push(scene, "app", "3", token, "another");
    expect(code(await ask("DELETE", "/v2/app/manifests/1"))).toBe("UNSUPPORTED");
    expect((await ask("DELETE", `/v2/app/manifests/${digest}`)).status).toBe(202);
    expect(Object.keys((await scene.registry.contents())["app"]?.tags ?? {})).toEqual(["3"]);
    expect((await ask("DELETE", `/v2/app/manifests/${digest}`)).status).toBe(404);
  });

  test("that was deleted softly cannot be pushed until it is restored", async () => {
    scene.registry.settings.softDelete = true;
    const digest = await push(scene, "app", "1", token);
    await push(scene, "app", "keep", token, "another");
    await ask("DELETE", `/v2/app/manifests/${digest}`);
    await expect(push(scene, "app", "1", token)).rejects.toThrow("409");
    scene.registry.restore("app", digest);
    await expect(push(scene, "app", "1", token)).resolves.toBe(digest);
  });
});

describe("what is disallowed", () => {
  const put = (tag: string, text: string) =>
    ask("PUT", `/v2/app/manifests/${tag}`, { body: text, headers: { "content-type": OCI_MANIFEST } });

  test("is to move or delete what is locked: 405, until it is opened", async () => {
    const digest = await push(scene, "app", "1", token);
    await push(scene, "app", "2", token, "another");
    scene.registry.lock("app", "1");
    expect(await put("1", imageOf("another").manifest)).toMatchObject({
      status: 405,
      json: {
        errors: [
          { code: "REGISTRY_DISALLOWED_OPERATION", message: expect.stringMatching(/^The operation is disallowed on/) },
        ],
      },
    });
    expect((await ask("DELETE", `/v2/app/manifests/${digest}`)).status).toBe(405);
    expect((await put("3", imageOf("app").manifest)).status).toBe(201);
    scene.registry.unlock("app", "1");
    expect((await put("1", imageOf("another").manifest)).status).toBe(201);
    scene.registry.lock("app");
    expect((await put("4", imageOf("app").manifest)).status).toBe(405);
  });

  test("is to put anything where the storage is full, and to read what may not be read", async () => {
    const digest = await push(scene, "app", "1", token);
    scene.registry.settings.storageFull = true;
    expect((await ask("POST", "/v2/app/blobs/uploads/")).status).toBe(405);
    expect((await put("2", imageOf("app").manifest)).status).toBe(405);
    expect((await ask("HEAD", "/v2/app/manifests/1", { headers: ACCEPT })).status).toBe(200);
    scene.registry.lock("app", digest, { readEnabled: false });
    expect((await ask("GET", `/v2/app/manifests/${digest}`, { headers: ACCEPT })).status).toBe(405);
  });
});

describe("who may do it", () => {
  test("is who has a token for it: others are told that the scope is too small", async () => {
    const pull = await scene.token("repository:app:pull");
    const answer = await scene.ask("POST", "/v2/app/blobs/uploads/", { token: pull });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/,scope="repository:app:pull,push",error="insufficient_scope"$/);
    const refresh = scene.registry.credentials(scene.team.principal.objectId).password;
    for (const bad of [refresh, "nonsense"]) {
      expect((await scene.ask("GET", "/v2/", { token: bad })).headers["www-authenticate"]).toContain(
        'error="invalid_token"',
      );
    }
    scene.azure.clock.advance(75 * 60_000);
    expect((await ask("GET", "/v2/")).status).toBe(401);
  });

  test("is also the user with a password that the token service takes", async () => {
    const { username, password } = scene.registry.credentials(scene.team.principal.objectId);
    const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
    expect((await scene.ask("POST", "/v2/app/blobs/uploads/", { headers })).status).toBe(202);
    expect((await scene.ask("GET", "/acr/v1/_catalog", { headers })).status).toBe(200);
  });
});

test("tags and repositories are listed in pages", async () => {
  for (const tag of ["c", "a", "b"]) await push(scene, "app", tag, token);
  const first = await ask("GET", "/v2/app/tags/list?n=2");
  expect(first.json).toEqual({ name: "app", tags: ["a", "b"] });
  expect(first.headers["link"]).toBe('</v2/app/tags/list?last=b&n=2&orderby=>; rel="next"');
  const second = await ask("GET", "/v2/app/tags/list?last=b&n=2");
  expect([second.json["tags"], second.headers["link"]]).toEqual([["c"], undefined]);
  expect(code(await ask("GET", "/v2/other/tags/list"))).toBe("NAME_UNKNOWN");
  const catalog = await scene.ask("GET", "/v2/_catalog", { token: await scene.token("registry:catalog:*") });
  expect(catalog.json).toEqual({ repositories: ["app"] });
  expect((await ask("GET", "/v2/App/tags/list")).json).toMatchObject({ errors: [{ code: "NAME_INVALID" }] });
});
