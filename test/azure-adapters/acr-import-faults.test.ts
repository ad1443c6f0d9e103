import { describe, expect, test } from "@jest/globals";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { addRegistry } from "../azure/acr/add-registry.ts";
import { OCI_MANIFEST } from "../azure/acr/oci.ts";
import { IMPORTER, scene } from "./import-on-emulator.ts";

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

  test("a source is found by its own role where the subscription may not be searched", async () => {
    const { source, target, importImages } = scene({ reader: false });
    await source.seed("team/app", ["1"]);
    const images = "source.azurecr.io/team/app:1";
    const { failure, outputs } = await importImages({ registry: target.id, images });
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 1 });
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
