import { describe, expect, test } from "@jest/globals";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { asking, read } from "../ask.ts";
import { createAzure } from "../azure.ts";
import type { Effect } from "../faults.ts";
import { addTeam } from "../team.ts";
import type { JobOptions } from "./issuer.ts";

const JOB: JobOptions = {
  repository: "octo/shop",
  repositoryId: "599293758",
  ownerId: "1844662",
  event: "push",
  ref: "refs/heads/main",
};

function setUp(options: Partial<JobOptions> = {}) {
  const azure = createAzure({ frozen: true });
  const job = azure.github.registerJob({ ...JOB, ...options });
  const ask = async (token = job.requestToken, audience: string | undefined = undefined) => {
    const url = audience === undefined ? job.requestUrl : `${job.requestUrl}&audience=${encodeURIComponent(audience)}`;
    return read(await azure.answer({ method: "GET", url, headers: { authorization: `bearer ${token}` } }));
  };
  return { azure, job, ask };
}

describe("the subject of an ID token", () => {
  const cases: readonly (Partial<JobOptions> & { readonly name: string; readonly subject: string })[] = [
    { name: "names the branch", subject: "repo:octo/shop:ref:refs/heads/main" },
    { name: "names the tag", ref: "refs/tags/v1", subject: "repo:octo/shop:ref:refs/tags/v1" },
    {
      name: "names the environment before anything else",
      event: "pull_request",
      environment: "preview",
      subject: "repo:octo/shop:environment:preview",
    },
    { name: "escapes a colon", environment: "Production:V1", subject: "repo:octo/shop:environment:Production%3AV1" },
    {
      name: "says pull_request without a number",
      event: "pull_request",
      ref: "refs/pull/7/merge",
      subject: "repo:octo/shop:pull_request",
    },
    {
      name: "names the base branch of pull_request_target",
      event: "pull_request_target",
      subject: "repo:octo/shop:ref:refs/heads/main",
    },
    {
      name: "names the queue's branch of a merge group",
      event: "merge_group",
      ref: "refs/heads/gh-readonly-queue/main/pr-7-abc",
      subject: "repo:octo/shop:ref:refs/heads/gh-readonly-queue/main/pr-7-abc",
    },
    {
      name: "carries ids in a new repository",
      immutableSubject: true,
      subject: "repo:octo@1844662/shop@599293758:ref:refs/heads/main",
    },
    {
      name: "follows a custom template, with the ids in its repo segment",
      immutableSubject: true,
      environment: "plan",
      subjectTemplate: ["repo", "context", "job_workflow_ref"],
      jobWorkflowRef: "octo/ci/.github/workflows/ci.yml@refs/heads/main",
      subject:
        "repo:octo@1844662/shop@599293758:environment:plan:job_workflow_ref:octo/ci/.github/workflows/ci.yml@refs/heads/main",
    },
    {
      name: "follows a template without repo",
      subjectTemplate: ["repository_owner_id"],
      subject: "repository_owner_id:1844662",
    },
  ];
  test.each(cases)("$name", async ({ name: _, subject, ...options }) => {
    const { ask, job } = setUp(options);
    expect(job.subject).toBe(subject);
    expect(decodeJwt(`${(await ask()).json["value"]}`).sub).toBe(subject);
  });
});

describe("an ID token", () => {
  test("is signed with the issuer's published key, lives 300 s and holds nothing but texts beside its times", async () => {
    const { azure, ask } = setUp();
    const { status, json } = await ask(undefined, "api://AzureADTokenExchange");
    const url = "https://token.actions.githubusercontent.com/.well-known/jwks";
    const keys = read(await azure.answer({ method: "GET", url, headers: {} })).json;
    const now = Math.floor(azure.clock.time() / 1000);
    const { payload, protectedHeader } = await jwtVerify(`${json["value"]}`, createLocalJWKSet(keys as never), {
      issuer: "https://token.actions.githubusercontent.com",
      audience: "api://AzureADTokenExchange",
      currentDate: azure.clock.now(),
    });
    expect(status).toBe(200);
    expect(typeof json["count"]).toBe("number");
    expect(protectedHeader).toMatchObject({
      alg: "RS256",
      typ: "JWT",
      kid: expect.any(String),
      x5t: expect.any(String),
    });
    expect(payload).toMatchObject({
      iat: now,
      nbf: now - 600,
      exp: now + 300,
      head_ref: "",
      base_ref: "",
      repository: "octo/shop",
    });
    const { iat: _iat, nbf: _nbf, exp: _exp, ...others } = payload;
    expect(Object.values(others).every((value) => typeof value === "string")).toBe(true);
    expect(payload).not.toHaveProperty("environment");
  });

  test("is meant for the owner's page when no audience is asked for", async () => {
    const { ask } = setUp();
    expect(decodeJwt(`${(await ask()).json["value"]}`).aud).toBe("https://github.com/octo");
  });

  test("names the enterprise's issuer, whose discovery answers too", async () => {
    const { azure, ask } = setUp({ enterprise: "octo-inc" });
    const { iss } = decodeJwt(`${(await ask()).json["value"]}`);
    expect(iss).toBe("https://token.actions.githubusercontent.com/octo-inc");
    const discovery = await azure.answer({
      method: "GET",
      url: `${iss}/.well-known/openid-configuration`,
      headers: {},
    });
    expect(read(discovery).json).toMatchObject({ issuer: iss, jwks_uri: `${iss}/.well-known/jwks` });
  });
});

describe("the request URL", () => {
  test("already has a query, since the toolkit appends to it", () => {
    expect(setUp().job.requestUrl).toContain("?api-version=2.0");
  });

  test("refuses a wrong bearer and one whose job has run out of its six hours", async () => {
    const { azure, ask } = setUp();
    expect((await ask("someone-else")).status).toBe(401);
    azure.clock.advance(6.5 * 3600 * 1000);
    expect((await ask()).status).toBe(401);
  });

  test("refuses a completed job", async () => {
    const { azure, job, ask } = setUp();
    azure.github.complete(job);
    const { status, json } = await ask();
    expect(status).toBe(400);
    expect(json["message"]).toBe("Can't issue ID_TOKEN for job in 'Completed' state.");
  });

  const faults: readonly { readonly name: string; readonly effect: Effect; readonly seen: object }[] = [
    { name: "503", effect: { kind: "respond", status: 503, body: "busy" }, seen: { status: 503 } },
    { name: "500", effect: { kind: "respond", status: 500, body: { message: "oops" } }, seen: { status: 500 } },
    {
      name: "not JSON",
      effect: { kind: "respond", status: 200, body: "<html>" },
      seen: { status: 200, text: "<html>" },
    },
    { name: "no value", effect: { kind: "respond", status: 200, body: { count: 0 } }, seen: { json: { count: 0 } } },
  ];
  test.each(faults)("can fail with $name, as often as wanted, and works again", async ({ name, effect, seen }) => {
    const { azure, ask } = setUp();
    azure.faults.add({ name, when: { host: /actions\.githubusercontent\.com$/ }, times: 2 }, effect);
    expect(await ask()).toMatchObject(seen);
    expect(await ask()).toMatchObject(seen);
    expect((await ask()).json).toHaveProperty("value");
    expect(azure.traffic.requests.map((request) => request.faults)).toEqual([[name], [name], undefined]);
  });

  test("can be slow: a frozen clock moves instead of waiting", async () => {
    const { azure, ask } = setUp();
    const before = azure.clock.time();
    azure.faults.add({ name: "slow", when: { path: /idtoken/ }, times: 1 }, { kind: "slow", milliseconds: 90_000 });
    await ask();
    expect(azure.clock.time() - before).toBe(90_000);
  });
});

test("no token is kept in the record of traffic", async () => {
  const azure = createAzure({ frozen: true });
  const team = addTeam(azure);
  await asking(azure, team)("GET", "/subscriptions");
  expect(JSON.stringify(azure.traffic.requests)).not.toMatch(/eyJ/);
  expect(azure.traffic.requests[0]?.headers["authorization"]).toBe(`Bearer <${team.principal.objectId}>`);
});
