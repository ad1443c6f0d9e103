import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { connect } from "../../src/actions/acr-import/connect.ts";
import { run } from "../../src/actions/acr-import/run.ts";
import { inputs } from "../actions/acr-import/inputs.ts";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { addForeignRegistry, addRegistry, DOCKER_HUB, MCR } from "../azure/acr/add-registry.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../azure/acr/oci.ts";
import { type RunnerStage, stageRunner } from "./runner-on-emulator.ts";

const IMPORTER = "Container Registry Data Importer and Data Reader";
const OTHER_SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000002";
const OTHER_TENANT = "00000000-7e0a-4000-8000-000000000002";

interface Scene extends RunnerStage {
  readonly target: AcrRegistry;
  readonly source: AcrRegistry;
  importImages(given: Readonly<Record<string, string>>): ReturnType<typeof run>;
  /** What stands under a tag of the target. */
  standing(reference: string): Promise<string | undefined>;
  imports(): number;
}

/** Two registries of one tenant; the identity may import from one into the other. */
function scene({ reader = true }: { readonly reader?: boolean } = {}): Scene {
  const stage = stageRunner();
  const { azure, team, runner } = stage;
  const { subscriptionId } = team;
  if (reader) team.assign("Reader", `/subscriptions/${subscriptionId}`);
  const target = addRegistry(azure, { name: "mayfly", subscriptionId });
  const source = addRegistry(azure, { name: "source", subscriptionId });
  for (const registry of [target, source]) team.assign(IMPORTER, registry);
  return {
    ...stage,
    target,
    source,
    importImages: (given) => {
      const ids = { "client-id": team.clientId, "tenant-id": team.tenantId, "subscription-id": subscriptionId };
      const settings = inputs({ ...ids, ...given });
      return run(settings, connect(runner, settings, azure.httpClient()));
    },
    standing: async (reference) => {
      const [name = "", tag = ""] = reference.split(":");
      return (await target.contents())[name]?.tags[tag];
    },
    imports: () => azure.traffic.find({ method: "POST", path: /\/importImage$/ }).length,
  };
}

describe("an import through ARM and the registries", () => {
  test("brings an image of the tenant by its digest, proves it, and does nothing the second time", async () => {
    const { azure, source, importImages, standing, imports, summaries } = scene();
    const digest = await source.seed("team/app", ["1"]);
    const given = { images: "source.azurecr.io/team/app:1 => prod/app:1.0" };
    const { outputs, failure } = await importImages(given);
    expect(failure).toBeUndefined();
    expect(await standing("prod/app:1.0")).toBe(digest);
    expect(outputs).toMatchObject({ imported: 1, skipped: 0 });
    expect(JSON.parse(String(outputs.images))).toEqual({
      app: { repository: "mayfly.azurecr.io/prod/app", tag: "1.0", digest },
    });
    const [asked] = azure.traffic.find({ method: "POST", path: /\/importImage$/ });
    expect(JSON.parse(asked?.body ?? "{}")).toEqual({
      source: { resourceId: source.id, sourceImage: `team/app@${digest}` },
      targetTags: ["prod/app:1.0"],
      mode: "NoForce",
    });
    expect((await importImages(given)).outputs).toMatchObject({ imported: 0, skipped: 1 });
    expect(imports()).toBe(1);
    expect(azure.traffic.refused()).toEqual([]);
    expect(summaries[0]).toContain("1 image imported");
    expect(JSON.parse(readFileSync(String(outputs.report), "utf8"))).toMatchObject({
      schema: "mayfly/import-report/v1",
    });
  });

  test("brings public images of Docker Hub and Microsoft, and an index with all of its parts", async () => {
    const { azure, importImages, standing } = scene();
    const hub = addForeignRegistry(azure, DOCKER_HUB);
    const mcr = addForeignRegistry(azure, MCR);
    const nginx = await hub.seed("library/nginx", ["1.27"]);
    const part = await mcr.seed("dotnet/runtime", []);
    const manifests = [{ mediaType: OCI_MANIFEST, digest: part, size: 100 }];
    const index = await mcr.seedManifest("dotnet/runtime", "8.0", OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests,
    });
    const images = "docker.io/library/nginx:1.27 => base/nginx\nmcr.microsoft.com/dotnet/runtime:8.0";
    const { outputs, failure } = await importImages({ images });
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 2 });
    expect(await standing("base/nginx:1.27")).toBe(nginx);
    expect(await standing("dotnet/runtime:8.0")).toBe(index);
  });

  test("takes a user's token to the source, and shows it nowhere", async () => {
    const { azure, importImages, standing, summaries, lines, warnings } = scene();
    const account = { username: "octo", password: "s3cret-of-octo", actions: ["pull"] };
    const ghcr = addForeignRegistry(azure, { host: "ghcr.io", anonymous: [], accounts: [account] });
    const digest = await ghcr.seed("org/app", ["1"]);
    const given = { images: "ghcr.io/org/app:1", "source-username": "octo", "source-token": account.password };
    expect((await importImages(given)).outputs).toMatchObject({ imported: 1 });
    expect(await standing("org/app:1")).toBe(digest);
    expect([...summaries, ...lines, ...warnings].join("\n")).not.toContain(account.password);
    const refused = await importImages({ images: "ghcr.io/org/app:1 => other:1" });
    expect(refused.failure).toMatchObject({
      code: "import-source-unreadable",
      message: expect.stringContaining("give source-username and source-token"),
    });
  });

  test("reads a registry of another tenant with an access token of that tenant", async () => {
    const { azure, importImages, standing } = scene();
    const { entra, arm } = azure;
    entra.addTenant({ id: OTHER_TENANT, domain: "other.onmicrosoft.com", name: "Other" });
    arm.addSubscription({ id: OTHER_SUBSCRIPTION, tenantId: OTHER_TENANT, name: "Other" });
    const theirs = entra.addApplication({
      tenantId: OTHER_TENANT,
      clientId: "c11e0000-0000-4000-8000-000000000002",
      objectId: "0b1ec700-0000-4000-8000-000000000002",
      name: "theirs",
      federatedCredentials: [],
    });
    const roles = { [theirs.objectId]: ["AcrPull"] };
    const registry = addRegistry(azure, { name: "theirs", subscriptionId: OTHER_SUBSCRIPTION, roles });
    const digest = await registry.seed("team/app", ["1"]);
    const images = "theirs.azurecr.io/team/app:1";
    const token = entra.accessToken(theirs, "https://containerregistry.azure.net");
    const { failure } = await importImages({ images, "source-token": token });
    expect(failure).toBeUndefined();
    expect(await standing("team/app:1")).toBe(digest);
    expect((await importImages({ images: `${images} => again:1` })).failure?.code).toBe("import-source-unreadable");
  });

  test("finds a source of another subscription by its resource id", async () => {
    const { azure, team, importImages, standing } = scene();
    azure.arm.addSubscription({ id: OTHER_SUBSCRIPTION, tenantId: team.tenantId, name: "Other" });
    const far = addRegistry(azure, { name: "faraway", subscriptionId: OTHER_SUBSCRIPTION });
    team.assign(IMPORTER, far);
    const digest = await far.seed("team/app", ["1"]);
    const given = { images: "faraway.azurecr.io/team/app:1", "source-registries": far.id };
    expect((await importImages(given)).failure).toBeUndefined();
    expect(await standing("team/app:1")).toBe(digest);
  });

  test("brings the same images to several registries, one of them out of reach", async () => {
    const { azure, team, importImages } = scene();
    const { subscriptionId } = team;
    const europe = addRegistry(azure, { name: "europe", subscriptionId });
    const narrow = addRegistry(azure, { name: "narrow", subscriptionId });
    team.assign(IMPORTER, europe);
    team.assign("AcrPull", narrow);
    const mcr = addForeignRegistry(azure, MCR);
    const digest = await mcr.seed("tool", ["1"]);
    const targets = `${europe.id}\nnarrow\nnowhere`;
    const { outputs, failure } = await importImages({ images: "mcr.microsoft.com/tool:1", targets });
    expect(outputs).toMatchObject({ imported: 2, failed: 2 });
    expect((await europe.contents())["tool"]?.tags).toEqual({ "1": digest });
    expect(failure?.code).toBe("import-failed");
    expect(failure?.message).toContain(`--role '${IMPORTER}' --scope ${narrow.id}`);
    expect(failure?.message).toContain('There is no registry "nowhere"');
  });
});

describe("a tag that stands on another digest", () => {
  const given = { images: "source.azurecr.io/team/app:1" };

  test("is moved by force, unless it is locked: Azure itself would move it all the same", async () => {
    const { source, target, importImages, standing, imports } = scene();
    const digest = await source.seed("team/app", ["1"], "new");
    const old = await target.seed("team/app", ["1"], "old");
    expect((await importImages(given)).failure?.code).toBe("import-tag-taken");
    target.lock("team/app", "1");
    expect((await importImages({ ...given, mode: "force" })).failure?.code).toBe("import-tag-locked");
    expect(await standing("team/app:1")).toBe(old);
    expect(imports()).toBe(0);
    target.unlock("team/app", "1");
    expect((await importImages({ ...given, mode: "force" })).failure).toBeUndefined();
    expect(await standing("team/app:1")).toBe(digest);
  });

  test("is not moved in a repository that is locked as a whole", async () => {
    const { source, target, importImages, standing } = scene();
    await source.seed("team/app", ["1"], "new");
    const old = await target.seed("team/app", ["1"], "old");
    target.lock("team/app");
    const { failure } = await importImages({ ...given, mode: "force" });
    expect(failure?.code).toBe("import-tag-locked");
    expect(await standing("team/app:1")).toBe(old);
  });
});

describe("what goes wrong", () => {
  const given = { images: "source.azurecr.io/team/app:1" };

  test.each([
    ["a tag without its manifest", { kind: "manifest-missing" }],
    ["blobs that could not be copied", { kind: "failed", message: "Error copying blobs" }],
    ["a conflict about nothing", { kind: "conflict" }],
  ] as const)("%s is mended by another try", async (_, plan) => {
    const { source, target, importImages, standing, imports } = scene();
    const digest = await source.seed("team/app", ["1"]);
    target.planImport(plan);
    expect((await importImages(given)).failure).toBeUndefined();
    expect(await standing("team/app:1")).toBe(digest);
    expect(imports()).toBe(2);
  });

  test.each([
    ["429 at the request", { path: /\/importImage$/ }, { kind: "throttle", seconds: 7 }],
    ["a reset after the request", { path: /\/importImage$/ }, { kind: "reset", carriedOut: true }],
    ["503 at the request", { path: /\/importImage$/ }, { kind: "respond", status: 503, body: {} }],
    ["429 at a poll", { path: /\/operationResults\// }, { kind: "throttle", seconds: 7 }],
    ["a page at a poll", { path: /\/operationResults\// }, { kind: "respond", status: 502, body: "<html>" }],
  ] as const)("%s is got over", async (_, when, effect) => {
    const { azure, source, importImages, standing } = scene();
    const digest = await source.seed("team/app", ["1"]);
    azure.faults.add({ name: "fault", when, times: 1 }, effect);
    const { outputs, failure } = await importImages(given);
    expect(azure.faults.struck.get("fault")).toBe(1);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 1 });
    expect(await standing("team/app:1")).toBe(digest);
  });

  test("a role that is missing on the source is named with its line", async () => {
    const { azure, team, target, importImages } = scene({ reader: false });
    const bare = addRegistry(azure, { name: "barely", subscriptionId: team.subscriptionId });
    team.assign("Container Registry Configuration Reader and Data Access Configuration Reader", bare);
    await bare.seed("team/app", ["1"]);
    const given = { registry: target.id, "source-registries": bare.id };
    const { failure } = await importImages({ ...given, images: "barely.azurecr.io/team/app:1" });
    expect(failure?.code).toBe("import-source-unreadable");
    expect(failure?.message).toContain(`--role '${IMPORTER}' --scope ${bare.id}`);
    const images = `barely.azurecr.io/team/app@sha256:${"a".repeat(64)}`;
    const pinned = await importImages({ ...given, images, referrers: "ignore" });
    expect(pinned.failure?.code).toBe("import-denied");
    expect(pinned.failure?.message).toContain(`--role '${IMPORTER}' --scope ${bare.id}`);
  });

  test("a subscription that may not be searched needs the source's resource id", async () => {
    const { source, target, importImages } = scene({ reader: false });
    await source.seed("team/app", ["1"]);
    const images = "source.azurecr.io/team/app:1";
    const { failure } = await importImages({ registry: target.id, images });
    expect(failure).toMatchObject({ code: "arm-denied", message: expect.stringContaining("source-registries: ") });
    const named = await importImages({ registry: target.id, images, "source-registries": source.id });
    expect(named.failure).toBeUndefined();
  });

  test("a registry without public access says so from ARM's facts", async () => {
    const { source, target, importImages } = scene();
    await source.seed("team/app", ["1"]);
    source.configure({ publicNetworkAccess: "Disabled" });
    const { failure } = await importImages(given);
    expect(failure?.code).toBe("import-source-unreadable");
    expect(failure?.message).toContain("has public access off");
    source.configure({ publicNetworkAccess: "Enabled" });
    target.configure({ publicNetworkAccess: "Disabled" });
    const closed = await importImages(given);
    expect(closed.failure?.code).toBe("registry-firewall");
    expect(closed.failure?.message).toContain("no public network access");
  });

  test("an import that never ends is left at the deadline, and told", async () => {
    const { source, target, importImages } = scene();
    await source.seed("team/app", ["1"]);
    target.planImport({ kind: "stuck" });
    const { outputs, failure } = await importImages({ ...given, deadline: "3m" });
    expect(failure).toMatchObject({ code: "import-unfinished" });
    expect(outputs).toMatchObject({ unfinished: 1 });
  });

  test("a cancel while Azure copies ends the run, and tells what goes on", async () => {
    const { azure, source, importImages, cancel, imports } = scene();
    await source.seed("team/app", ["1"]);
    azure.faults.add({ name: "cancel", when: { path: /\/operationResults\// } }, { kind: "meanwhile", run: cancel });
    const { failure } = await importImages({
      ...given,
      images: `${given.images}\n${given.images} => b:1`,
      concurrency: "1",
    });
    expect(failure).toMatchObject({ code: "cancelled", message: expect.stringContaining("still being copied") });
    expect(imports()).toBe(1);
  });
});

describe("signatures", () => {
  const sign = async (source: AcrRegistry, digest: string): Promise<string> =>
    source.seedManifest("team/app", undefined, OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: "application/vnd.dev.cosign",
      config: (await smallestOf(source, digest)).config,
      layers: [],
      subject: { mediaType: OCI_MANIFEST, digest, size: 1 },
    });

  test("are told of, and copied when that is asked for and allowed", async () => {
    const { source, target, team, importImages, warnings } = scene();
    const digest = await source.seed("team/app", ["1"]);
    const signature = await sign(source, digest);
    const given = { images: "source.azurecr.io/team/app:1" };
    expect((await importImages(given)).failure).toBeUndefined();
    expect(warnings.join()).toContain("referrers: copy");
    const denied = await importImages({ ...given, referrers: "copy" });
    expect(denied.failure).toMatchObject({ code: "import-referrers", message: expect.stringContaining("AcrPush") });
    team.assign("AcrPush", target);
    const copied = await importImages({ ...given, referrers: "copy" });
    expect(copied.failure).toBeUndefined();
    expect((await target.contents())["team/app"]?.manifests).toHaveProperty([signature]);
  });
});

async function smallestOf(source: AcrRegistry, digest: string): Promise<{ readonly config: unknown }> {
  const found = await source.backend.findManifest("team/app", digest);
  return JSON.parse(String(found?.bytes ?? "{}"));
}
