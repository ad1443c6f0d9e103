import { describe, expect, test } from "@jest/globals";
import { ask, open } from "./asking.ts";

const COMMENTS = "/repos/octo/shop/issues/12/comments";

describe("comments", () => {
  test("are written by whom the token stands for", async () => {
    const { api, as } = open();
    for (const [actor, login, type] of [
      ["github-actions[bot]", "github-actions[bot]", "Bot"],
      ["my-app[bot]", "my-app[bot]", "Bot"],
      ["mona", "mona", "User"],
    ] as const) {
      const { status, json } = await as({ actor })("POST", COMMENTS, { body: "Hello" });
      expect(status).toBe(201);
      expect(json).toMatchObject({ user: { login, type }, body: "Hello", minimized: null });
    }
    expect(api.comments("octo/shop", 12)[0]).toMatchObject({ author: "github-actions[bot]", body: "Hello" });
  });

  test("of the job's token have the real number of its author", async () => {
    const { json } = await open().as()("POST", COMMENTS, { body: "Hello" });
    expect(json).toMatchObject({ user: { id: 41_898_282, login: "github-actions[bot]" } });
    expect(json["html_url"]).toBe(`https://github.com/octo/shop/pull/12#issuecomment-${json["id"]}`);
  });

  test("come in pages of 30, at most 100, with links as GitHub writes them", async () => {
    const { api, as } = open();
    for (let count = 0; count < 250; count += 1) api.addComment("octo/shop", 12, "mona", `${count}`);
    const asking = as();
    const first = await asking("GET", COMMENTS);
    expect(first.list).toHaveLength(30);
    expect(first.headers["link"]).toBe(
      '<https://api.github.com/repositories/599293758/issues/12/comments?page=2>; rel="next", ' +
        '<https://api.github.com/repositories/599293758/issues/12/comments?page=9>; rel="last"',
    );
    const middle = await asking("GET", "/repositories/599293758/issues/12/comments?per_page=1000&page=2");
    expect(middle.list).toHaveLength(100);
    expect(middle.headers["link"]).toMatch(
      /page=1>; rel="prev", .*page=3>; rel="next", .*page=3>; rel="last", .*page=1>; rel="first"$/,
    );
    const last = await asking("GET", `${COMMENTS}?per_page=100&page=3`);
    expect(last.list).toHaveLength(50);
    expect(last.headers["link"]).toMatch(/^<[^>]*page=2>; rel="prev", <[^>]*page=1>; rel="first"$/);
    expect((await asking("GET", `${COMMENTS}?per_page=100&page=9`)).list).toEqual([]);
  });

  test("are edited, and gone when they are deleted", async () => {
    const { api, as } = open();
    const { id } = api.addComment("octo/shop", 12, "mona", "Before");
    const path = `/repos/octo/shop/issues/comments/${id}`;
    // Nothing but the client's care protects what others wrote.
    expect((await as()("PATCH", path, { body: "After" })).json).toMatchObject({
      body: "After",
      user: { login: "mona" },
    });
    expect((await as({ actor: "hubot" })("PATCH", path, { body: "Mine" })).status).toBe(403);
    expect((await as()("DELETE", path)).status).toBe(204);
    expect((await as()("GET", path)).status).toBe(404);
    expect((await as()("PATCH", path, { body: "Again" })).status).toBe(404);
  });

  test.each([
    ["65,536 characters", "x".repeat(65_536), 201],
    ["one more", "x".repeat(65_537), 422],
    ["65,536 characters outside of the first plane", "🦋".repeat(65_536), 201],
  ])("with %s", async (_, body, status) => {
    const answer = await open().as()("POST", COMMENTS, { body });
    expect(answer.status).toBe(status);
    if (status === 422)
      expect(answer.json).toEqual({
        message: "Validation Failed",
        errors: [
          {
            resource: "IssueComment",
            code: "unprocessable",
            field: "data",
            message: "Body is too long (maximum is 65536 characters)",
          },
        ],
        documentation_url: "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
        status: "422",
      });
  });

  test("may be limited by bytes instead, as was measured", async () => {
    const { api, as } = open();
    api.settings.bodyLimit = { bytes: 262_144 };
    expect((await as()("POST", COMMENTS, { body: "é".repeat(131_072) })).status).toBe(201);
    expect((await as()("POST", COMMENTS, { body: "é".repeat(131_073) })).status).toBe(422);
  });

  test("cannot be empty", async () => {
    expect((await open().as()("POST", COMMENTS, { body: " " })).status).toBe(422);
    expect((await open().as()("POST", COMMENTS)).status).toBe(422);
  });

  test("in a locked conversation are for those with write access", async () => {
    const { api, as } = open();
    const issue = api.repository("octo/shop").issues.get(12);
    if (issue !== undefined) issue.locked = true;
    const refused = await as()("POST", COMMENTS, { body: "Hello" });
    expect(refused.status).toBe(403);
    expect(refused.json["message"]).toBe("Unable to create comment because issue is locked.");
    expect((await as({ actor: "hubot" })("POST", COMMENTS, { body: "Hello" })).status).toBe(403);
    expect((await as({ actor: "mona" })("POST", COMMENTS, { body: "Hello" })).status).toBe(201);
    api.settings.appsWriteWhenLocked = true;
    expect((await as()("POST", COMMENTS, { body: "Hello" })).status).toBe(201);
  });

  test("in an archived repository are refused to everybody", async () => {
    const { api, as } = open();
    api.repository("octo/shop").archived = true;
    expect((await as()("POST", COMMENTS, { body: "Hello" })).json["message"]).toContain("archived");
  });

  test("appear in lists a little later where that is wanted", async () => {
    const { api, azure, as } = open();
    api.settings.listLagMilliseconds = 1_000;
    await as()("POST", COMMENTS, { body: "Hello" });
    expect((await as()("GET", COMMENTS)).list).toEqual([]);
    azure.clock.advance(1_000);
    expect((await as()("GET", COMMENTS)).list).toHaveLength(1);
  });
});

describe("a permission", () => {
  test("that is missing is named in a header, and in GitHub's words", async () => {
    const asking = open().as({ permissions: { "pull-requests": "read" } });
    expect((await asking("GET", COMMENTS)).status).toBe(200);
    const refused = await asking("POST", COMMENTS, { body: "Hello" });
    expect(refused.status).toBe(403);
    expect(refused.headers["x-accepted-github-permissions"]).toBe("issues=write; pull_requests=write");
    expect(refused.json).toEqual({
      message: "Resource not accessible by integration",
      documentation_url: "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
      status: "403",
    });
  });

  test("is what a job has that says nothing: contents, read", async () => {
    const { api, azure } = open();
    const token = api.createToken({ repository: "octo/shop" });
    expect((await ask(azure, token)("GET", COMMENTS)).status).toBe(403);
  });

  test.each([
    ["issues: write", "a pull request", 12, { issues: "write" }, 403],
    ["pull-requests: write", "a pull request", 12, { "pull-requests": "write" }, 201],
    ["issues: write", "an issue", 13, { issues: "write" }, 201],
    ["pull-requests: write", "an issue", 13, { "pull-requests": "write" }, 403],
  ])("%s for %s", async (_, __, number, permissions, status) => {
    const { api, as } = open();
    api.addIssue("octo/shop", { number: 13 });
    const path = `/repos/octo/shop/issues/${number}/comments`;
    expect((await as({ permissions })("POST", path, { body: "Hello" })).status).toBe(status);
  });

  test("on issues is enough for pull requests where that is wanted", async () => {
    const { api, as } = open();
    api.settings.issuesCoverPullRequests = true;
    expect((await as({ permissions: { issues: "write" } })("POST", COMMENTS, { body: "Hello" })).status).toBe(201);
  });

  test("is another sentence for a person's token, and a role alone for one of the older kind", async () => {
    const { as } = open();
    const fine = await as({ actor: "mona", permissions: {} })("POST", COMMENTS, { body: "Hello" });
    expect(fine.json["message"]).toBe("Resource not accessible by personal access token");
    const classic = await as({ actor: "mona", permissions: {}, classic: true })("POST", COMMENTS, { body: "Hello" });
    expect(classic.status).toBe(201);
    expect(classic.headers).not.toHaveProperty("x-accepted-github-permissions");
  });

  test("ends at the repository: what is private elsewhere is not there, what is public may be read", async () => {
    const { api, as } = open();
    for (const [name, visibility] of [
      ["octo/secret", "private"],
      ["octo/open", "public"],
    ] as const) {
      api.addRepository({ name, visibility });
      api.addPullRequest(name, { number: 1 });
    }
    const [secret, visible] = ["/repos/octo/secret/issues/1/comments", "/repos/octo/open/issues/1/comments"];
    expect((await as()("GET", secret)).status).toBe(404);
    expect((await as({ permissions: {} })("GET", visible)).status).toBe(200);
    expect((await as()("POST", visible, { body: "Hello" })).status).toBe(403);
  });
});

describe("a token", () => {
  test("that is unknown, revoked or missing is refused", async () => {
    const { api, azure } = open();
    const token = api.createToken({ repository: "octo/shop" });
    api.revokeToken(token);
    for (const each of [token, "made-up", ""]) {
      const { status, json } = await ask(azure, each)("GET", COMMENTS);
      expect([status, json["message"]]).toEqual([401, "Bad credentials"]);
    }
  });

  test("is taken in both schemes, and is not kept in the record", async () => {
    const { api, azure } = open();
    const token = api.createToken({ repository: "octo/shop", permissions: { issues: "read" } });
    for (const scheme of ["Bearer", "token"]) {
      const headers = { authorization: `${scheme} ${token}` };
      expect((await azure.answer({ method: "GET", url: `https://api.github.com${COMMENTS}`, headers })).status).toBe(
        200,
      );
    }
    expect(JSON.stringify(azure.traffic.requests)).not.toContain(token);
  });

  test("of an app does not know GET /user, a person's does", async () => {
    const { as } = open();
    expect(await as()("GET", "/user")).toMatchObject({
      status: 403,
      json: { message: "Resource not accessible by integration" },
    });
    expect(await as({ actor: "mona" })("GET", "/user")).toMatchObject({ status: 200, json: { login: "mona" } });
  });
});

test("a route that is not emulated is refused and recorded", async () => {
  const { azure, as } = open();
  expect((await as()("GET", "/repos/octo/shop/branches")).status).toBe(501);
  expect((await as()("PUT", "/zen")).status).toBe(501);
  expect(azure.traffic.refused().map(({ path }) => path)).toEqual(["/repos/octo/shop/branches", "/zen"]);
});

describe("limits", () => {
  test("are told with every answer, and strike when the hour is used up", async () => {
    const { api, azure } = open();
    const token = api.createToken({ repository: "octo/shop", permissions: { issues: "read" } });
    const asking = ask(azure, token);
    const { headers } = await asking("GET", COMMENTS);
    expect(headers).toMatchObject({
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "4999",
      "x-ratelimit-resource": "core",
    });
    api.rates.leave(token, 0);
    const refused = await asking("GET", COMMENTS);
    expect(refused).toMatchObject({
      status: 403,
      json: { message: "API rate limit exceeded for installation ID 48411." },
    });
    expect(refused.headers["x-ratelimit-remaining"]).toBe("0");
    azure.clock.advance(Number(refused.headers["x-ratelimit-reset"]) * 1000 - azure.clock.time());
    expect((await asking("GET", COMMENTS)).status).toBe(200);
  });

  test("strike those who write too much in a minute", async () => {
    const { api, azure, as } = open();
    api.settings.contentPerMinute = 2;
    const asking = as();
    const write = async () => (await asking("POST", COMMENTS, { body: "Hello" })).status;
    expect([await write(), await write(), await write()]).toEqual([201, 201, 403]);
    expect((await asking("POST", COMMENTS, { body: "Hello" })).headers["retry-after"]).toBe("60");
    azure.clock.advance(60_000);
    expect(await write()).toBe(201);
    expect(api.comments("octo/shop", 12)).toHaveLength(3);
  });
});

describe("runs and roles", () => {
  test("a run has attempts, of which the latest counts", async () => {
    const { api, as } = open();
    const run = api.addRun("octo/shop", { status: "queued" });
    const asking = as({ permissions: { actions: "read" } });
    const path = `/repos/octo/shop/actions/runs/${run.id}`;
    expect((await asking("GET", path)).json).toMatchObject({ status: "queued", conclusion: null, run_attempt: 1 });
    run.complete("failure");
    run.rerun();
    expect((await asking("GET", path)).json).toMatchObject({ status: "queued", conclusion: null, run_attempt: 2 });
    expect((await asking("GET", `${path}/attempts/1`)).json).toMatchObject({
      status: "completed",
      conclusion: "failure",
    });
    expect((await asking("GET", `${path}/attempts/3`)).status).toBe(404);
    const refused = await as({ permissions: {} })("GET", path);
    expect(refused.headers["x-accepted-github-permissions"]).toBe("actions=read");
  });

  test("a role has an older word beside its name", async () => {
    const { api, as } = open();
    api.repository("octo/shop").collaborators.set("mona", "maintain");
    const path = "/repos/octo/shop/collaborators/mona/permission";
    expect((await as()("GET", path)).json).toMatchObject({
      permission: "write",
      role_name: "maintain",
      user: { login: "mona" },
    });
    expect(await as()("GET", "/repos/octo/shop/collaborators/nobody/permission")).toMatchObject({
      status: 404,
      json: { message: "nobody is not a user" },
    });
  });
});
