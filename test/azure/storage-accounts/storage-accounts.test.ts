import { expect, test } from "@jest/globals";
import { asking } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { Json } from "../wire.ts";

function setUp(writeSeconds = 0) {
  const azure = createAzure({ frozen: true, arm: { writeSeconds } });
  const team = addTeam(azure, { role: "Owner" });
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  const account = `${group}/providers/Microsoft.Storage/storageAccounts/stone`;
  const ask = asking(azure, team);
  const put = (properties: Json = {}, at = account) =>
    ask("PUT", at, { location: "eastus", sku: { name: "Standard_LRS" }, kind: "StorageV2", properties });
  return { azure, group, account, ask, put };
}

test("an account is accepted with 202, and comes with its services and endpoints", async () => {
  const { azure, account, ask, put } = setUp(5);
  expect((await put()).status).toBe(202);
  azure.clock.advance(5000);
  expect((await ask("GET", account)).json).toMatchObject({
    properties: { primaryEndpoints: { blob: "https://stone.blob.core.windows.net/" }, provisioningState: "Succeeded" },
  });
  for (const service of ["blobServices", "fileServices"])
    expect((await ask("GET", `${account}/${service}/default`)).status).toBe(200);
  expect((await ask("DELETE", account)).status).toBe(200);
  expect((await ask("GET", `${account}/blobServices/default`)).status).toBe(404);
});

test("what a PUT of the blob service says outlives a PUT of the account", async () => {
  const { account, ask, put } = setUp();
  await put();
  await ask("PUT", `${account}/blobServices/default`, { properties: { isVersioningEnabled: true } });
  await put({ minimumTlsVersion: "TLS1_2" });
  expect((await ask("GET", `${account}/blobServices/default`)).json).toMatchObject({
    properties: { isVersioningEnabled: true },
  });
});

test("a name is one in all of Azure, and follows the rules", async () => {
  const { azure, group, account, put } = setUp();
  await put();
  azure.arm.addResourceGroup({ subscriptionId: group.split("/")[2] ?? "", name: "h" });
  expect((await put({}, account.replace("/g/", "/h/"))).code).toBe("StorageAccountAlreadyTaken");
  expect((await put({}, account.replace("stone", "St-One"))).code).toBe("AccountNameInvalid");
});

test("containers are listed by account, and are not public where the account is not", async () => {
  const { azure, account, ask, put } = setUp();
  await put();
  const container = `${account}/blobServices/default/containers/tfstate`;
  expect((await ask("PUT", container, { properties: { publicAccess: "Blob" } })).code).toBe("PublicAccessNotPermitted");
  expect((await ask("PUT", container, { properties: {} })).status).toBe(201);
  expect(azure.storageAccounts.containers("stone")).toEqual(["tfstate"]);
  expect((await ask("DELETE", container)).status).toBe(200);
  expect(azure.storageAccounts.containers("stone")).toEqual([]);
});

test("keys are the same each time, and refused where they are switched off and the setting says so", async () => {
  const { azure, account, ask, put } = setUp();
  await put({ allowSharedKeyAccess: false });
  const keys = async () => (await ask("POST", `${account}/listKeys?$expand=kerb`)).json["keys"] as readonly Json[];
  expect((await keys()).map(({ value }) => value)).toEqual(azure.storageAccounts.keysOf(account));
  azure.storageAccounts.settings.listKeysRefused = true;
  expect((await ask("POST", `${account}/listKeys`)).code).toBe("KeyBasedAuthenticationNotPermitted");
});
