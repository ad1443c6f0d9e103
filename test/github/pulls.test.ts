import { describe, expect, test } from "@jest/globals";
import type { Json } from "../azure/wire.ts";
import { open } from "./asking.ts";

const PULLS = "/repos/octo/shop/pulls";
const numbers = (list: readonly unknown[]) => list.map((each) => (each as { number: number }).number);

describe("a pull request", () => {
  test("tells its end and its beginning, and more of itself than in a list", async () => {
    const { api, as } = open();
    api.addPullRequest("octo/shop", { number: 13, headRepository: "mallory/shop", headRef: "main", author: "mallory" });
    const { json } = await as()("GET", `${PULLS}/13`);
    expect(json).toMatchObject({
      state: "open",
      merged: false,
      merged_at: null,
      mergeable: true,
      user: { login: "mallory" },
      head: { label: "mallory:main", ref: "main", repo: { full_name: "mallory/shop", fork: true } },
      base: { label: "octo:main", ref: "main", repo: { full_name: "octo/shop", fork: false } },
    });
    const [listed] = (await as()("GET", `${PULLS}?head=mallory:main`)).list as readonly Json[];
    expect(listed).toMatchObject({ number: 13, merged_at: null });
    expect(listed).not.toHaveProperty("merged");
    expect(listed).not.toHaveProperty("mergeable");
  });

  test("is pushed to, closed, opened again and merged", async () => {
    const { api, azure, as } = open();
    const pull = api.pull("octo/shop", 12);
    const look = async () => (await as()("GET", `${PULLS}/12`)).json;
    const first = pull.headSha;
    azure.clock.advance(60_000);
    expect(pull.push()).not.toBe(first);
    expect(await look()).toMatchObject({ head: { sha: pull.headSha }, updated_at: "2026-11-21T09:18:00Z" });
    pull.close();
    const closed = pull.headSha;
    const late = pull.push();
    expect(await look()).toMatchObject({ state: "closed", mergeable: null, head: { sha: closed } });
    pull.reopen();
    expect(await look()).toMatchObject({ state: "open", closed_at: null, head: { sha: late } });
    pull.conflicting = true;
    expect(await look()).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    const merge = pull.merge();
    expect(await look()).toMatchObject({
      state: "closed",
      merged: true,
      merge_commit_sha: merge,
      base: { sha: merge },
    });
    expect(() => pull.reopen()).toThrow("cannot be opened again");
    expect(() => pull.merge()).toThrow("is closed");
  });

  test("whose branch is deleted is closed, and keeps its last commit", async () => {
    const { api, as } = open();
    const pull = api.pull("octo/shop", 12);
    const { headSha } = pull;
    pull.deleteBranch();
    expect((await as()("GET", `${PULLS}/12`)).json).toMatchObject({
      state: "closed",
      head: { sha: headSha, repo: { full_name: "octo/shop" } },
    });
    expect(() => pull.reopen()).toThrow("its branch is gone");
  });

  test("whose fork is deleted has nothing to come from", async () => {
    const { api, as } = open();
    const pull = api.addPullRequest("octo/shop", { number: 13, headRepository: "mallory/shop" });
    pull.deleteFork();
    expect((await as()("GET", `${PULLS}/13`)).json).toMatchObject({
      state: "closed",
      head: { user: null, repo: null },
    });
    expect(() => api.pull("octo/shop", 12).deleteFork()).toThrow("is of no fork");
  });

  test("is not an issue, and an issue is none", async () => {
    const { api, as } = open();
    api.addIssue("octo/shop", { number: 13 });
    expect((await as()("GET", `${PULLS}/13`)).status).toBe(404);
    expect(numbers((await as()("GET", PULLS)).list)).toEqual([12]);
  });
});

test("pull requests are listed by state, branch and order, in pages", async () => {
  const { api, as } = open();
  for (let number = 13; number < 45; number += 1) api.addPullRequest("octo/shop", { number, baseRef: "next" });
  api.pull("octo/shop", 13).close();
  const asking = as();
  const list = async (query: string) => numbers((await asking("GET", `${PULLS}?${query}`)).list);
  const first = await asking("GET", PULLS);
  expect(numbers(first.list)).toEqual(Array.from({ length: 30 }, (_, index) => 44 - index));
  expect(first.headers["link"]).toContain("/repositories/599293758/pulls?page=2");
  expect(await list("page=2")).toEqual([14, 12]);
  expect(await list("state=closed")).toEqual([13]);
  expect(await list("state=all&direction=asc&per_page=3")).toEqual([12, 13, 14]);
  expect(await list("base=main")).toEqual([12]);
  expect(await list("head=octo:topic-20")).toEqual([20]);
});

test("events tell of a pull request and of a comment as they are when they happen", () => {
  const { api } = open();
  const pull = api.pull("octo/shop", 12);
  pull.label("preview");
  const event = api.pullEvent("octo/shop", 12, "labeled", { label: { name: "preview" }, sender: "hubot" });
  expect(event).toMatchObject({
    action: "labeled",
    number: 12,
    label: { name: "preview" },
    pull_request: { labels: [{ name: "preview" }], head: { sha: pull.headSha } },
    repository: { id: 599_293_758, full_name: "octo/shop", default_branch: "main" },
    sender: { login: "hubot" },
  });
  pull.push();
  expect(event).not.toMatchObject({ pull_request: { head: { sha: pull.headSha } } });
  const { id } = api.addComment("octo/shop", 12, "mona", "/preview");
  expect(api.commentEvent("octo/shop", id)).toMatchObject({
    action: "created",
    issue: { number: 12, pull_request: { url: "https://api.github.com/repos/octo/shop/pulls/12" } },
    comment: { id, body: "/preview", user: { login: "mona" } },
  });
});
