import { describe, expect, test } from "@jest/globals";
import { meet, REPOSITORY } from "./on-github.ts";

describe("a run", () => {
  test("is told by its attempt, as it runs and after", async () => {
    const { azure, api, github } = meet();
    const run = api.addRun(REPOSITORY, { status: "queued" });
    const find = (attempt = 1) => github.runs.find(REPOSITORY, run.id, attempt);
    expect(await find()).toMatchObject({
      status: "queued",
      conclusion: "",
      attempt: 1,
      url: `https://github.com/octo/shop/actions/runs/${run.id}`,
    });
    run.set("in_progress");
    expect(await find()).toMatchObject({ status: "in_progress", conclusion: "", endedAt: undefined });
    azure.clock.advance(90_000);
    run.cancel();
    azure.clock.advance(90_000);
    run.rerun();
    expect(await find()).toMatchObject({
      status: "completed",
      conclusion: "cancelled",
      attempt: 1,
      startedAt: new Date("2026-11-21T09:17:00Z"),
      endedAt: new Date("2026-11-21T09:18:30Z"),
    });
    expect(await find(2)).toMatchObject({ status: "queued", conclusion: "", attempt: 2 });
  });

  test("or attempt that is not there, and a repository out of sight, is none", async () => {
    const { api, github } = meet();
    const run = api.addRun(REPOSITORY);
    api.addRepository({ name: "octo/secret" });
    const secret = api.addRun("octo/secret");
    expect(await github.runs.find(REPOSITORY, run.id, 2)).toBeUndefined();
    expect(await github.runs.find(REPOSITORY, 1, 1)).toBeUndefined();
    expect(await github.runs.find("octo/secret", secret.id, 1)).toBeUndefined();
    expect(await github.runs.find("octo/gone", run.id, 1)).toBeUndefined();
  });

  test("needs a permission, which is named", async () => {
    const { api, github } = meet({ permissions: { "pull-requests": "write" } });
    const run = api.addRun(REPOSITORY);
    const find = github.runs.find(REPOSITORY, run.id, 1);
    await expect(find).rejects.toMatchObject({
      code: "github-permission",
      message: expect.stringContaining("permissions:\n  actions: read"),
    });
  });
});

describe("what somebody may do", () => {
  test.each(["admin", "maintain", "write", "triage", "read"] as const)("is %s", async (role) => {
    const { api, github } = meet();
    api.repository(REPOSITORY).collaborators.set("mona", role);
    expect(await github.roles.find(REPOSITORY, "Mona")).toBe(role);
  });

  test("is the role below for an organization's own", async () => {
    const { api, github } = meet();
    api.repository(REPOSITORY).collaborators.set("mona", "release-manager");
    expect(await github.roles.find(REPOSITORY, "mona")).toBe("write");
  });

  test("is nothing for a stranger, and for who does not exist", async () => {
    const { api, github } = meet();
    api.addPullRequest(REPOSITORY, { author: "stranger" });
    expect(await github.roles.find(REPOSITORY, "stranger")).toBe("none");
    expect(await github.roles.find(REPOSITORY, "nobody-has-this-name")).toBe("none");
    expect(await github.roles.find(REPOSITORY, "../../etc")).toBe("none");
  });
});
