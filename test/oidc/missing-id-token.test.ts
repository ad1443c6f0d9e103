import { describe, expect, test } from "@jest/globals";
import { explainIdTokenFault } from "../../src/oidc/id-token-fault.ts";
import { explainMissingIdToken, type JobFacts } from "../../src/oidc/missing-id-token.ts";

const job: JobFacts = {
  serverHost: "github.com",
  eventName: "push",
  actor: "mona",
  repository: "octo/app",
  headRepository: undefined,
  workflowRef: "octo/app/.github/workflows/ci.yml@refs/heads/main",
  jobWorkflowRef: undefined,
};
const called = "octo/shared/.github/workflows/deploy.yml@v1";

describe("a job without an ID token", () => {
  test.each<[string, string, Partial<JobFacts>]>([
    ["id-token-permission", "nothing else is odd", {}],
    ["id-token-permission", "the job's own workflow is the one triggered", { jobWorkflowRef: job.workflowRef }],
    [
      "id-token-permission",
      "the pull request is of the same repository",
      { eventName: "pull_request", headRepository: "octo/app" },
    ],
    ["id-token-fork", "the pull request is of a fork", { eventName: "pull_request", headRepository: "eve/app" }],
    ["id-token-fork", "the fork is deleted", { eventName: "pull_request_review", headRepository: null }],
    [
      "id-token-permission",
      "pull_request_target runs for a fork",
      { eventName: "pull_request_target", headRepository: "eve/app" },
    ],
    ["id-token-dependabot", "Dependabot pushed", { actor: "dependabot[bot]" }],
    ["id-token-reusable-workflow", "a called workflow holds the job", { jobWorkflowRef: called }],
    ["id-token-enterprise-server", "the server is the customer's own", { serverHost: "ghes.example.com" }],
    ["id-token-permission", "the server is one with data residency", { serverHost: "octo.ghe.com" }],
    ["id-token-not-on-actions", "there is no GitHub at all", { serverHost: undefined }],
  ])("fails as %s when %s", (code, _, change) => {
    const found = explainMissingIdToken({ ...job, ...change });
    expect(found.code).toBe(code);
    expect(found.message).toContain("To do: ");
  });

  test("is shown the lines to add, and who must add them", () => {
    expect(explainMissingIdToken(job).message).toContain("permissions:\n  id-token: write");
    const message = explainMissingIdToken({ ...job, jobWorkflowRef: called }).message;
    expect(message).toContain(called);
    expect(message).toContain("calling job");
  });
});

describe("a fault of GitHub's token service", () => {
  const toolkit = (status: number | undefined, words: string) =>
    new Error(
      `Error message: Failed to get ID Token. \n \n        Error Code : ${status}\n \n        Error Message: ${words}`,
    );
  const explain = (error: unknown) => explainIdTokenFault(error, "run-actions-1.actions.githubusercontent.com");

  test.each([
    [503, "id-token-refused", true],
    [429, "id-token-refused", true],
    [400, "id-token-refused", false],
    [401, "id-token-refused", false],
    [407, "id-token-unreachable", false],
  ])("HTTP %d is %s, worth another try: %s", (status, code, passing) => {
    expect(explain(toolkit(status, "said so"))).toMatchObject({ code, passing });
  });

  test("a name that a proxy does not pass is told from a connection that was cut", () => {
    const lost = explain(toolkit(undefined, "getaddrinfo ENOTFOUND run-actions-1.actions.githubusercontent.com"));
    expect(lost).toMatchObject({ code: "id-token-unreachable", passing: false });
    expect(lost.message).toContain("*.actions.githubusercontent.com");
    expect(explain(toolkit(undefined, "read ECONNRESET"))).toMatchObject({
      code: "id-token-unreachable",
      passing: true,
    });
  });

  test("a finished job and an ended request token are named", () => {
    expect(explain(toolkit(400, "Can't issue ID_TOKEN for job in 'Completed' state.")).message).toContain(
      "outlives its job",
    );
    expect(explain(toolkit(401, "Unauthorized")).message).toContain("six hours");
  });

  test("an answer without a token names the proxy that may have made it", () => {
    const found = explain(new Error("Error message: Response json body do not have ID Token field"));
    expect(found).toMatchObject({ code: "id-token-refused", passing: false });
  });
});
