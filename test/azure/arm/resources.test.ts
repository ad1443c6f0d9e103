import { describe, expect, test } from "@jest/globals";
import { asking, pathOf, read } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { ArmSettings } from "./settings.ts";

function setUp(arm: Partial<ArmSettings> = {}) {
  const azure = createAzure({ frozen: true, arm });
  const team = addTeam(azure, { role: "Owner" });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  return { azure, team, subscription, group, ask: asking(azure, team) };
}

describe("any resource", () => {
  test("is kept as it was PUT, patched, listed with its group and removed with its children", async () => {
    const { subscription, group, ask } = setUp();
    const network = `${group}/providers/Microsoft.Network/virtualNetworks/net`;
    expect((await ask("PUT", network, { location: "eastus", properties: { addressSpace: {} } })).status).toBe(201);
    expect((await ask("PUT", `${network}/subnets/a`, { properties: { addressPrefix: "10.0.0.0/24" } })).status).toBe(
      201,
    );
    expect((await ask("PATCH", network, { tags: { a: "1" } })).json).toMatchObject({
      tags: { a: "1" },
      properties: { addressSpace: {}, provisioningState: "Succeeded" },
    });
    expect((await ask("GET", `${group}/resources`)).names).toEqual(["net"]);
    expect((await ask("GET", `${subscription}/resources?$filter=resourceGroup eq 'G'`)).names).toEqual(["net"]);
    expect(
      (await ask("GET", `${subscription}/resources?$filter=resourceType eq 'microsoft.storage/storageaccounts'`)).names,
    ).toEqual([]);
    expect((await ask("GET", `${network}/subnets`)).names).toEqual(["a"]);
    expect((await ask("GET", `${group}/providers/Microsoft.Network/virtualNetworks`)).names).toEqual(["net"]);
    expect((await ask("DELETE", network.toUpperCase())).status).toBe(200);
    expect(await ask("GET", `${network}/subnets/a`)).toMatchObject({ status: 404, code: "ResourceNotFound" });
    expect((await ask("DELETE", network)).status).toBe(204);
  });

  test("has an api-version that its provider lists", async () => {
    const { subscription, ask } = setUp();
    const { json } = await ask("GET", `${subscription}/providers/Microsoft.Storage`);
    expect(json["resourceTypes"]).toContainEqual(
      expect.objectContaining({ resourceType: "storageAccounts", apiVersions: [expect.stringMatching(/^20\d\d-/)] }),
    );
  });

  test("needs its group and its parent", async () => {
    const { subscription, group, ask } = setUp();
    const network = "providers/Microsoft.Network/virtualNetworks/net";
    expect((await ask("PUT", `${subscription}/resourceGroups/none/${network}`, {})).code).toBe("ResourceGroupNotFound");
    expect((await ask("PUT", `${group}/${network}/subnets/a`, {})).code).toBe("ParentResourceNotFound");
  });

  test("of an unknown type is let in where a test says so", async () => {
    const { azure, group, ask } = setUp();
    const path = `${group}/providers/Microsoft.Quantum/workspaces/w`;
    expect((await ask("PUT", path, { location: "eastus" })).code).toBe("InvalidResourceType");
    azure.arm.allowUnknownTypes(/^Microsoft\.Quantum\//);
    expect((await ask("PUT", path, { location: "eastus" })).status).toBe(201);
  });

  test("takes its time where its type or a setting says so; the operation ends by the clock", async () => {
    const { azure, group, ask } = setUp({ writeSeconds: 30 });
    const path = `${group}/providers/Microsoft.Network/publicIPAddresses/front`;
    const created = await ask("PUT", path, { location: "eastus" });
    const operation = pathOf(created.headers["azure-asyncoperation"]);
    expect(created.json).toMatchObject({ properties: { provisioningState: "Creating" } });
    expect((await ask("GET", operation)).json).toMatchObject({ status: "InProgress" });
    azure.clock.advance(30_000);
    expect((await ask("GET", path)).json).toMatchObject({ properties: { provisioningState: "Succeeded" } });
    expect((await ask("GET", operation)).json).toMatchObject({ status: "Succeeded" });
    const removed = await ask("DELETE", path);
    expect(removed.status).toBe(202);
    expect((await ask("GET", pathOf(removed.headers["location"]))).status).toBe(202);
    azure.clock.advance(30_000);
    expect((await ask("GET", path)).status).toBe(404);
  });

  test("can be given a behaviour by another part: actions, a failing operation", async () => {
    const { azure, group, ask } = setUp();
    azure.arm.define({
      type: "Microsoft.ContainerService/managedClusters",
      seconds: 10,
      failure: () => ({ code: "ErrCode_InsufficientVCPUQuota", message: "no cores" }),
      actions: {
        listclusterusercredential: ({ name }) => ({
          status: 200,
          headers: {},
          body: JSON.stringify({ kubeconfigs: [{ name }] }),
        }),
      },
    });
    const path = `${group}/providers/Microsoft.ContainerService/managedClusters/k`;
    const { headers } = await ask("PUT", path, { location: "eastus" });
    azure.clock.advance(10_000);
    expect((await ask("GET", pathOf(headers["azure-asyncoperation"]))).json).toMatchObject({
      status: "Failed",
      error: { message: "no cores" },
    });
    expect((await ask("GET", path)).json).toMatchObject({ properties: { provisioningState: "Failed" } });
    expect((await ask("POST", `${path}/listClusterUserCredential`)).json).toEqual({ kubeconfigs: [{ name: "k" }] });
  });
});

describe("locks", () => {
  test("are put, listed at and below a scope, and removed, as az does", async () => {
    const { azure, subscription, group, ask } = setUp();
    const put = (scope: string, name: string) =>
      ask("PUT", `${scope}/providers/Microsoft.Authorization/locks/${name}`, {
        properties: { level: "CanNotDelete", notes: "n" },
      });
    azure.arm.add(`${group}/providers/Microsoft.Storage/storageAccounts/data`);
    for (const [scope, name] of [
      [subscription, "top"],
      [group, "mid"],
      [`${group}/providers/Microsoft.Storage/storageAccounts/data`, "low"],
    ] as const) {
      expect((await put(scope, name)).status).toBe(201);
    }
    const list = async (scope: string, filter = "") =>
      (await ask("GET", `${scope}/providers/Microsoft.Authorization/locks${filter}`)).names;
    expect(await list(subscription)).toEqual(expect.arrayContaining(["top", "mid", "low"]));
    expect((await list(group)).toSorted()).toEqual(["low", "mid"]);
    expect(await list(group, "?$filter=atScope()")).toEqual(["mid"]);
    azure.arm.settings.locksListAbove = true;
    expect(await list(group)).toHaveLength(3);
    azure.arm.settings.locksListAbove = false;
    expect((await ask("GET", `${group}/resources`)).names).toEqual(["data"]);
    expect((await ask("DELETE", `${group}/providers/Microsoft.Authorization/locks/mid`)).status).toBe(200);
    expect(await list(group)).toEqual(["low"]);
    expect((await put(group, "odd")).status).toBe(201);
    expect(
      (await ask("PUT", `${group}/providers/Microsoft.Authorization/locks/x`, { properties: { level: "Maybe" } })).code,
    ).toBe("LockLevelNotSupported");
  });

  test("on a resource whose path has az's two slashes have an id with one", async () => {
    const { azure, group, ask } = setUp();
    const network = azure.arm.add(`${group}/providers/Microsoft.Network/virtualNetworks/net`).id;
    const lock = `${network}/providers/Microsoft.Authorization/locks/keep`;
    const made = await ask("PUT", lock.replace("Network/", "Network//"), { properties: { level: "CanNotDelete" } });
    expect(made.json).toMatchObject({ id: lock });
    expect(await ask("DELETE", group)).toMatchObject({ status: 409, code: "ScopeLocked" });
    expect((await ask("DELETE", lock)).status).toBe(200);
    expect((await ask("DELETE", group)).status).toBe(202);
  });
});

describe("role and deny assignments", () => {
  const OWNER = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
  test("are made once, found by principal, and removed", async () => {
    const { subscription, group, ask } = setUp();
    const path = (name: string) => `${group}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const body = { properties: { roleDefinitionId: `${subscription}${OWNER}`, principalId: "p" } };
    const name = "10000000-0000-4000-8000-000000000001";
    expect((await ask("PUT", path(name), body)).status).toBe(201);
    expect(await ask("PUT", path("10000000-0000-4000-8000-000000000002"), body)).toMatchObject({
      status: 409,
      message:
        "The role assignment already exists. The ID of the existing role assignment is 10000000000040008000000000000001.",
    });
    const list = (scope: string, filter: string) =>
      ask("GET", `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${filter}`);
    expect((await list(group, "principalId eq 'p'")).names).toEqual([name]);
    expect((await list(group, "atScope()")).names).toHaveLength(2);
    expect((await list(subscription, "atScope()")).names).toHaveLength(1);
    expect((await ask("DELETE", path(name))).json).toMatchObject({ name });
  });

  test("roles are found by name, built-in and custom", async () => {
    const { subscription, ask } = setUp();
    const list = (name: string) =>
      ask(
        "GET",
        `${subscription}/providers/Microsoft.Authorization/roleDefinitions?%24filter=roleName+eq+%27${name}%27`,
      );
    expect((await list("AcrPull")).names).toEqual(["7f951dda-4ed3-4680-a7ca-43fe172d538d"]);
    expect((await list("Nothing")).names).toEqual([]);
  });

  test("deny assignments are listed for what is below them", async () => {
    const { azure, subscription, group, ask } = setUp();
    azure.arm.addDenyAssignment(subscription, { name: "top" });
    const { json } = await ask("GET", `${group}/providers/Microsoft.Authorization/denyAssignments`);
    expect(json["value"]).toMatchObject([{ properties: { denyAssignmentName: "top" } }]);
  });
});

test("an identity made through ARM can log in with the credential made through ARM, and is gone with its group", async () => {
  const { azure, team, group, ask } = setUp();
  const path = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/preview`;
  const { json } = await ask("PUT", path, { location: "eastus" });
  const { clientId, principalId } = json["properties"] as Record<string, string>;
  const properties = { issuer: team.job.issuer, subject: team.job.subject, audiences: ["api://AzureADTokenExchange"] };
  expect((await ask("PUT", `${path}/federatedIdentityCredentials/gh-main`, { properties })).status).toBe(201);
  const post = async () => {
    const body = new URLSearchParams({
      client_id: `${clientId}`,
      scope: "https://management.azure.com/.default",
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: azure.github.idToken(team.job, "api://AzureADTokenExchange"),
    });
    return read(
      await azure.answer({
        method: "POST",
        url: `https://login.microsoftonline.com/${team.tenantId}/oauth2/v2.0/token`,
        headers: {},
        body: `${body}`,
      }),
    );
  };
  expect((await post()).status).toBe(200);
  expect(azure.entra.principalByObject(`${principalId}`)?.resourceId).toBe(path);
  await ask("DELETE", group);
  azure.clock.advance(45_000);
  azure.arm.settle();
  expect((await post()).json["error_codes"]).toEqual([700016]);
});
