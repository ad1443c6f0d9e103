import type { EntraCode } from "./entra-codes.ts";

/** Every stable code with which a login can fail, and what it means. docs/troubleshooting.md has an entry for each. */
export type LoginCode =
  | EntraCode
  | "id-token-permission"
  | "id-token-fork"
  | "id-token-dependabot"
  | "id-token-reusable-workflow"
  | "id-token-enterprise-server"
  | "id-token-not-on-actions"
  | "id-token-unreachable"
  | "id-token-refused"
  | "id-token-unreadable"
  | "subject-not-expected"
  | "subscription-not-allowed"
  | "subscription-not-found"
  | "subscription-ambiguous"
  | "no-subscriptions"
  | "entra-unreachable"
  | "arm-unreachable"
  | "arm-refused"
  | "arm-denied"
  | "arm-unauthorized"
  | "arm-throttled"
  | "arm-unavailable"
  | "az-missing"
  | "az-login-failed"
  | "cancelled";

/** One line for each code: its heading's meaning in docs/troubleshooting.md. */
export const LOGIN_CODES: Readonly<Record<LoginCode, string>> = {
  "id-token-permission": "the job has no permission to ask for an ID token",
  "id-token-fork": "pull requests of forks get no ID token",
  "id-token-dependabot": "runs of Dependabot get a read-only token, and no ID token",
  "id-token-reusable-workflow": "the workflow that calls this one grants no id-token: write",
  "id-token-enterprise-server": "this GitHub Enterprise Server gave no ID token",
  "id-token-not-on-actions": "this is not a job of GitHub Actions",
  "id-token-unreachable": "the runner cannot reach GitHub's token service, mostly because of a proxy",
  "id-token-refused": "GitHub's token service answered with an error",
  "id-token-unreadable": "the answer of GitHub's token service is no ID token",
  "federated-credential-mismatch": "no federated credential agrees with the token",
  "issuer-mismatch": "no federated credential has this issuer",
  "audience-mismatch": "no federated credential has this audience",
  "subject-mismatch": "no federated credential has this subject",
  "subject-case-mismatch": "the federated credential has this subject in other upper and lower case",
  "assertion-expired": "the ID token was not valid in Entra's eyes",
  "assertion-from-entra": "the token presented was Entra's own",
  "issuer-unreachable": "Entra cannot reach the token's issuer",
  "client-not-found": "the tenant has no such client id",
  "tenant-not-found": "there is no such tenant in this cloud",
  "wrong-cloud": "the tenant is in another Azure cloud",
  "api-not-in-tenant": "the tenant does not know the API asked for",
  "invalid-scope": "the scope asked for is not valid",
  "not-this-credential": "another credential than the federated one was used",
  "client-secret-used": "a leftover client secret was used",
  "conditional-access": "a policy of the tenant blocks the login",
  "entra-busy": "Entra is briefly unavailable",
  "entra-refused": "Entra refused for another reason",
  "entra-unreachable": "the runner cannot reach Entra",
  "subject-not-expected": "the token's subject is none of expected-subject",
  "subscription-not-allowed": "the subscription is none of allowed-subscriptions",
  "subscription-not-found": "the identity cannot see the subscription",
  "subscription-ambiguous": "the identity sees several subscriptions and none is named",
  "no-subscriptions": "the identity sees no subscription at all",
  "arm-unreachable": "the runner cannot reach Azure Resource Manager",
  "arm-refused": "Azure Resource Manager refused the request",
  "arm-denied": "the identity may not do this in Azure",
  "arm-unauthorized": "Azure Resource Manager refused the token",
  "arm-throttled": "Azure Resource Manager asks to come later",
  "arm-unavailable": "Azure Resource Manager is briefly unavailable",
  "az-missing": "the az CLI is asked for and not installed",
  "az-login-failed": "the az CLI could not log in",
  cancelled: "the job was cancelled during the login",
};
