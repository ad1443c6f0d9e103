import { describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { type Asked, read } from "../ask.ts";
import { type Azure, createAzure } from "../azure.ts";
import { addTeam, type Team, type TeamOptions } from "../team.ts";
import type { EntraCode } from "./errors.ts";

const AUDIENCE = "api://AzureADTokenExchange";
const NOW = new Date("2026-11-21T09:17:00Z");

interface Post {
  readonly tenant?: string;
  readonly host?: string;
  readonly assertion?: string;
  /** Undefined leaves a field out. */
  readonly form?: Readonly<Record<string, string | undefined>>;
}

function setUp(options: TeamOptions = {}) {
  const azure = createAzure({ now: NOW, frozen: true });
  const team = addTeam(azure, options);
  return { azure, team, post: (post: Post = {}) => postToken(azure, team, post) };
}

async function postToken(azure: Azure, { tenantId, clientId, job }: Team, post: Post): Promise<Asked> {
  const form = {
    client_id: clientId,
    scope: "https://management.azure.com/.default",
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: post.assertion ?? azure.github.idToken(job, AUDIENCE),
    ...post.form,
  };
  const body = new URLSearchParams(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const url = `https://${post.host ?? "login.microsoftonline.com"}/${post.tenant ?? tenantId}/oauth2/v2.0/token?client-request-id=c0ffee`;
  return read(await azure.answer({ method: "POST", url, headers: {}, body: body.toString() }));
}

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

describe("a refusal", () => {
  const credential = {
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:octo/shop:ref:refs/heads/main",
    audience: AUDIENCE,
  };
  const withCredential =
    (change: Partial<typeof credential>) =>
    ({ azure, team }: { azure: Azure; team: Team }) => {
      team.principal.federatedCredentials.length = 0;
      azure.entra.addFederatedCredential(team.principal, { ...credential, ...change });
      return {};
    };
  interface Case {
    readonly code: EntraCode;
    readonly when: string;
    readonly status: number;
    readonly error: string;
    readonly arrange: (set: { azure: Azure; team: Team }) => Post;
    readonly team?: TeamOptions;
  }
  const cases: readonly Case[] = [
    {
      code: 700211,
      when: "the issuer ends in a slash",
      status: 401,
      error: "invalid_client",
      arrange: withCredential({ issuer: `${credential.issuer}/` }),
    },
    {
      code: 700212,
      when: "the audience is a sovereign cloud's",
      status: 401,
      error: "invalid_client",
      arrange: withCredential({ audience: `${AUDIENCE}USGov` }),
    },
    {
      code: 700213,
      when: "no credential has the subject",
      status: 401,
      error: "invalid_client",
      arrange: withCredential({ subject: "repo:octo/shop:pull_request" }),
    },
    {
      code: 7002138,
      when: "the subject differs in case",
      status: 401,
      error: "invalid_client",
      arrange: withCredential({ subject: "repo:Octo/shop:ref:refs/heads/main" }),
    },
    {
      code: 7002131,
      when: "no expression matches",
      status: 401,
      error: "invalid_client",
      team: { kind: "application" },
      arrange: ({ azure, team }) => {
        team.principal.federatedCredentials.length = 0;
        const { subject: _, ...rest } = credential;
        azure.entra.addFederatedCredential(team.principal, {
          ...rest,
          claimsMatchingExpression: "claims['sub'] matches 'repo:octo/*:pull_request'",
        });
        return {};
      },
    },
    {
      code: 700024,
      when: "the assertion is five minutes old",
      status: 401,
      error: "invalid_client",
      arrange: ({ azure, team }) => {
        const assertion = azure.github.idToken(team.job, AUDIENCE);
        azure.clock.advance(300_000);
        return { assertion };
      },
    },
    {
      code: 50013,
      when: "the signature is not the issuer's",
      status: 401,
      error: "invalid_client",
      arrange: ({ azure, team }) => {
        const [header, claims] = azure.github.idToken(team.job, AUDIENCE).split(".");
        const [otherHeader = "", , signature] = azure.entra.accessToken(team.principal).split(".");
        expect(otherHeader).not.toBe(header);
        return { assertion: `${header}.${claims}.${signature}` };
      },
    },
    {
      code: 700222,
      when: "an Entra token is presented",
      status: 400,
      error: "invalid_request",
      arrange: ({ azure, team }) => ({ assertion: azure.entra.accessToken(team.principal, AUDIENCE) }),
    },
    {
      code: 501661,
      when: "the issuer cannot be reached",
      status: 400,
      error: "invalid_request",
      team: { job: { issuer: "https://ghes.example.com/_services/token" } },
      arrange: ({ azure }) => {
        azure.serve("ghes.example.com", async () => ({ status: 502, headers: {}, body: "" }));
        return {};
      },
    },
    {
      code: 50027,
      when: "the assertion is no token",
      status: 400,
      error: "invalid_request",
      arrange: () => ({ assertion: "nonsense" }),
    },
    {
      code: 700016,
      when: "the client is not there",
      status: 400,
      error: "unauthorized_client",
      arrange: () => ({ form: { client_id: "nobody" } }),
    },
    {
      code: 90002,
      when: "the tenant is not there",
      status: 400,
      error: "invalid_request",
      arrange: () => ({ tenant: "nowhere" }),
    },
    {
      code: 900382,
      when: "the tenant is another cloud's",
      status: 400,
      error: "invalid_request",
      arrange: () => ({ host: "login.microsoftonline.us" }),
    },
    {
      code: 500011,
      when: "the resource is not there",
      status: 400,
      error: "invalid_resource",
      arrange: () => ({ form: { scope: "https://nothing.example.com/.default" } }),
    },
    {
      code: 1002012,
      when: "the scope does not end in /.default",
      status: 400,
      error: "invalid_scope",
      arrange: () => ({ form: { scope: "https://management.azure.com" } }),
    },
    {
      code: 70011,
      when: "two scopes are asked for",
      status: 400,
      error: "invalid_scope",
      arrange: () => ({ form: { scope: "a/.default b/.default" } }),
    },
    {
      code: 7000215,
      when: "a client secret shadows the assertion",
      status: 401,
      error: "invalid_client",
      arrange: () => ({ form: { client_assertion: undefined, client_secret: "old" } }),
    },
    {
      code: 7000218,
      when: "there is no credential at all",
      status: 401,
      error: "invalid_client",
      arrange: () => ({ form: { client_assertion: undefined } }),
    },
    {
      code: 900144,
      when: "a parameter is missing",
      status: 400,
      error: "invalid_request",
      arrange: () => ({ form: { client_id: undefined } }),
    },
    {
      code: 70003,
      when: "the grant is another",
      status: 400,
      error: "unsupported_grant_type",
      arrange: () => ({ form: { grant_type: "password" } }),
    },
    ...(
      [
        [70021, 400, "invalid_request"],
        [7002137, 401, "invalid_client"],
        [53003, 400, "invalid_grant"],
        [530032, 400, "invalid_grant"],
        [90055, 429, "temporarily_unavailable"],
        [90033, 503, "temporarily_unavailable"],
        [90006, 503, "temporarily_unavailable"],
        [90024, 503, "temporarily_unavailable"],
        [7000222, 401, "invalid_client"],
      ] as const
    ).map(
      ([code, status, error]): Case => ({
        code,
        when: "a test orders it",
        status,
        error,
        arrange: ({ azure, team }) => {
          azure.entra.refuse(team.clientId, code);
          return {};
        },
      }),
    ),
  ];

  test.each(cases)("with AADSTS$code when $when", async ({ code, status, error, arrange, team }) => {
    const set = setUp(team);
    const { status: seen, json } = await set.post(arrange(set));
    expect(json).toMatchObject({
      error,
      error_codes: [code],
      error_description: expect.stringContaining(`AADSTS${code}: `),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: "c0ffee",
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    });
    expect(`${json["error_description"]}`).not.toMatch(/\{\w+\}/);
    expect(seen).toBe(status);
  });

  test("quotes what was presented, on one line or, in the older form, on four", async () => {
    const set = setUp({ job: { environment: "preview" } });
    withCredential({})(set);
    const newer = `${(await set.post()).json["error_description"]}`;
    set.azure.entra.settings.description = "older";
    const older = `${(await set.post()).json["error_description"]}`;
    expect(newer).toMatch(
      /presented assertion subject 'repo:octo\/shop:environment:preview'.* Trace ID: \S+ Correlation ID: c0ffee Timestamp: 2026-11-21 09:17:00Z$/,
    );
    expect(older.split("\r\n")).toHaveLength(4);
  });

  test("of an expired assertion counts its validity from the time of issue", async () => {
    const { azure, team, post } = setUp();
    const assertion = azure.github.idToken(team.job, AUDIENCE);
    azure.clock.advance(301_000);
    const { json } = await post({ assertion });
    expect(json["error_description"]).toContain(
      "assertion valid from 2026-11-21T09:17:00.0000000Z, expiry time of assertion 2026-11-21T09:22:00.0000000Z",
    );
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
