/** Why terraform's work failed, as stable codes. Each has an entry in docs/troubleshooting.md. */
export const FAILURE_CODES = {
  "tool-missing": "there is no terraform and no tofu",
  "init-failed": "terraform could not begin",
  "backend-changed": "the folder was initialised for another backend",
  auth: "GitHub, Entra or Azure refused the identity",
  "state-locked": "somebody else works on the state",
  "plan-failed": "the plan could not be made",
  "plan-stale": "the state has changed since the plan was made",
  "plan-mismatch": "the approved plan is for something else",
  "policy-denied": "the plan would do what is not allowed",
  "apply-failed": "a change failed",
  "state-not-persisted": "the state could not be stored",
  "cancelled-clean": "cancelled, with the state stored and no lock left",
  "cancelled-dirty": "cancelled, and the state needs a look",
  "destroy-incomplete": "something still stands after a destroy",
  "destroy-nothing": "there was nothing to destroy",
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;

/** `refused`: something other than terraform stood in the way, and the output `error-code` says what. */
export type FailureReason = FailureCode | "refused";
