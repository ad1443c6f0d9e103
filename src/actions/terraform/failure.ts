import { codeOf, listClauses } from "../../kit/error-chain.ts";
import { UserError, type UserErrorOptions } from "../../kit/user-error.ts";
import { LOGIN_CODES } from "../../oidc/login-codes.ts";
import { FAILURE_CODES, type FailureCode, type FailureReason } from "../../terraform/failure-reason.ts";

/** A failure of terraform's work: the reason is the error's code. */
export function failure(code: FailureCode, message: string, options?: UserErrorOptions): UserError {
  return new UserError(code, message, options);
}

/** Codes of Azure's services for an identity that may not. */
const REFUSED_IDENTITY = /^(?:storage-(?:forbidden|unauthorized|key-refused)|arm-denied)$/;

/** What the output `failure-reason` says of an error, and the words for the summary. */
export function describeFailure(error: unknown): { readonly reason: FailureReason; readonly message: string } {
  const code = codeOf(error);
  const message = listClauses(error).join("\n");
  if (Object.hasOwn(FAILURE_CODES, code)) return { reason: code as FailureCode, message };
  // Whatever was about to be asked or started then was not.
  if (code === "cancelled") return { reason: "cancelled-clean", message };
  if (Object.hasOwn(LOGIN_CODES, code) || REFUSED_IDENTITY.test(code)) return { reason: "auth", message };
  return { reason: "refused", message };
}
