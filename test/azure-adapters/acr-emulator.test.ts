import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { connectAcrLogin } from "../../src/azure/acr-token.ts";
import { type Manifest, MEDIA_TYPES } from "../../src/image/manifest.ts";
import { copyImage } from "../../src/registry/copy-image.ts";
import { readFrom } from "../../src/registry/image-source.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { addForeignRegistry, addRegistry, DOCKER_HUB, GHCR } from "../azure/acr/add-registry.ts";
import { imageOf } from "../azure/acr/ask-registry.ts";
import type { AcrFault } from "../azure/acr/faults.ts";
import { digestOf } from "../registry/far-registry.ts";
import { linesTo, stage } from "./registry-on-emulator.ts";

const MINUTE = 60_000;

/** Pushes an image with our adapter. */
async function push(registry: Registry, name: string, tag: string, ...layers: readonly string[]): Promise<string> {
  const { manifest, digest, blobs } = imageOf(...layers);
  for (const blob of blobs) {
    const described = { digest: digestOf(blob), size: blob.length };
    await registry.uploadBlob(name, described, async () => Readable.from([Buffer.from(blob)]));
  }
  const put: Manifest = { mediaType: MEDIA_TYPES.ociManifest, digest, bytes: Buffer.from(manifest) };
  await registry.putManifest(name, tag, put);
  return digest;
}

describe("a push to an Azure registry", () => {
  test("goes from GitHub's token to a tag that can be read back", async () => {
    const { azure, registry, acr, masked } = stage();
    const digest = await push(registry, "team/app", "1.2", "hello");
    expect(await registry.findManifest("team/app", "1.2")).toMatchObject({
      digest,
      mediaType: MEDIA_TYPES.ociManifest,
    });
    expect((await buffer(await registry.readBlob("team/app", digestOf("hello")))).toString()).toBe("hello");
    expect(await registry.listTags("team/app")).toEqual(["1.2"]);
    expect(azure.traffic.refused()).toEqual([]);
    const lines = linesTo(azure, acr.loginServer);
    expect(lines.filter((line) => line === "POST /oauth2/exchange")).toHaveLength(1);
    expect(lines.filter((line) => line === "POST /oauth2/token")).toHaveLength(1);
    expect(masked.length).toBeGreaterThanOrEqual(4);
  });

  test("asks Entra for the registries' own audience, since a registry may refuse ARM's", async () => {
    const { acr, registry, world, cloud, team, credential } = stage();
    acr.configure({ policies: { azureADAuthenticationAsArmPolicy: { status: "disabled" } } });
    await push(registry, "team/app", "1", "hello");
    const armScope = { ...cloud, registryScope: cloud.armScope };
    const login = connectAcrLogin({ ...world, cloud: armScope, tenantId: team.tenantId, credential });
    await expect(login.refreshToken(acr.loginServer)).rejects.toMatchObject({ code: "registry-denied" });
  });

  test("goes on when the access token ends in the middle, and when the refresh token has ended, too", async () => {
    const { azure, acr, registry } = stage({ settings: { refreshTokenSeconds: 30 * 60, accessTokenSeconds: 10 * 60 } });
    await push(registry, "team/app", "1", "one");
    azure.clock.advance(11 * MINUTE);
    await push(registry, "team/app", "2", "two");
    azure.clock.advance(60 * MINUTE);
    await push(registry, "team/app", "3", "three");
    const lines = linesTo(azure, acr.loginServer);
    expect(lines.filter((line) => line === "POST /oauth2/exchange")).toHaveLength(2);
    expect(lines.filter((line) => line === "POST /oauth2/token").length).toBeGreaterThanOrEqual(3);
    expect(azure.traffic.requests.filter(({ host, status }) => host === acr.loginServer && status === 401)).toEqual([]);
  });

  test.each<readonly [AcrFault, object]>([
    ["token-unavailable", {}],
    ["upload-unauthorized", {}],
    ["upload-bad-gateway", {}],
    ["upload-gateway-timeout", {}],
    ["upload-cut", { bytes: 3 }],
    ["upload-reset", {}],
    ["manifest-throttled", { retryAfterSeconds: 7 }],
    ["manifest-throttled", { retryAfterSeconds: 0 }],
    ["throttled", { times: 2 }],
  ])("gets over %s", async (fault, options) => {
    const { azure, acr, registry } = stage();
    acr.fault(fault, options);
    const digest = await push(registry, "team/app", "1", "a layer of some bytes");
    expect(azure.faults.struck.get(`acr ${fault}`)).toBeGreaterThan(0);
    expect(await registry.findManifest("team/app", "1")).toMatchObject({ digest });
  });

  test("waits as long as the registry says", async () => {
    const { acr, registry, waits } = stage();
    acr.fault("manifest-throttled", { retryAfterSeconds: 7 });
    await push(registry, "team/app", "1", "hello");
    expect(waits).toEqual([7_700]);
  });

  test.each<readonly [AcrFault, object]>([
    ["manifest-disallowed", { status: 405, code: "REGISTRY_DISALLOWED_OPERATION" }],
    ["firewall", { status: 403, code: "DENIED" }],
  ])("does not try again after %s", async (fault, facts) => {
    const { azure, acr, login, registry, waits } = stage();
    await login.refreshToken(acr.loginServer);
    acr.fault(fault, { times: 100 });
    await expect(push(registry, "team/app", "1", "hello")).rejects.toMatchObject({ facts });
    expect(azure.faults.struck.get(`acr ${fault}`)).toBe(1);
    expect(waits).toEqual([]);
  });

  test("into a locked tag is refused, and says why", async () => {
    const { acr, registry } = stage();
    await push(registry, "team/app", "1", "one");
    acr.lock("team/app", "1", { writeEnabled: false });
    await expect(push(registry, "team/app", "1", "two")).rejects.toMatchObject({
      facts: { status: 405, code: "REGISTRY_DISALLOWED_OPERATION" },
    });
  });

  test("of a manifest that is too large is refused by the registry in its own words", async () => {
    const { registry } = stage({ settings: { maxManifestBytes: 100 } });
    await expect(push(registry, "team/app", "1", "hello")).rejects.toMatchObject({
      facts: { code: "MANIFEST_INVALID" },
    });
  });
});

describe("what an identity may do", () => {
  test("is read from its token before anything is built", async () => {
    const { registry } = stage({ teamRoles: ["AcrPull"] });
    expect(await registry.listGrants("team/app", ["pull", "push"])).toEqual(["pull"]);
  });

  test("is refused with what the token granted, once a fresh one did not help", async () => {
    const { azure, acr, registry } = stage({ teamRoles: ["AcrPull"] });
    await expect(push(registry, "team/app", "1", "hello")).rejects.toMatchObject({
      facts: { status: 401, granted: ["repository:team/app:pull"], wanted: ["repository:team/app:pull,push"] },
    });
    const lines = linesTo(azure, acr.loginServer);
    expect(lines.filter((line) => line === "POST /oauth2/exchange")).toHaveLength(2);
  });

  test("without any role is told at the login", async () => {
    const { registry } = stage({ teamRoles: [] });
    await expect(registry.findManifest("team/app", "1")).rejects.toMatchObject({ code: "registry-denied" });
  });

  test("in a registry that decides by conditions is asked for repository by repository", async () => {
    const { acr, login, registry } = stage({ mode: "abac", teamRoles: ["Container Registry Repository Writer"] });
    expect((await login.refreshToken(acr.loginServer)).abac).toBe(true);
    await push(registry, "team/app", "1", "hello");
    expect(await registry.listGrants("team/app", ["pull", "push"])).toEqual(["pull", "push"]);
  });

  test("AcrPush counts for nothing where conditions decide", async () => {
    const { registry } = stage({ mode: "abac", teamRoles: ["AcrPush"] });
    await expect(push(registry, "team/app", "1", "hello")).rejects.toMatchObject({ code: "registry-denied" });
  });

  test("stops at a firewall, with the address that it saw", async () => {
    const { acr, registry } = stage();
    acr.configure({ networkRuleSet: { defaultAction: "Deny", ipRules: [] } });
    await expect(registry.findManifest("team/app", "1")).rejects.toMatchObject({
      code: "registry-firewall",
      facts: { ip: "203.0.113.10" },
    });
  });
});

describe("a copy between registries", () => {
  test("brings an image from Docker Hub, as nobody, by the name that people use", async () => {
    const { azure, open, registry } = stage();
    const hub = addForeignRegistry(azure, DOCKER_HUB);
    const digest = await hub.seed("library/busybox", ["1.36"]);
    const source = open("docker.io", { kind: "anonymous" }).registry;
    expect(await source.findManifest("busybox", "1.36")).toMatchObject({ digest });
    await copyImage({ source: readFrom(source, "busybox"), target: registry, name: "mirror/busybox", digest });
    expect(await registry.findManifest("mirror/busybox", digest)).toMatchObject({ digest });
  });

  test("brings an image to GitHub's registry with the job's token", async () => {
    const { azure, open, registry } = stage();
    const account = { username: "octo", password: "ghs_job", actions: ["pull", "push"] };
    const ghcr = addForeignRegistry(azure, { ...GHCR, accounts: [account] });
    const digest = await push(registry, "team/app", "1", "hello");
    const target = open("ghcr.io", { kind: "password", username: "octo", password: "ghs_job" }).registry;
    await copyImage({ source: readFrom(registry, "team/app"), target, name: "octo/app", digest });
    expect((await ghcr.contents())["octo/app"]?.manifests).toHaveProperty(digest);
  });

  test("between two Azure registries shows each its own token, and the blob storage none", async () => {
    const { azure, team, acr, open, registry } = stage();
    const other = addRegistry(azure, { name: "prodregistry", subscriptionId: team.subscriptionId });
    team.assign("AcrPush", other);
    const digest = await push(registry, "team/app", "1", "hello");
    const target = open(other.loginServer).registry;
    await copyImage({ source: readFrom(registry, "team/app"), target, name: "team/app", digest });
    expect((await other.contents())["team/app"]?.manifests).toHaveProperty(digest);
    const links = azure.traffic.requests.filter(({ host }) => host.endsWith(".blob.core.windows.net"));
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(({ headers }) => "authorization" in headers)).toEqual([]);
    expect(linesTo(azure, acr.loginServer).filter((line) => line.includes("exchange"))).toHaveLength(1);
  });

  test("goes on where a download is cut in the middle", async () => {
    const { azure, team, acr, open, registry } = stage({ settings: { redirectBlobs: false } });
    const other = addRegistry(azure, { name: "prodregistry", subscriptionId: team.subscriptionId });
    team.assign("AcrPush", other);
    const digest = await push(registry, "team/app", "1", "a layer of some bytes");
    acr.fault("pull-cut", { bytes: 4 });
    const target = open(other.loginServer).registry;
    await copyImage({ source: readFrom(registry, "team/app"), target, name: "team/app", digest });
    expect(azure.faults.struck.get("acr pull-cut")).toBe(1);
    expect((await other.contents())["team/app"]?.manifests).toHaveProperty(digest);
  });
});
