import type { GitFacts } from "../../src/image/git-facts.ts";

/** A push to main, unless told otherwise. */
export function makeFacts(change: Partial<GitFacts> = {}): GitFacts {
  return {
    event: "push",
    repository: "octo/app",
    serverUrl: "https://github.com",
    headSha: `abcdef0123456789${"0".repeat(24)}`,
    committedAt: undefined,
    ofPullRequest: false,
    pullRequest: undefined,
    branch: "main",
    tag: undefined,
    defaultBranch: "main",
    fromFork: false,
    markedPrerelease: false,
    project: { name: "app", description: undefined, url: undefined, license: undefined },
    ...change,
  };
}

/** Pull request 12 of a branch of the repository itself. */
export const pullRequest = makeFacts({
  event: "pull_request",
  ofPullRequest: true,
  pullRequest: 12,
  branch: "feature/x",
});

/** A pushed git tag. */
export function makeRelease(tag: string, change: Partial<GitFacts> = {}): GitFacts {
  return makeFacts({ tag, branch: undefined, ...change });
}
