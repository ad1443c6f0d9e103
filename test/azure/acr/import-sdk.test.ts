import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { sdkCredential } from "../sdk.ts";
import type { AcrRegistry } from "./acr.ts";
import { addRegistry } from "./add-registry.ts";
import { type RegistryScene, setUp } from "./ask-registry.ts";

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

describe("the real SDK", () => {
  const client = () =>
    new ContainerRegistryManagementClient(sdkCredential(scene.azure, scene.team), scene.team.subscriptionId, {
      httpClient: scene.azure.httpClient(),
      retryOptions: { maxRetries: 0 },
    });
  const parameters = () => ({ source: { resourceId: source.id, sourceImage: "team/app:1" }, targetTags: ["app:1"] });

  test("imports and finds usages, names and registries", async () => {
    scene.azure.clock.tick(60_000);
    scene.team.assign("Reader", `/subscriptions/${scene.team.subscriptionId}`);
    scene.azure.arm.settings.pageSize = 1;
    const { registries } = client();
    const all: (string | undefined)[] = [];
    for await (const { loginServer } of registries.list()) all.push(loginServer);
    expect(all).toEqual(["mayfly.azurecr.io", "source.azurecr.io"]);
    const ofGroup: (string | undefined)[] = [];
    for await (const { name } of registries.listByResourceGroup("registries")) ofGroup.push(name);
    expect(ofGroup).toEqual(["mayfly", "source"]);
    expect(await registries.get("registries", "mayfly")).toMatchObject({
      roleAssignmentMode: "LegacyRegistryPermissions",
    });
    await registries.importImage("registries", "mayfly", parameters());
    expect((await scene.registry.contents())["app"]?.tags).toEqual({ "1": digest });
    const { value = [] } = await registries.listUsages("registries", "mayfly");
    expect(value.find(({ name }) => name === "Size")).toMatchObject({ limit: 500 * 1024 ** 3, unit: "Bytes" });
    expect(value.find(({ name }) => name === "Size")?.currentValue).toBeGreaterThan(100);
    const check = (name: string) =>
      registries.checkNameAvailability({ name, type: "Microsoft.ContainerRegistry/registries" });
    expect(await check("MAYFLY")).toMatchObject({ nameAvailable: false, reason: "AlreadyExists" });
    expect(await check("brandnew")).toMatchObject({ nameAvailable: true });
    expect(await check("no")).toMatchObject({ nameAvailable: false, reason: "Invalid" });
    expect(scene.azure.traffic.refused()).toEqual([]);
  });

  test("meets a tag that is there as a conflict at a poll", async () => {
    scene.azure.clock.tick(60_000);
    await scene.registry.seed("app", ["1"], "before");
    await expect(client().registries.importImage("registries", "mayfly", parameters())).rejects.toMatchObject({
      code: "Conflict",
      statusCode: 409,
    });
  });
});
