import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type GitFacts, readGitFacts } from "../../src/image/git-facts.ts";

const HEAD = "a".repeat(40);
const MERGE = "b".repeat(40);
const repository = {
  name: "app",
  full_name: "octo/app",
  default_branch: "main",
  description: "An app",
  html_url: "https://github.com/octo/app",
  license: { spdx_id: "MIT" },
};
const BASE = { GITHUB_REPOSITORY: "octo/app", GITHUB_SERVER_URL: "https://github.com/" };

const request = (from: string | null = "octo/app") => ({
  number: 12,
  head: { sha: HEAD, ref: "feature/x", repo: from === null ? null : { full_name: from } },
  base: { ref: "main", repo: { full_name: "octo/app" } },
});

/** A run of an event; unless told otherwise its commit is one that nobody wrote. */
function read(event: string, payload: object, environment: Record<string, string> = {}): GitFacts {
  const run = { ...BASE, GITHUB_EVENT_NAME: event, GITHUB_SHA: MERGE, GITHUB_REF: "refs/heads/main", ...environment };
  return readGitFacts(run, { repository, ...payload });
}

describe("what a run is about", () => {
  const own = { GITHUB_SHA: HEAD };
  const cases: readonly (readonly [string, GitFacts, Partial<GitFacts>])[] = [
    [
      "push",
      read("push", { head_commit: { timestamp: "2026-11-20T18:00:00+01:00" } }, own),
      { headSha: HEAD, branch: "main", fromFork: false, committedAt: new Date("2026-11-20T17:00:00Z") },
    ],
    [
      "push of a branch with slashes",
      read("push", {}, { ...own, GITHUB_REF: "refs/heads/feature/a/b" }),
      { branch: "feature/a/b" },
    ],
    [
      "push of a tag",
      read("push", {}, { ...own, GITHUB_REF: "refs/tags/api/v1.2.3" }),
      { headSha: HEAD, tag: "api/v1.2.3", branch: undefined, fromFork: false },
    ],
    [
      "pull_request",
      read("pull_request", { pull_request: request() }, { GITHUB_REF: "refs/pull/12/merge" }),
      { headSha: HEAD, pullRequest: 12, branch: "feature/x", ofPullRequest: true, fromFork: false },
    ],
    [
      "pull_request of a fork",
      read("pull_request", { pull_request: request("Fork/app") }, { GITHUB_REF: "refs/pull/12/merge" }),
      { headSha: HEAD, pullRequest: 12, fromFork: true },
    ],
    ["pull_request of a deleted fork", read("pull_request", { pull_request: request(null) }), { fromFork: true }],
    [
      "pull_request of the same repository in another casing",
      read("pull_request", { pull_request: request("Octo/App") }),
      { fromFork: false },
    ],
    [
      "pull_request whose event is lost",
      readGitFacts(
        { GITHUB_EVENT_NAME: "pull_request", GITHUB_SHA: MERGE, GITHUB_REF: "refs/pull/7/merge" },
        undefined,
      ),
      { headSha: undefined, pullRequest: 7, fromFork: undefined },
    ],
    [
      "pull_request_target",
      read("pull_request_target", { pull_request: request("fork/app") }),
      { headSha: HEAD, pullRequest: 12, fromFork: true, branch: "feature/x" },
    ],
    [
      "pull_request_review",
      read("pull_request_review", { pull_request: request() }, { GITHUB_REF: "refs/pull/12/merge" }),
      { headSha: HEAD, pullRequest: 12, fromFork: false },
    ],
    ["workflow_dispatch", read("workflow_dispatch", {}, own), { headSha: HEAD, branch: "main", fromFork: false }],
    [
      "workflow_dispatch on a tag",
      read("workflow_dispatch", {}, { ...own, GITHUB_REF: "refs/tags/v1" }),
      { tag: "v1", branch: undefined },
    ],
    [
      "schedule",
      readGitFacts({ GITHUB_EVENT_NAME: "schedule", GITHUB_SHA: HEAD, GITHUB_REF: "refs/heads/trunk" }, {}),
      { headSha: HEAD, branch: "trunk", defaultBranch: "trunk" },
    ],
    [
      "workflow_run after a push",
      read("workflow_run", {
        workflow_run: {
          event: "push",
          head_sha: HEAD,
          head_branch: "main",
          head_repository: { full_name: "octo/app" },
          pull_requests: [{ number: 3 }],
        },
      }),
      { headSha: HEAD, branch: "main", pullRequest: undefined, ofPullRequest: false, fromFork: false },
    ],
    [
      "workflow_run after a fork's pull request",
      read("workflow_run", {
        workflow_run: {
          event: "pull_request",
          head_sha: HEAD,
          head_branch: "main",
          head_repository: { full_name: "fork/app" },
          pull_requests: [],
        },
      }),
      { headSha: HEAD, ofPullRequest: true, pullRequest: undefined, fromFork: true },
    ],
    [
      "workflow_run with two pull requests of one head",
      read("workflow_run", {
        workflow_run: { event: "pull_request", head_sha: HEAD, pull_requests: [{ number: 3 }, { number: 4 }] },
      }),
      { ofPullRequest: true, pullRequest: undefined, fromFork: undefined },
    ],
    [
      "workflow_run after a release",
      read("workflow_run", { workflow_run: { event: "release", head_sha: HEAD, head_branch: "v1.2.3" } }),
      { tag: "v1.2.3", branch: undefined },
    ],
    [
      "issue_comment on a pull request",
      read("issue_comment", { issue: { number: 12, pull_request: {} } }),
      { headSha: undefined, pullRequest: 12, branch: undefined, fromFork: undefined, ofPullRequest: true },
    ],
    [
      "issue_comment on a pull request, by a workflow that says which commit it deploys",
      read("issue_comment", { issue: { number: 12, pull_request: {} } }, { MAYFLY_HEAD_SHA: HEAD }),
      { headSha: HEAD, pullRequest: 12, fromFork: undefined },
    ],
    [
      "issue_comment on a pull request, with what is no commit",
      read("issue_comment", { issue: { number: 12, pull_request: {} } }, { MAYFLY_HEAD_SHA: "main; true" }),
      { headSha: undefined, pullRequest: 12 },
    ],
    [
      "issue_comment on an issue",
      read("issue_comment", { issue: { number: 12 } }, own),
      { headSha: HEAD, pullRequest: undefined, ofPullRequest: false, branch: "main" },
    ],
    [
      "merge_group",
      read("merge_group", { merge_group: { head_sha: HEAD, head_ref: "refs/heads/gh-readonly-queue/main/pr-12-cc" } }),
      { headSha: HEAD, pullRequest: undefined, branch: "gh-readonly-queue/main/pr-12-cc", fromFork: false },
    ],
    [
      "release",
      read(
        "release",
        { release: { tag_name: "v2.0.0", prerelease: true } },
        { ...own, GITHUB_REF: "refs/tags/v2.0.0" },
      ),
      { headSha: HEAD, tag: "v2.0.0", markedPrerelease: true, branch: undefined },
    ],
    ["a deleted branch", read("push", {}, { GITHUB_SHA: "0".repeat(40) }), { headSha: undefined }],
    ["nothing at all", readGitFacts({}, undefined), { event: undefined, headSha: undefined, fromFork: undefined }],
  ];
  test.each(cases)("is read right: %s", (_, facts, wanted) => {
    expect(facts).toMatchObject(wanted);
  });

  test("comes with what GitHub says of the repository", () => {
    expect(read("push", {})).toMatchObject({
      repository: "octo/app",
      serverUrl: "https://github.com",
      defaultBranch: "main",
      project: { name: "app", description: "An app", url: "https://github.com/octo/app", license: "MIT" },
    });
    const plain = { ...repository, license: { spdx_id: "NOASSERTION" }, description: null };
    expect(read("push", { repository: plain }).project).toMatchObject({ license: undefined, description: undefined });
  });

  test("is never a merge commit, whatever the pull request's event holds", () => {
    const events = fc.constantFrom("pull_request", "pull_request_target", "pull_request_review", "constructor");
    fc.assert(
      fc.property(events, fc.jsonValue(), (event, odd) => {
        const environment = { GITHUB_EVENT_NAME: event, GITHUB_SHA: MERGE, GITHUB_REF: "refs/pull/1/merge" };
        expect(readGitFacts(environment, { pull_request: odd }).headSha).not.toBe(MERGE);
        expect(readGitFacts(environment, odd).headSha).not.toBe(MERGE);
      }),
    );
  });
});
