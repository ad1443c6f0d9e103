import { describe, expect, test } from "@jest/globals";
import { findCheckoutFault } from "../../src/image/find-checkout-fault.ts";
import { readGitFacts } from "../../src/image/git-facts.ts";

const BASE = "b".repeat(40);
const HEAD = "a".repeat(40);
const payload = {
  pull_request: { number: 7, head: { sha: HEAD, ref: "feature", repo: { full_name: "octo/shop" } } },
  workflow_run: { event: "pull_request", head_sha: HEAD },
  issue: { number: 7, pull_request: {} },
};
const factsOf = (event: string) =>
  readGitFacts({ GITHUB_EVENT_NAME: event, GITHUB_REPOSITORY: "octo/shop", GITHUB_SHA: BASE }, payload);

describe("a pull request's image", () => {
  test.each(["pull_request_target", "workflow_run", "issue_comment"])("is not built from the base on %s", (event) => {
    expect(findCheckoutFault(factsOf(event), { head: BASE, triggering: BASE })).toContain(BASE);
    expect(findCheckoutFault(factsOf(event), { head: HEAD, triggering: BASE })).toBeUndefined();
  });

  test("is built from GitHub's merge commit on pull_request", () => {
    expect(findCheckoutFault(factsOf("pull_request"), { head: BASE, triggering: BASE })).toBeUndefined();
  });

  test("is built where nobody can tell what is checked out", () => {
    expect(findCheckoutFault(factsOf("pull_request_target"), { head: undefined, triggering: BASE })).toBeUndefined();
  });

  test("is nobody's business on a push", () => {
    const facts = readGitFacts({ GITHUB_EVENT_NAME: "push", GITHUB_REF: "refs/heads/main", GITHUB_SHA: BASE }, {});
    expect(findCheckoutFault(facts, { head: BASE, triggering: BASE })).toBeUndefined();
  });
});
