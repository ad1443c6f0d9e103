import { describe, expect, test } from "@jest/globals";
import { asking, read } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { RoleActions } from "./roles.ts";

function setUp(role?: string | RoleActions) {
  const azure = createAzure({ now: new Date("2026-11-21T09:17:00Z"), frozen: true });
  const team = addTeam(azure, role === undefined ? {} : { role });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  for (const name of ["a", "b"]) azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name });
  return { azure, team, subscription, ask: asking(azure, team) };
}

describe("a request without a good token", () => {
  test.each([
    { name: "has no header", headers: () => ({}), code: "AuthenticationFailed" },
    { name: "has nonsense", headers: () => ({ authorization: "Bearer nonsense" }), code: "InvalidAuthenticationToken" },
    {
      name: "is for another audience",
      headers: (t: Tokens) => ({ authorization: `Bearer ${t("https://graph.microsoft.com")}` }),
      code: "InvalidAuthenticationTokenAudience",
    },
    {
      name: "has expired",
      headers: (t: Tokens) => ({ authorization: `Bearer ${t("https://management.azure.com", -1)}` }),
      code: "ExpiredAuthenticationToken",
    },
  ])("that $name gets 401 and a challenge", async ({ headers, code }) => {
    const { azure, team } = setUp();
    const token: Tokens = (audience, seconds) => azure.entra.accessToken(team.principal, audience, seconds);
    const url = "https://management.azure.com/subscriptions?api-version=2022-12-01";
    const answer = read(await azure.answer({ method: "GET", url, headers: headers(token) }));
    expect(answer).toMatchObject({ status: 401, code });
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer authorization_uri=/);
  });

  test("gets 401 in the middle of a run, when its token runs out", async () => {
    const { azure, team, subscription } = setUp();
    const ask = asking(azure, team, azure.entra.accessToken(team.principal, undefined, 60));
    expect((await ask("GET", `${subscription}/resourcegroups`)).status).toBe(200);
    azure.clock.advance(60_000);
    expect(await ask("GET", `${subscription}/resourcegroups`)).toMatchObject({
      status: 401,
      code: "ExpiredAuthenticationToken",
    });
  });

  test("of another tenant is told which tenant the subscription has", async () => {
    const { azure, team, subscription } = setUp();
    azure.entra.addTenant({ id: "another" });
    const principal = azure.entra.addApplication({ tenantId: "another", clientId: "c", objectId: "o" });
    const answer = await asking(azure, { principal })("GET", subscription);
    expect(answer).toMatchObject({
      status: 401,
      code: "InvalidAuthenticationTokenTenant",
      message: expect.stringContaining(team.tenantId),
    });
  });
});

type Tokens = (audience: string, seconds?: number) => string;

describe("a role", () => {
  test("that lacks an action refuses with ARM's own sentence", async () => {
    const { ask, subscription, team } = setUp("Reader");
    expect(await ask("DELETE", `${subscription}/resourcegroups/a`)).toMatchObject({
      status: 403,
      code: "AuthorizationFailed",
      message: `The client '${team.clientId}' with object id '${team.principal.objectId}' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/delete' over scope '${subscription}/resourceGroups/a' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    });
  });

  test("Contributor deletes groups but writes no locks and no role assignments", async () => {
    const { ask, subscription } = setUp("Contributor");
    const lock = await ask("PUT", `${subscription}/resourcegroups/a/providers/Microsoft.Authorization/locks/l`, {
      properties: { level: "ReadOnly" },
    });
    expect(lock.code).toBe("AuthorizationFailed");
    expect((await ask("DELETE", `${subscription}/resourcegroups/a`)).status).toBe(202);
  });

  test("at one group shows that group alone in the lists", async () => {
    const { azure, team, subscription } = setUp();
    const principal = azure.entra.addApplication({ tenantId: team.tenantId, clientId: "narrow", objectId: "narrow" });
    azure.arm.assignRole("narrow", "Reader", `${subscription}/resourceGroups/b`);
    const ask = asking(azure, { principal });
    expect((await ask("GET", `${subscription}/resourcegroups`)).names).toEqual(["b"]);
    expect((await ask("GET", "/subscriptions")).json["value"]).toHaveLength(1);
    expect((await ask("GET", `${subscription}/resourcegroups/a`)).code).toBe("AuthorizationFailed");
  });

  test("that nobody assigned shows no subscription and refuses the rest", async () => {
    const { azure, team, subscription } = setUp();
    const principal = azure.entra.addApplication({ tenantId: team.tenantId, clientId: "none", objectId: "none" });
    const ask = asking(azure, { principal });
    expect((await ask("GET", "/subscriptions")).json).toEqual({ value: [] });
    expect((await ask("GET", subscription)).status).toBe(403);
    expect((await ask("GET", `${subscription}/resourcegroups`)).status).toBe(403);
  });
});

describe("subscriptions, tenants, metadata", () => {
  test("are listed in pages, found and missed", async () => {
    const { azure, team, subscription, ask } = setUp();
    azure.arm.addSubscription({ id: "5ab00000-0000-4000-8000-000000000002", tenantId: team.tenantId, name: "Second" });
    azure.arm.assignRole(team.principal.objectId, "Reader", "/subscriptions/5ab00000-0000-4000-8000-000000000002");
    azure.arm.settings.pageSize = 1;
    const first = await ask("GET", "/subscriptions");
    expect(first.json["value"]).toMatchObject([
      { subscriptionId: team.subscriptionId, tenantId: team.tenantId, displayName: "Octo sandbox", state: "Enabled" },
    ]);
    expect(first.json["nextLink"]).toContain("skiptoken");
    expect((await ask("GET", subscription)).json).toMatchObject({
      id: subscription,
      subscriptionId: team.subscriptionId,
    });
    expect(await ask("GET", "/subscriptions/none/resourcegroups")).toMatchObject({
      status: 404,
      code: "SubscriptionNotFound",
    });
    expect((await ask("GET", "/tenants")).json["value"]).toMatchObject([{ tenantId: team.tenantId }]);
  });

  test("metadata needs no token and names the cloud's hosts", async () => {
    const { azure } = setUp();
    const get = async (host: string) =>
      read(
        await azure.answer({
          method: "GET",
          url: `https://${host}/metadata/endpoints?api-version=2022-09-01`,
          headers: {},
        }),
      ).json;
    expect(await get("management.azure.com")).toMatchObject({
      name: "AzureCloud",
      authentication: { loginEndpoint: "https://login.microsoftonline.com" },
    });
    expect(await get("management.usgovcloudapi.net")).toMatchObject({
      name: "AzureUSGovernment",
      resourceManager: "https://management.usgovcloudapi.net/",
    });
  });

  test("what the emulator does not know is refused and recorded with its api-version", async () => {
    const { azure, subscription, ask } = setUp("Owner");
    const paths = [
      `${subscription}/frobnicate`,
      `${subscription}/resourceGroups/a/providers/Microsoft.Quantum/workspaces/w`,
    ];
    for (const path of paths) expect((await ask("GET", `${path}?api-version=2023-01-01`)).status).toBe(404);
    expect(azure.traffic.refused()).toMatchObject(
      paths.map((path) => ({ path, query: { "api-version": "2023-01-01" }, refused: expect.any(String) })),
    );
    expect((await ask("GET", `${subscription}?api-version=latest`)).code).toBe("InvalidApiVersionParameter");
  });
});
