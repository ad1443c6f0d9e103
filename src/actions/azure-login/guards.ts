import { UserError } from "../../kit/user-error.ts";
import type { IdTokenClaims } from "../../oidc/claims.ts";
import type { LoginCode } from "../../oidc/login-codes.ts";
import { compareSubjects } from "../../oidc/subject-difference.ts";

/** @throws UserError unless the subject is one of those expected, or none is expected. */
export function checkSubject(expected: readonly string[], claims: IdTokenClaims): void {
  if (expected.length === 0 || expected.includes(claims.subject)) return;
  const lines = expected.flatMap((needed) => [
    `Expected subject:  ${needed}`,
    ...compareSubjects(claims.subject, needed).map(({ words }) => `  ${words}`),
  ]);
  throw new UserError(
    "subject-not-expected" satisfies LoginCode,
    [
      'Guard "expected-subject": the ID token has another subject. Nothing was asked of Azure.',
      `Presented subject: ${claims.subject}`,
      ...lines,
    ].join("\n"),
  );
}

/** @throws UserError unless the subscription is one of those allowed, or any is. Without a subscription, none is. */
export function checkSubscription(allowed: readonly string[], subscriptionId: string | undefined): void {
  if (allowed.length === 0) return;
  if (subscriptionId !== undefined && allowed.some((id) => id.toLowerCase() === subscriptionId.toLowerCase())) return;
  throw new UserError(
    "subscription-not-allowed" satisfies LoginCode,
    subscriptionId === undefined
      ? 'Guard "allowed-subscriptions": the login has no subscription to compare. Name one in "subscription-id".'
      : `Guard "allowed-subscriptions": ${subscriptionId} is none of ${allowed.join(", ")}. Nothing was exported.`,
  );
}

/** Workflows of ours for such events: none checks out anything of a pull request (test/contract/previews.test.ts). */
export const WARY_WORKFLOWS: readonly string[] = [".github/workflows/preview-teardown.yml"];

/**
 * Events whose workflow runs with the base branch's rights while a stranger chose what started it.
 *
 * @param ownRepository `owner/name` of the repository that this action comes from: a workflow from there, as GitHub has
 *   signed it, is known to take nothing of a pull request. Undefined where the runner does not tell.
 */
export function warnOfEvent(claims: IdTokenClaims, ownRepository: string | undefined): string | undefined {
  const [workflow = ""] = claims.jobWorkflowRef?.split("@") ?? [];
  const wary = WARY_WORKFLOWS.map((file) => `${ownRepository}/${file}`.toLowerCase());
  if (ownRepository !== undefined && wary.includes(workflow.toLowerCase())) return undefined;
  if (claims.eventName !== "pull_request_target" && claims.eventName !== "workflow_run") return undefined;
  return (
    `${claims.eventName} logs in with the rights of the base branch, also for pull requests of forks: ` +
    "a job with this login must never check out or run their code."
  );
}
