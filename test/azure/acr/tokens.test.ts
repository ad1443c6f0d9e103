import { describe, expect, test } from "@jest/globals";
import { compactVerify, createLocalJWKSet, decodeJwt } from "jose";
import { AUDIENCE, formOf, NOW, type RegistryScene, setUp } from "./ask-registry.ts";

const SECONDS = NOW.getTime() / 1000;
const CHALLENGE = 'Bearer realm="https://mayfly.azurecr.io/oauth2/token",service="mayfly.azurecr.io"';

describe("the challenge", () => {
  test("of /v2/ names the token service on one line", async () => {
    const { ask } = setUp();
    const answer = await ask("GET", "/v2/");
    expect(answer).toMatchObject({
      status: 401,
      headers: { "www-authenticate": CHALLENGE, "docker-distribution-api-version": "registry/2.0" },
      json: {
        errors: [
          {
            code: "UNAUTHORIZED",
            message: expect.stringMatching(
              /^authentication required, visit https:\/\/aka\.ms\/acr\/authorization for more information\. CorrelationId: [0-9a-f-]{36}$/,
            ),
          },
        ],
      },
    });
  });

  test("of a repository names the scope that is needed, in header and detail", async () => {
    const { ask } = setUp();
    const pull = await ask("GET", "/v2/team/app/manifests/1");
    expect(pull.headers["www-authenticate"]).toBe(`${CHALLENGE},scope="repository:team/app:pull"`);
    expect(pull.json["errors"]).toMatchObject([{ detail: [{ Type: "repository", Name: "team/app", Action: "pull" }] }]);
    const upload = await ask("POST", "/v2/team/app/blobs/uploads/");
    expect(upload.headers["www-authenticate"]).toBe(`${CHALLENGE},scope="repository:team/app:pull,push"`);
    const catalog = await ask("GET", "/acr/v1/_catalog");
    expect(catalog.headers["www-authenticate"]).toBe(`${CHALLENGE},scope="registry:catalog:*"`);
  });

  test("of a firewall is 403, and so is the exchange's", async () => {
    const { ask, exchange, registry } = setUp();
    registry.configure({ networkRuleSet: { defaultAction: "Deny", ipRules: [{ value: "198.51.100.0/24" }] } });
    const message =
      "client with IP '203.0.113.10' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
    const denied = { status: 403, json: { errors: [{ code: "DENIED", message }] } };
    expect(await ask("GET", "/v2/")).toMatchObject(denied);
    expect(await exchange()).toMatchObject(denied);
    registry.settings.clientAddress = "198.51.100.7";
    expect((await ask("GET", "/v2/")).status).toBe(401);
  });
});

describe("the exchange", () => {
  test("gives a refresh token of three hours, and nothing else", async () => {
    const { exchange, team, azure } = setUp();
    const { status, json } = await exchange();
    expect({ status, keys: Object.keys(json) }).toEqual({ status: 200, keys: ["refresh_token"] });
    const token = `${json["refresh_token"]}`;
    expect(decodeJwt(token)).toEqual({
      jti: expect.any(String),
      sub: team.principal.objectId,
      nbf: SECONDS,
      exp: SECONDS + 3 * 3600,
      iat: SECONDS,
      iss: "Azure Container Registry",
      aud: "mayfly.azurecr.io",
      version: "1.0",
      grant_type: "refresh_token",
      tenant: team.tenantId,
      permissions: { actions: ["read", "write"], notActions: [] },
      roles: [],
    });
    const { keys } = azure.acr.jwks;
    await expect(compactVerify(token, createLocalJWKSet({ keys: [...keys] as never[] }))).resolves.toBeDefined();
  });

  test("of a registry with repository permissions adds who it is", async () => {
    const { exchange, team } = setUp({ mode: "abac", teamRoles: ["Container Registry Repository Reader"] });
    const { json } = await exchange();
    expect(decodeJwt(`${json["refresh_token"]}`)).toMatchObject({ aad_identity: team.principal.objectId });
  });

  test("ignores an api-version, and its tenant may be left out", async () => {
    const { ask, azure, team, exchange } = setUp();
    expect((await exchange({ tenant: undefined })).status).toBe(200);
    const access = azure.entra.accessToken(team.principal, AUDIENCE);
    const body = formOf({ grant_type: "access_token", service: "mayfly.azurecr.io", access_token: access });
    expect((await ask("POST", "/oauth2/exchange?api-version=2021-07-01", { body })).status).toBe(200);
  });

  const refused: readonly {
    readonly name: string;
    readonly of: (scene: RegistryScene) => ReturnType<RegistryScene["exchange"]>;
  }[] = [
    {
      name: "an expired Entra token",
      of: ({ azure, team, exchange }) =>
        exchange({ access_token: azure.entra.accessToken(team.principal, AUDIENCE, -1) }),
    },
    { name: "a token that Entra has not signed", of: ({ exchange }) => exchange({ access_token: "a.b.c" }) },
    {
      name: "a token for Graph",
      of: ({ azure, team, exchange }) =>
        exchange({ access_token: azure.entra.accessToken(team.principal, "https://graph.microsoft.com") }),
    },
    { name: "another tenant", of: ({ exchange }) => exchange({ tenant: "other" }) },
    {
      name: "somebody without a role",
      of: ({ azure, team, exchange }) => {
        const stranger = azure.entra.addApplication({
          tenantId: team.tenantId,
          clientId: "stranger",
          objectId: "stranger",
        });
        return exchange({ access_token: azure.entra.accessToken(stranger, AUDIENCE) });
      },
    },
  ];
  test.each(refused)("refuses $name with 401", async ({ of }) => {
    expect(await of(setUp())).toMatchObject({ status: 401, json: { errors: [{ code: "UNAUTHORIZED" }] } });
  });

  test("takes ARM's audience unless the registry was told not to", async () => {
    const { exchange, azure, team, registry } = setUp();
    const access = { access_token: azure.entra.accessToken(team.principal) };
    expect((await exchange(access)).status).toBe(200);
    registry.configure({ policies: { azureADAuthenticationAsArmPolicy: { status: "disabled" } } });
    expect((await exchange(access)).status).toBe(401);
    expect((await exchange()).status).toBe(200);
  });

  test("is not there for GET", async () => {
    const { ask } = setUp();
    expect((await ask("GET", "/oauth2/exchange")).status).toBe(404);
  });
});

describe("the token endpoint", () => {
  test("gives an access token of 75 minutes for what was asked, and no expires_in", async () => {
    const { exchange, ask } = setUp();
    const { json } = await exchange();
    const body = formOf({
      grant_type: "refresh_token",
      service: "mayfly.azurecr.io",
      scope: "repository:team/app:pull,push",
      refresh_token: `${json["refresh_token"]}`,
    });
    const answer = await ask("POST", "/oauth2/token", { body });
    expect(Object.keys(answer.json)).toEqual(["access_token"]);
    expect(decodeJwt(`${answer.json["access_token"]}`)).toMatchObject({
      grant_type: "access_token",
      aud: "mayfly.azurecr.io",
      exp: SECONDS + 4500,
      access: [{ type: "repository", name: "team/app", actions: ["pull", "push"] }],
      roles: [],
    });
  });

  test("takes scopes one after the other or in one, and several of them", async () => {
    const { token } = setUp();
    const both = await token("repository:a:pull", "repository:b:push,pull");
    expect(decodeJwt(both)["access"]).toEqual([
      { type: "repository", name: "a", actions: ["pull"] },
      { type: "repository", name: "b", actions: ["push", "pull"] },
    ]);
  });

  const roles: readonly {
    readonly role: string;
    readonly mode: "legacy" | "abac";
    readonly granted: readonly string[];
  }[] = [
    { role: "AcrPull", mode: "legacy", granted: ["pull", "metadata_read"] },
    { role: "AcrPush", mode: "legacy", granted: ["pull", "push", "metadata_read", "metadata_write"] },
    { role: "AcrDelete", mode: "legacy", granted: ["delete"] },
    { role: "Reader", mode: "legacy", granted: ["pull", "metadata_read"] },
    { role: "Owner", mode: "legacy", granted: ["pull", "push", "delete", "metadata_read", "metadata_write"] },
    { role: "Container Registry Repository Writer", mode: "legacy", granted: [] },
    { role: "AcrPush", mode: "abac", granted: [] },
    { role: "Owner", mode: "abac", granted: [] },
    { role: "Container Registry Repository Reader", mode: "abac", granted: ["pull", "metadata_read"] },
    {
      role: "Container Registry Repository Writer",
      mode: "abac",
      granted: ["pull", "push", "metadata_read", "metadata_write"],
    },
    {
      role: "Container Registry Repository Contributor",
      mode: "abac",
      granted: ["pull", "push", "delete", "metadata_read", "metadata_write"],
    },
    { role: "Container Registry Data Importer and Data Reader", mode: "abac", granted: ["pull", "metadata_read"] },
  ];
  test.each(roles)("cuts $role down to $granted in a registry of mode $mode", async ({ role, mode, granted }) => {
    const { token } = setUp({ mode, teamRoles: [role], settings: { exchangeNeedsRights: false } });
    const access = decodeJwt(await token("repository:a:pull,push,delete,metadata_read,metadata_write"))["access"];
    expect(access).toEqual(granted.length === 0 ? [] : [{ type: "repository", name: "a", actions: granted }]);
  });

  test("gives everything for a star, to who has everything", async () => {
    const actions = async (role: string) =>
      (decodeJwt(await setUp({ teamRoles: [role] }).token("repository:a:*"))["access"] as { actions: unknown }[])[0]
        ?.actions;
    expect(await actions("Owner")).toEqual(["*"]);
    expect(await actions("AcrPull")).toEqual(["pull", "metadata_read"]);
  });

  test("knows a wildcard for all repositories, but not with repository permissions", async () => {
    const access = async (scene: RegistryScene) => decodeJwt(await scene.token("repository:*:pull"))["access"];
    expect(await access(setUp())).toEqual([{ type: "repository", name: "*", actions: ["pull"] }]);
    expect(await access(setUp({ mode: "abac", teamRoles: ["Container Registry Repository Contributor"] }))).toEqual([]);
  });

  test("heeds the condition of an assignment, slash and all", async () => {
    const scene = setUp({ mode: "abac", teamRoles: [] });
    const name = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
    scene.team.assign(
      "Container Registry Repository Writer",
      scene.registry,
      `(${name} StringStartsWithIgnoreCase 'team/')`,
    );
    const token = await scene.token("repository:team/app:pull,push", "repository:teams:pull", "repository:other:pull");
    expect(decodeJwt(token)["access"]).toEqual([{ type: "repository", name: "team/app", actions: ["pull", "push"] }]);
  });

  test("lets the catalog be listed by a lister alone where repositories have permissions", async () => {
    const catalog = async (role: string) => {
      const scene = setUp({ mode: "abac", teamRoles: [role] });
      const token = await scene.token("registry:catalog:*");
      return (await scene.ask("GET", "/acr/v1/_catalog", { token })).status;
    };
    expect(await catalog("Container Registry Repository Catalog Lister")).toBe(200);
    expect(await catalog("Container Registry Repository Contributor")).toBe(401);
  });

  test("refuses a narrower token where it is told to", async () => {
    const { token } = setUp({ teamRoles: ["AcrPull"], settings: { narrowToken: "refuse" } });
    expect(await token("repository:a:pull,push")).toBe("undefined");
    expect(decodeJwt(await token("repository:a:pull"))["access"]).toHaveLength(1);
  });

  test.each(["a refresh token that is over", "an access token", "another registry's", "nonsense"])(
    "refuses %s as refresh token",
    async (name) => {
      const { ask, registry, azure, token, team } = setUp();
      const other = azure.acr.addRegistry({ name: "other", subscriptionId: team.subscriptionId });
      const refresh: Readonly<Record<string, string>> = {
        "a refresh token that is over": registry.credentials(team.principal.objectId).password,
        "an access token": await token("repository:a:pull"),
        "another registry's": other.credentials().password,
        nonsense: "nonsense",
      };
      if (name.endsWith("over")) azure.clock.advance(3 * 3600_000);
      const fields = { grant_type: "refresh_token", service: registry.loginServer, refresh_token: refresh[name] };
      expect((await ask("POST", "/oauth2/token", { body: formOf(fields) })).status).toBe(401);
    },
  );
});

test("the job's own login gives an Entra token that the exchange takes", async () => {
  const { azure, team, exchange } = setUp();
  const body = formOf({
    client_id: team.clientId,
    scope: `${AUDIENCE}/.default`,
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: azure.github.idToken(team.job, "api://AzureADTokenExchange"),
  });
  const url = `https://login.microsoftonline.com/${team.tenantId}/oauth2/v2.0/token`;
  const answer = await azure.answer({ method: "POST", url, headers: {}, body });
  const { access_token: access } = JSON.parse(`${answer.body}`) as { access_token: string };
  expect(decodeJwt(access).aud).toBe(AUDIENCE);
  expect((await exchange({ access_token: access })).status).toBe(200);
});
