import type { IdTokenClaims } from "../../src/oidc/claims.ts";

/** The claims of a job in environment `preview` of a pull request, in immutable form. */
export function makeClaims(change: Partial<IdTokenClaims> = {}): IdTokenClaims {
  const workflowRef = "octo/app/.github/workflows/ci.yml@refs/pull/7/merge";
  return {
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:octo@1/app@2:environment:preview",
    audience: "api://AzureADTokenExchange",
    issuedAt: 1_795_255_200,
    expiresAt: 1_795_255_500,
    repository: "octo/app",
    repositoryId: "2",
    repositoryOwner: "octo",
    repositoryOwnerId: "1",
    environment: "preview",
    eventName: "pull_request",
    ref: "refs/heads/main",
    jobWorkflowRef: workflowRef,
    workflowRef,
    ...change,
  };
}
