import { describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { read } from "../ask.ts";
import { AUDIENCE, NOW, setUp } from "./post-token.ts";

describe("a token for a federated assertion", () => {
  test("carries the claims of a version 1 token; 24 hours for a managed identity", async () => {
    const { post, team } = setUp();
    const { status, json, headers } = await post();
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { token_type: "Bearer", expires_in: 86399, refresh_in: 43200 },
    });
    expect(headers["date"]).toBe(NOW.toUTCString());
    expect(decodeJwt(`${json["access_token"]}`)).toMatchObject({
      aud: "https://management.azure.com",
      iss: `https://sts.windows.net/${team.tenantId}/`,
      appid: team.clientId,
      appidacr: "2",
      idtyp: "app",
      oid: team.principal.objectId,
      sub: team.principal.objectId,
      tid: team.tenantId,
      ver: "1.0",
    });
    expect(json).not.toHaveProperty("refresh_token");
  });

  test("lives 60 to 90 minutes for an application, not always the same", async () => {
    const { post } = setUp({ kind: "application" });
    const seconds = [await post(), await post(), await post()].map(({ json }) => Number(json["expires_in"]));
    expect(new Set(seconds).size).toBe(3);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(3599);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(5400);
  });

  test("is given for az's scope with two slashes, and by the tenant's domain", async () => {
    const { post } = setUp();
    const form = { scope: "https://management.core.windows.net//.default" };
    const { json } = await post({ tenant: "octo.onmicrosoft.com", form });
    expect(decodeJwt(`${json["access_token"]}`).aud).toBe("https://management.core.windows.net/");
  });

  test("comes after the credential has spread: the first exchanges fail with 700213", async () => {
    const { post, team } = setUp();
    team.principal.propagationFailures = 2;
    const statuses = [await post(), await post(), await post()].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 200]);
  });
});

describe("a federated credential", () => {
  const base = { issuer: "https://token.actions.githubusercontent.com", audience: AUDIENCE };
  test.each([
    {
      name: "of a managed identity may not hold an expression",
      add: { ...base, claimsMatchingExpression: "claims['sub'] eq 'x'" },
      rule: "no expressions",
    },
    {
      name: "may not repeat issuer and subject",
      add: { ...base, subject: "repo:octo/shop:ref:refs/heads/main" },
      rule: "unique",
    },
    { name: "may not be longer than 600 characters", add: { ...base, subject: "x".repeat(601) }, rule: "600" },
    { name: "needs a subject or an expression", add: base, rule: "exactly one" },
  ])("$name", ({ add, rule }) => {
    const { azure, team } = setUp();
    expect(() => azure.entra.addFederatedCredential(team.principal, add)).toThrow(rule);
  });

  test("is the last of twenty", () => {
    const { azure, team } = setUp();
    const add = (n: number) => azure.entra.addFederatedCredential(team.principal, { ...base, subject: `${n}` });
    for (let n = 1; n < 20; n += 1) add(n);
    expect(() => add(20)).toThrow("at most 20");
  });

  test("with a flexible expression lets every branch of a repository in", async () => {
    const { azure, team, post } = setUp({
      kind: "application",
      job: { ref: "refs/heads/gh-readonly-queue/main/pr-1-a", event: "merge_group" },
    });
    team.principal.federatedCredentials.length = 0;
    const claimsMatchingExpression =
      "claims['sub'] matches 'repo:octo/shop:ref:refs/heads/*' and claims['job_workflow_ref'] matches 'octo/shop/*'";
    azure.entra.addFederatedCredential(team.principal, { ...base, claimsMatchingExpression });
    expect((await post()).status).toBe(200);
  });
});

test("discovery of tenant and instance answers what MSAL and az ask", async () => {
  const { azure, team } = setUp();
  const get = async (path: string) =>
    read(await azure.answer({ method: "GET", url: `https://login.microsoftonline.com/${path}`, headers: {} }));
  expect((await get(`${team.tenantId}/v2.0/.well-known/openid-configuration`)).json).toMatchObject({
    issuer: `https://login.microsoftonline.com/${team.tenantId}/v2.0`,
    token_endpoint: `https://login.microsoftonline.com/${team.tenantId}/oauth2/v2.0/token`,
  });
  expect((await get("common/discovery/instance?api-version=1.1")).json).toHaveProperty("tenant_discovery_endpoint");
  expect((await get("nowhere/v2.0/.well-known/openid-configuration")).status).toBe(400);
});
