import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { addForeignRegistry, addRegistry, DOCKER_HUB, MCR } from "../azure/acr/add-registry.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../azure/acr/oci.ts";
import { IMPORTER, scene } from "./import-on-emulator.ts";

const OTHER_SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000002";
const OTHER_TENANT = "00000000-7e0a-4000-8000-000000000002";

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

  test("needs one role on both sides, also where registries decide by conditions on repositories", async () => {
    const { source, target, importImages } = scene({ mode: "abac", reader: false });
    const digest = await source.seed("team/app", ["1"]);
    await target.seed("team/app", ["1"], "older");
    const given = { registry: target.id, "source-registries": source.id, mode: "force" };
    const { failure } = await importImages({ ...given, images: "source.azurecr.io/team/app:1" });
    expect(failure).toBeUndefined();
    expect((await target.contents())["team/app"]?.tags).toEqual({ "1": digest });
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
