import { describe, expect, test } from "@jest/globals";
import { asking, pathOf, read } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { Json } from "../wire.ts";

const DAY = 24 * 3_600_000;

function setUp() {
  const azure = createAzure({ frozen: true });
  const team = addTeam(azure, { role: "Owner" });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "g" }).id;
  const path = `${group}/providers/Microsoft.KeyVault/vaults/kv-one`;
  const deleted = `${subscription}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/kv-one`;
  const ask = asking(azure, team);
  const put = (properties: Json = {}, at = path) =>
    ask("PUT", at, {
      location: "eastus",
      properties: { tenantId: team.tenantId, sku: { family: "A", name: "standard" }, ...properties },
    });
  const data = async (method: string, what: string, body?: Json, audience = "https://vault.azure.net") => {
    const authorization = `Bearer ${azure.entra.accessToken(team.principal, audience)}`;
    const headers: Record<string, string> = audience === "" ? {} : { authorization };
    const url = `https://kv-one.vault.azure.net/${what}?api-version=7.4`;
    return read(
      await azure.answer({ method, url, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    );
  };
  return { azure, team, subscription, group, path, deleted, ask, put, data };
}

describe("a vault that is deleted", () => {
  test("keeps its name until it is purged, also when its group went", async () => {
    const { azure, ask, put, path, group, deleted } = setUp();
    expect((await put()).json).toMatchObject({ properties: { vaultUri: "https://kv-one.vault.azure.net/" } });
    await ask("DELETE", group);
    azure.clock.advance(45_000);
    expect((await ask("GET", deleted)).json).toMatchObject({ properties: { vaultId: path } });
    azure.arm.addResourceGroup({ subscriptionId: path.split("/")[2] ?? "", name: "g" });
    expect(await put()).toMatchObject({ status: 409, code: "ConflictError" });
    const purged = await ask("POST", `${deleted}/purge`);
    expect(purged.status).toBe(202);
    expect((await ask("GET", pathOf(purged.headers["location"]))).status).toBe(200);
    expect((await ask("GET", deleted)).status).toBe(404);
    expect((await put()).status).toBe(201);
  });

  test("can be recovered as it was", async () => {
    const { ask, put, path, deleted } = setUp();
    await put({ softDeleteRetentionInDays: 7 });
    expect((await ask("DELETE", path)).status).toBe(200);
    const recovered = await put({ createMode: "recover" });
    expect(recovered).toMatchObject({ status: 201, json: { properties: { softDeleteRetentionInDays: 7 } } });
    expect((await ask("GET", deleted)).status).toBe(404);
  });

  test("is gone by itself after its days, and cannot be purged where it is protected", async () => {
    const { azure, subscription, ask, put, path, deleted } = setUp();
    await put({ softDeleteRetentionInDays: 7, enablePurgeProtection: true });
    await ask("DELETE", path);
    expect((await ask("POST", `${deleted}/purge`)).code).toBe("MethodNotAllowed");
    expect((await ask("GET", `${subscription}/providers/Microsoft.KeyVault/deletedVaults`)).names).toEqual(["kv-one"]);
    azure.clock.advance(7 * DAY);
    expect(azure.arm.find(deleted)).toBeUndefined();
  });
});

test("a vault's name is one in all of Azure", async () => {
  const { azure, team, put, path } = setUp();
  await put();
  azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "h" });
  expect((await put({}, path.replace("/g/", "/h/"))).code).toBe("VaultAlreadyExists");
});

describe("the data of a vault", () => {
  test("is for who comes with a token for vaults, and the challenge says where to get one", async () => {
    const { team, put, data } = setUp();
    await put();
    const { status, headers } = await data("GET", "secrets/db", undefined, "");
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toBe(
      `Bearer authorization="https://login.microsoftonline.com/${team.tenantId}", resource="https://vault.azure.net"`,
    );
    expect((await data("GET", "secrets/db", undefined, "https://management.azure.com")).status).toBe(401);
    expect(await data("GET", "certificates/contacts")).toMatchObject({ status: 404, code: "ContactsNotFound" });
  });

  test("is for those whose role says so: Owner alone reads no secret", async () => {
    const { azure, team, path, put, data } = setUp();
    await put();
    expect(await data("PUT", "secrets/db", { value: "v" })).toMatchObject({ status: 403, code: "Forbidden" });
    azure.arm.assignRole(team.principal.objectId, "Key Vault Secrets User", path);
    expect((await data("GET", "secrets/db")).code).toBe("SecretNotFound");
    expect((await data("PUT", "secrets/db", { value: "v" })).status).toBe(403);
    azure.arm.assignRole(team.principal.objectId, "Key Vault Secrets Officer", path);
    expect((await data("PUT", "secrets/db", { value: "v" })).status).toBe(200);
    expect((await data("GET", "secrets/db")).json).toMatchObject({ value: "v" });
  });

  test("keeps deleted secrets until they are purged", async () => {
    const { azure, team, path, put, data } = setUp();
    await put();
    azure.arm.assignRole(team.principal.objectId, "Key Vault Secrets Officer", path);
    await data("PUT", "secrets/db", { value: "v" });
    await data("DELETE", "secrets/db");
    expect((await data("GET", "secrets/db")).status).toBe(404);
    expect((await data("PUT", "secrets/db", { value: "w" })).status).toBe(409);
    await data("POST", "deletedsecrets/db/recover");
    expect((await data("GET", "secrets/db")).json).toMatchObject({ value: "v" });
    await data("DELETE", "secrets/db");
    expect((await data("DELETE", "deletedsecrets/db")).status).toBe(204);
    expect((await data("PUT", "secrets/db", { value: "w" })).status).toBe(200);
  });

  test("is out of reach without public access", async () => {
    const { put, data } = setUp();
    await put({ publicNetworkAccess: "Disabled" });
    expect((await data("GET", "certificates/contacts")).status).toBe(403);
  });
});
