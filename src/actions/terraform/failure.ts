import { codeOf, listClauses } from "../../kit/error-chain.ts";
import { UserError, type UserErrorOptions } from "../../kit/user-error.ts";
import type { FailureReason } from "../../terraform/failure-reason.ts";

/** A failure of terraform's work: the reason is the error's code. */
export function failure(reason: FailureReason, message: string, options?: UserErrorOptions): UserError {
  return new UserError(reason, message, options);
}

const REASONS: ReadonlySet<string> = new Set<FailureReason>([
  "tool-missing",
  "init-failed",
  "backend-changed",
  "auth",
  "state-locked",
  "plan-failed",
  "plan-stale",
  "plan-mismatch",
  "policy-denied",
  "apply-failed",
  "state-not-persisted",
  "cancelled-clean",
  "cancelled-dirty",
  "destroy-incomplete",
  "destroy-nothing",
]);

/** What the output `failure-reason` says of an error, and the words for the summary. */
export function describeFailure(error: unknown): { readonly reason: FailureReason; readonly message: string } {
  const code = codeOf(error);
  const message = listClauses(error).join("\n");
  if (REASONS.has(code)) return { reason: code as FailureReason, message };
  if (/^(?:entra-|id-token-|aadsts|storage-forbidden|login-)/.test(code)) return { reason: "auth", message };
  return { reason: "refused", message };
}
