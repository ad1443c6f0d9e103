import { beforeEach, describe, expect, test } from "@jest/globals";
import { asking, pathOf } from "../ask.ts";
import type { AcrRegistry } from "./acr.ts";
import { addForeignRegistry, addRegistry, DOCKER_HUB } from "./add-registry.ts";
import { type RegistryScene, setUp } from "./ask-registry.ts";
import { DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "./oci.ts";

const IMPORTER = "Container Registry Data Importer and Data Reader";

let scene: RegistryScene;
let source: AcrRegistry;
let digest: string;

beforeEach(async () => {
  scene = setUp({ teamRoles: [IMPORTER] });
  source = addRegistry(scene.azure, { name: "source", subscriptionId: scene.team.subscriptionId });
  scene.team.assign(IMPORTER, source);
  digest = await source.seed("team/app", ["1"]);
});

const post = (body: object) =>
  asking(scene.azure, scene.team)("POST", `${scene.registry.id}/importImage?api-version=2025-11-01`, body);
/** The answer of the operation once its time has come. */
const follow = async (body: object) => {
  const accepted = await post(body);
  if (accepted.status !== 202) return accepted;
  scene.azure.clock.advance(scene.registry.settings.importSeconds * 1000);
  return asking(scene.azure, scene.team)("GET", pathOf(accepted.headers["location"]));
};
const fromSource = (sourceImage = "team/app:1") => ({ source: { resourceId: source.id, sourceImage } });
const contents = () => scene.registry.contents();

describe("an import", () => {
  test("is accepted with a place to ask, which waits, and is carried out in its time", async () => {
    const accepted = await post({
      ...fromSource(),
      targetTags: ["app:1.0", "app:latest"],
      untaggedTargetRepositories: ["copy"],
    });
    expect(accepted).toMatchObject({ status: 202, text: "null", headers: { "retry-after": "10" } });
    expect(accepted.headers["location"]).toMatch(
      new RegExp(
        `^https://management\\.azure\\.com/subscriptions/${scene.team.subscriptionId}/providers/Microsoft\\.ContainerRegistry/locations/EASTUS/operationResults/registries-[0-9a-f-]{36}\\?api-version=2025-11-01$`,
      ),
    );
    const poll = () => asking(scene.azure, scene.team)("GET", pathOf(accepted.headers["location"]));
    expect(await poll()).toMatchObject({ status: 202, headers: { "retry-after": "10" } });
    expect(await contents()).toEqual({});
    scene.azure.clock.advance(15_000);
    expect(await poll()).toMatchObject({ status: 200, text: "" });
    expect(await contents()).toEqual({
      app: { tags: { "1.0": digest, latest: digest }, manifests: { [digest]: OCI_MANIFEST } },
      copy: { tags: {}, manifests: { [digest]: OCI_MANIFEST } },
    });
  });

  test("copies an index with all that is in it, and leaves behind what refers to it", async () => {
    const manifests = [{ mediaType: OCI_MANIFEST, digest, size: 1 }];
    const index = await source.seedManifest("team/app", "2", OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests,
    });
    const { manifest } = source.ledger.find("team/app")?.manifests.get(digest) ?? {};
    const subject = { mediaType: OCI_INDEX, digest: index, size: 1 };
    await source.seedManifest("team/app", undefined, OCI_MANIFEST, { ...JSON.parse(`${manifest?.bytes}`), subject });
    expect((await follow({ ...fromSource(`team/app@${index}`), targetTags: ["app:2"] })).status).toBe(200);
    expect(await contents()).toEqual({
      app: { tags: { "2": index }, manifests: { [digest]: OCI_MANIFEST, [index]: OCI_INDEX } },
    });
  });

  test("moves no tag that is there, unless by force: then even a locked one", async () => {
    const before = await scene.registry.seed("app", ["1"], "before");
    const body = { ...fromSource(), targetTags: ["app:1"] };
    expect(await follow(body)).toMatchObject({
      status: 409,
      code: "Conflict",
      message: expect.stringMatching(
        new RegExp(
          `^Operation registries-[0-9a-f-]{36} failed\\. Resource ${scene.registry.id} Tag app:1 already exists in target registry\\.$`,
        ),
      ),
    });
    expect((await contents())["app"]?.tags).toEqual({ "1": before });
    scene.registry.lock("app", "1");
    scene.registry.settings.forceMovesLocked = false;
    expect((await follow({ ...body, mode: "Force" })).status).toBe(409);
    scene.registry.settings.forceMovesLocked = true;
    expect((await follow({ ...body, mode: "Force" })).status).toBe(200);
    expect((await contents())["app"]?.tags).toEqual({ "1": digest });
  });

  const refused = [
    { name: "no source", body: { targetTags: ["app:1"] } },
    { name: "no registry", body: { source: { sourceImage: "app:1" }, targetTags: ["app:1"] } },
    { name: "no target", body: { source: { registryUri: "docker.io", sourceImage: "app:1" } } },
    {
      name: "a name that is none",
      body: { source: { registryUri: "docker.io", sourceImage: "App:1" }, targetTags: ["app:1"] },
    },
    {
      name: "a tag that is none",
      body: { source: { registryUri: "docker.io", sourceImage: "app:1" }, targetTags: ["app:-"] },
    },
    {
      name: "an unknown mode",
      body: { source: { registryUri: "docker.io", sourceImage: "app:1" }, targetTags: ["app:1"], mode: "force" },
    },
    {
      name: "a registry that is not there",
      body: { source: { resourceId: "/subscriptions/x", sourceImage: "app:1" }, targetTags: ["app:1"] },
    },
  ];
  test.each(refused)("with $name is refused at once", async ({ body }) => {
    expect(await post(body)).toMatchObject({ status: 400, code: "InvalidParameters" });
  });

  test("fails where the source is not there", async () => {
    const missing = await follow({ ...fromSource("team/app:none"), targetTags: ["app:1"] });
    expect(missing).toMatchObject({
      status: 400,
      code: "InvalidParameters",
      message: expect.stringContaining("is not found"),
    });
    const nowhere = { source: { registryUri: "nowhere.example", sourceImage: "app:1" }, targetTags: ["app:1"] };
    expect((await follow(nowhere)).message).toContain("nowhere.example could not be reached");
    expect(await contents()).toEqual({});
  });
});

describe("who may import", () => {
  test("needs the action on the target and may pull from the source", async () => {
    const stranger = scene.azure.entra.addApplication({ tenantId: scene.team.tenantId, clientId: "c", objectId: "o" });
    const as = asking(scene.azure, { principal: stranger });
    const body = { ...fromSource(), targetTags: ["app:1"] };
    const path = `${scene.registry.id}/importImage?api-version=2025-11-01`;
    expect(await as("POST", path, body)).toMatchObject({
      status: 403,
      message: expect.stringContaining("importImage/action"),
    });
    scene.azure.arm.assignRole("o", IMPORTER, scene.registry.id);
    expect(await as("POST", path, body)).toMatchObject({ status: 403, message: expect.stringContaining("pull/read") });
    scene.azure.arm.assignRole("o", "AcrPull", source.id);
    expect((await as("POST", path, body)).status).toBe(202);
  });

  test("needs the data action where the source has repository permissions", async () => {
    const abac = addRegistry(scene.azure, {
      name: "abacsource",
      subscriptionId: scene.team.subscriptionId,
      mode: "abac",
    });
    await abac.seed("app", ["1"]);
    const body = { source: { resourceId: abac.id, sourceImage: "app:1" }, targetTags: ["app:1"] };
    scene.team.assign("AcrPull", abac);
    expect((await post(body)).message).toContain("repositories/content/read");
    scene.team.assign("Container Registry Repository Reader", abac);
    expect((await follow(body)).status).toBe(200);
  });
});

describe("from outside", () => {
  test("a registry of another tenant lets in who has a token of it", async () => {
    const { azure, registry } = scene;
    azure.entra.addTenant({ id: "another" });
    azure.arm.addSubscription({ id: "another-subscription", tenantId: "another" });
    const far = addRegistry(azure, { name: "farfar", subscriptionId: "another-subscription" });
    const there = await far.seed("app", ["1"]);
    const body = (credentials?: object) => ({
      source: { registryUri: "https://farfar.azurecr.io", sourceImage: "app:1", credentials },
      targetTags: ["far:1"],
    });
    expect((await follow({ source: { resourceId: far.id, sourceImage: "app:1" }, targetTags: ["far:1"] })).status).toBe(
      400,
    );
    expect((await follow(body())).message).toContain("401 Unauthorized");
    expect((await follow(body({ password: "wrong" }))).message).toContain("401 Unauthorized");
    const reader = azure.entra.addApplication({ tenantId: "another", clientId: "reader", objectId: "reader" });
    const entra = { password: azure.entra.accessToken(reader) };
    expect((await follow(body(entra))).message).toContain("401 Unauthorized");
    azure.arm.assignRole("reader", "AcrPull", far.id);
    expect((await follow({ ...body(entra), targetTags: ["far:entra"] })).status).toBe(200);
    const { password } = far.credentials();
    expect((await follow(body({ password }))).status).toBe(200);
    expect((await registry.contents())["far"]?.tags).toEqual({ "1": there, entra: there });
    far.configure({ publicNetworkAccess: "Disabled" });
    expect((await follow(body({ password }))).message).toContain("public network access is disabled");
    expect(azure.traffic.requests.some((request) => request.body.includes(password))).toBe(false);
  });

  test("a public registry lets everybody in, a private one who has an account", async () => {
    const hub = addForeignRegistry(scene.azure, DOCKER_HUB);
    const there = await hub.seed("library/busybox", ["1"]);
    const accounts = [{ username: "octo", password: "secret", actions: ["pull"] }];
    const own = addForeignRegistry(scene.azure, { host: "registry.example", anonymous: [], accounts });
    await own.seed("app", ["1"]);
    const hubBody = {
      source: { registryUri: "docker.io", sourceImage: "library/busybox:1" },
      targetTags: ["busybox:1"],
    };
    expect((await follow(hubBody)).status).toBe(200);
    expect((await contents())["busybox"]?.tags).toEqual({ "1": there });
    const ownBody = (password: string) => ({
      source: { registryUri: "registry.example", sourceImage: "app:1", credentials: { username: "octo", password } },
      targetTags: ["app:1"],
    });
    expect((await follow(ownBody("wrong"))).message).toContain("401 Unauthorized");
    expect((await follow(ownBody("secret"))).status).toBe(200);
  });

  test("a public registry is asked as clients ask it, too", async () => {
    const hub = addForeignRegistry(scene.azure, DOCKER_HUB);
    const there = await hub.seed("library/busybox", ["1"]);
    const headers = { accept: `${OCI_MANIFEST}, ${DOCKER_MANIFEST}` };
    const manifest = "https://registry-1.docker.io/v2/library/busybox/manifests/1";
    const challenged = await scene.ask("HEAD", manifest, { headers });
    expect(challenged.headers["www-authenticate"]).toBe(
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/busybox:pull"',
    );
    const token = await scene.ask(
      "GET",
      "https://auth.docker.io/token?service=registry.docker.io&scope=repository:library/busybox:pull,push",
    );
    const head = await scene.ask("HEAD", manifest, { headers, token: `${token.json["token"]}` });
    expect(head).toMatchObject({ status: 200, headers: { "docker-content-digest": there } });
  });
});

describe("what goes wrong with imports", () => {
  const body = () => ({ ...fromSource(), targetTags: ["app:1"] });
  test("is that somebody was quicker", async () => {
    scene.registry.planImport({ kind: "conflict" });
    expect(await follow(body())).toMatchObject({ status: 409, code: "Conflict" });
  });

  test("is that blobs could not be copied", async () => {
    scene.registry.planImport({ kind: "failed" });
    expect(await follow(body())).toMatchObject({
      status: 400,
      code: "InvalidParameters",
      message: expect.stringMatching(/Error copying blobs$/),
    });
    expect((await follow(body())).status).toBe(200);
  });

  test("is that it says success, and the tag has no manifest", async () => {
    scene.registry.planImport({ kind: "manifest-missing" });
    expect((await follow(body())).status).toBe(200);
    expect((await contents())["app"]).toEqual({ tags: { "1": digest }, manifests: {} });
    const token = await scene.token("repository:app:pull");
    expect((await scene.ask("HEAD", "/v2/app/manifests/1", { token, headers: { accept: OCI_MANIFEST } })).status).toBe(
      404,
    );
  });

  test("is that it never ends", async () => {
    scene.registry.planImport({ kind: "stuck" });
    const accepted = await post(body());
    scene.azure.clock.advance(24 * 3600_000);
    expect((await asking(scene.azure, scene.team)("GET", pathOf(accepted.headers["location"]))).status).toBe(202);
  });

  test("is more than fifty manifests in one image", async () => {
    const digests = await Promise.all(
      Array.from({ length: 50 }, (_, n) => source.seed("many", [`${n}`], `content ${n}`)),
    );
    const manifests = digests.map((each) => ({ mediaType: OCI_MANIFEST, digest: each, size: 1 }));
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
    await source.seedManifest("many", "all", OCI_INDEX, index);
    expect((await follow({ ...fromSource("many:all"), targetTags: ["many:1"] })).message).toContain(
      "more than 50 manifests",
    );
  });
});
