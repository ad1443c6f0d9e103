import { describe, expect, test } from "@jest/globals";
import type { Azure } from "../azure.ts";
import type { Team, TeamOptions } from "../team.ts";
import type { EntraCode } from "./errors.ts";
import { AUDIENCE, type Post, setUp } from "./post-token.ts";

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
