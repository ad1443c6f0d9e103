import type { LoginCode } from "./login-codes.ts";

/** What a job can tell about itself when it has no way to ask for an ID token. */
export interface JobFacts {
  /** The host of `GITHUB_SERVER_URL`; undefined outside GitHub Actions. */
  readonly serverHost: string | undefined;
  readonly eventName: string | undefined;
  readonly actor: string | undefined;
  readonly repository: string | undefined;
  /** Of a pull request: `owner/name`, or null when the fork is deleted. Undefined when the event has no pull request. */
  readonly headRepository: string | null | undefined;
  /** The workflow that was triggered, `owner/name/.github/workflows/x.yml@ref`. */
  readonly workflowRef: string | undefined;
  /** The workflow file that holds the job; another one inside a reusable workflow. Undefined when unknown. */
  readonly jobWorkflowRef: string | undefined;
}

export interface Finding {
  readonly code: LoginCode;
  readonly message: string;
}

const LINES = "permissions:\n  id-token: write\n  contents: read";

/** Why the job cannot ask for an ID token, and what to change: the surest reason first. */
export function explainMissingIdToken(facts: JobFacts): Finding {
  return REASONS.map((reason) => reason(facts)).find((finding) => finding !== undefined) ?? explainPermission();
}

const REASONS: readonly ((facts: JobFacts) => Finding | undefined)[] = [
  (facts) =>
    facts.serverHost === undefined
      ? finding("id-token-not-on-actions", "This is not a job of GitHub Actions: there is no GITHUB_SERVER_URL.", [
          "This action needs the ID token that GitHub gives to jobs; on a laptop use: az login",
        ])
      : undefined,
  (facts) => (isFork(facts) ? explainFork(facts) : undefined),
  (facts) =>
    facts.actor === "dependabot[bot]" && facts.eventName !== "pull_request_target"
      ? finding("id-token-dependabot", "Runs that Dependabot starts get a read-only token, and so no ID token.", [
          "skip the login for it: if: github.actor != 'dependabot[bot]'",
          "or let a person run the job again: a re-run keeps the actor, a new push by a person does not",
        ])
      : undefined,
  (facts) =>
    isEnterpriseServer(facts.serverHost)
      ? finding(
          "id-token-enterprise-server",
          `GitHub Enterprise Server ${facts.serverHost} gave the job no ID token.`,
          [
            `grant it in the workflow:\n${LINES}`,
            "and let an administrator check that OIDC for Actions works: https://HOST/_services/token/.well-known/openid-configuration",
          ],
        )
      : undefined,
  (facts) =>
    isCalled(facts)
      ? finding(
          "id-token-reusable-workflow",
          `The job runs in the reusable workflow ${facts.jobWorkflowRef}, and its caller ${facts.workflowRef} grants no id-token: write.`,
          [`a called workflow can only lose permissions: add to the calling job\n${LINES}`],
        )
      : undefined,
];

function explainPermission(): Finding {
  return finding("id-token-permission", "The job has no permission to ask GitHub for an ID token.", [
    `add to the job, or to the workflow:\n${LINES}`,
    "one permissions key drops all that it does not name; of a reusable workflow the calling job must grant it too",
  ]);
}

function explainFork(facts: JobFacts): Finding {
  const from = facts.headRepository === null ? "a fork that is deleted" : `the fork ${facts.headRepository}`;
  return finding("id-token-fork", `The pull request comes from ${from}, and forks get no ID token.`, [
    "no permissions key changes that: skip the login for forks",
    "if: github.event.pull_request.head.repo.full_name == github.repository",
  ]);
}

function isFork(facts: JobFacts): boolean {
  // pull_request_target and workflow_run run in the base repository, with its permissions.
  const event = facts.eventName ?? "";
  const ofPullRequest = event.startsWith("pull_request") && event !== "pull_request_target";
  return ofPullRequest && facts.headRepository !== undefined && facts.headRepository !== facts.repository;
}

function isCalled(facts: JobFacts): boolean {
  const file = (ref: string): string => ref.split("@")[0] ?? ref;
  if (facts.workflowRef === undefined || facts.jobWorkflowRef === undefined) return false;
  return file(facts.workflowRef) !== file(facts.jobWorkflowRef);
}

/** True for a server of the customer's own: neither github.com nor data residency (`*.ghe.com`). */
export function isEnterpriseServer(host: string | undefined): boolean {
  return host !== undefined && host !== "github.com" && !host.endsWith(".ghe.com");
}

function finding(code: LoginCode, what: string, todo: readonly string[]): Finding {
  return { code, message: [what, ...todo.map((one, index) => `${index === 0 ? "To do" : "Also"}: ${one}`)].join("\n") };
}
