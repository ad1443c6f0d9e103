import { beforeEach, describe, expect, test } from "@jest/globals";
import { NOW, push, type RegistryScene, setUp } from "./ask-registry.ts";
import { OCI_INDEX, OCI_MANIFEST } from "./oci.ts";

let scene: RegistryScene;
let token: string;

beforeEach(async () => {
  scene = setUp({ teamRoles: ["AcrPush", "AcrDelete"] });
  token = await scene.token("repository:app:pull,push,delete,metadata_read,metadata_write", "registry:catalog:*");
});

const ask = (method: string, path: string, body?: unknown) =>
  scene.ask(method, `/acr/v1/${path}`, { token, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const OPEN = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };
const names = (list: unknown) => (list as readonly { readonly name: string }[]).map(({ name }) => name);

describe("tags", () => {
  test("come with digest, times and locks, by name or by time, in pages, or those of one digest", async () => {
    const first = await push(scene, "app", "b", token, "one");
    scene.azure.clock.advance(60_000);
    const second = await push(scene, "app", "a", token, "two");
    const all = await ask("GET", "app/_tags");
    expect(all.json).toEqual({
      registry: "mayfly.azurecr.io",
      imageName: "app",
      tags: [
        {
          name: "a",
          digest: second,
          createdTime: "2026-11-21T09:18:00.0000000Z",
          lastUpdateTime: "2026-11-21T09:18:00.0000000Z",
          signed: false,
          changeableAttributes: OPEN,
        },
        expect.objectContaining({
          name: "b",
          digest: first,
          createdTime: NOW.toISOString().replace("000Z", "0000000Z"),
        }),
      ],
    });
    expect(names((await ask("GET", "app/_tags?orderby=timedesc")).json["tags"])).toEqual(["a", "b"]);
    expect(names((await ask("GET", "app/_tags?orderby=timeasc")).json["tags"])).toEqual(["b", "a"]);
    expect(names((await ask("GET", `app/_tags?digest=${first}`)).json["tags"])).toEqual(["b"]);
    const page = await ask("GET", "app/_tags?n=1&orderby=timedesc");
    expect(page.headers["link"]).toBe('</acr/v1/app/_tags?last=a&n=1&orderby=timedesc>; rel="next"');
    expect(names((await ask("GET", "app/_tags?last=a&n=1&orderby=timedesc")).json["tags"])).toEqual(["b"]);
    expect((await ask("GET", "app/_tags/b")).json).toMatchObject({ tag: { name: "b", digest: first } });
    expect((await ask("GET", "app/_tags/none")).status).toBe(404);
    expect((await ask("GET", "app/_tags?last=zzz")).json["tags"]).toEqual([]);
  });

  test("are removed without their manifest: 202, then 404", async () => {
    const digest = await push(scene, "app", "1", token);
    expect((await ask("DELETE", "app/_tags/1")).status).toBe(202);
    expect(await ask("DELETE", "app/_tags/1")).toMatchObject({
      status: 404,
      json: { errors: [{ code: "TAG_UNKNOWN" }] },
    });
    expect(await scene.registry.contents()).toEqual({ app: { tags: {}, manifests: { [digest]: OCI_MANIFEST } } });
  });

  test("are locked by PATCH: neither removed nor moved", async () => {
    await push(scene, "app", "1", token);
    const locked = await ask("PATCH", "app/_tags/1", { writeEnabled: false, deleteEnabled: false });
    expect(locked.json).toMatchObject({
      tag: { changeableAttributes: { ...OPEN, writeEnabled: false, deleteEnabled: false } },
    });
    expect((await ask("DELETE", "app/_tags/1")).status).toBe(405);
    await expect(push(scene, "app", "1", token, "another")).rejects.toThrow("405");
    expect((await ask("PATCH", "app/_tags/1", { writeEnabled: "no" })).status).toBe(400);
    await ask("PATCH", "app/_tags/1", { writeEnabled: true, deleteEnabled: true });
    expect((await ask("DELETE", "app/_tags/1")).status).toBe(202);
  });

  test("that dangle are listed and have no manifest", async () => {
    await push(scene, "app", "1", token);
    const digest = `sha256:${"0".repeat(64)}`;
    scene.registry.dangle("app", "race", digest);
    expect((await ask("GET", "app/_tags/race")).json).toMatchObject({ tag: { digest } });
    const read = await scene.ask("GET", "/v2/app/manifests/race", { token, headers: { accept: OCI_MANIFEST } });
    expect(read).toMatchObject({ status: 404, json: { errors: [{ message: `manifest ${digest} is not found` }] } });
    expect((await ask("DELETE", "app/_tags/race")).status).toBe(202);
  });
});

describe("manifests", () => {
  test("come with their tags, size and platform, an index with what it is made of", async () => {
    const digest = await push(scene, "app", "amd64", token);
    const platform = { os: "linux", architecture: "amd64" };
    const manifests = [{ mediaType: OCI_MANIFEST, digest, size: 1, platform }];
    const index = await scene.registry.seedManifest("app", "1", OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests,
    });
    const { json } = await ask("GET", `app/_manifests/${index}`);
    expect(json).toMatchObject({
      imageName: "app",
      manifest: { digest: index, mediaType: OCI_INDEX, tags: ["1"], references: [{ digest, ...platform }] },
    });
    expect((await ask("GET", `app/_manifests/${digest}`)).json["manifest"]).toMatchObject({
      tags: ["amd64"],
      ...platform,
      mediaType: OCI_MANIFEST,
      configMediaType: "application/vnd.oci.image.config.v1+json",
      imageSize: expect.any(Number),
      changeableAttributes: OPEN,
    });
    expect((await ask("GET", "app/_manifests")).json["manifests"]).toHaveLength(2);
    expect((await ask("GET", `app/_manifests/sha256:${"0".repeat(64)}`)).status).toBe(404);
  });

  test("that are locked keep a tag from going with them", async () => {
    const digest = await push(scene, "app", "1", token);
    await ask("PATCH", `app/_manifests/${digest}`, { deleteEnabled: false });
    expect((await scene.ask("DELETE", `/v2/app/manifests/${digest}`, { token })).status).toBe(405);
    expect((await ask("DELETE", "app/_tags/1")).status).toBe(202);
  });
});

describe("repositories", () => {
  test("are listed, described, and deleted as a whole", async () => {
    await push(scene, "app", "1", token);
    await scene.registry.seed("other", ["1"]);
    expect((await ask("GET", "_catalog")).json).toEqual({ repositories: ["app", "other"] });
    const page = await ask("GET", "_catalog?n=1");
    expect([page.json["repositories"], page.headers["link"]]).toEqual([
      ["app"],
      '</acr/v1/_catalog?last=app&n=1&orderby=>; rel="next"',
    ]);
    expect((await ask("GET", "app")).json).toMatchObject({ imageName: "app", tagCount: 1, manifestCount: 1 });
    expect((await ask("DELETE", "app")).status).toBe(202);
    expect((await ask("GET", "app")).json).toMatchObject({ errors: [{ code: "NAME_UNKNOWN" }] });
    expect((await ask("GET", "_catalog")).json).toEqual({ repositories: ["other"] });
  });

  test("want a token for their metadata: to pull is not enough", async () => {
    await push(scene, "app", "1", token);
    const pull = await scene.token("repository:app:pull");
    const answer = await scene.ask("GET", "/acr/v1/app/_tags", { token: pull });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain('scope="repository:app:metadata_read"');
    expect((await scene.ask("DELETE", "/acr/v1/app/_tags/1", { token: pull })).headers["www-authenticate"]).toContain(
      'scope="repository:app:delete"',
    );
  });
});
