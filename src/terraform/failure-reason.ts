/** Why terraform's work failed, for workflows to branch on: the output `failure-reason`. */
export type FailureReason =
  | "tool-missing"
  | "init-failed"
  | "backend-changed"
  | "auth"
  | "state-locked"
  | "plan-failed"
  | "plan-stale"
  | "plan-mismatch"
  | "policy-denied"
  | "apply-failed"
  | "state-not-persisted"
  | "cancelled-clean"
  | "cancelled-dirty"
  | "destroy-incomplete"
  | "destroy-nothing"
  /** Something other than terraform stood in the way: the output `error-code` says what. */
  | "refused";
