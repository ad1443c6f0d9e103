import { unlessCancelled } from "../kit/cancel.ts";
import { LOGIN_RETRY, type RetryPolicy, retry } from "../kit/retry.ts";
import type { Runner } from "../kit/runner.ts";
import { UserError } from "../kit/user-error.ts";
import { parseIdToken } from "../oidc/claims.ts";
import { explainIdTokenFault, explainUnreadableIdToken } from "../oidc/id-token-fault.ts";
import { explainMissingIdToken, type JobFacts } from "../oidc/missing-id-token.ts";
import { readEvent } from "./github-event.ts";

type IdTokenRunner = Pick<Runner, "environment" | "idToken" | "mask" | "now" | "sleep" | "cancelled"> & {
  random(): number;
};

/**
 * Fresh GitHub ID tokens, masked at once. What fails is a `UserError` that says which of the many reasons it is:
 * permission, fork, Dependabot, caller of a reusable workflow, own server, proxy.
 *
 * @param jobWorkflowRef the workflow file that holds the job, as `job.workflow_ref` tells it; undefined when unknown.
 * @param policy how often a fault that may pass is met. The toolkit has tried ten times where GitHub was busy (502, 503,
 *   504), for about ten seconds.
 */
export function connectIdToken(
  runner: IdTokenRunner,
  jobWorkflowRef?: string,
  policy: RetryPolicy = { ...LOGIN_RETRY, tries: 3 },
): (audience: string) => Promise<string> {
  return async (audience) => {
    const address = runner.environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
    if (!address || !runner.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]) {
      const { code, message } = explainMissingIdToken(await readJobFacts(runner.environment, jobWorkflowRef));
      throw new UserError(code, message);
    }
    const host = URL.parse(address)?.host ?? "an unreadable address";
    const token = await retry<string>(
      async () => {
        try {
          return { kind: "done", value: await unlessCancelled(runner.idToken(audience), runner.cancelled) };
        } catch (cause) {
          if (cause instanceof UserError) throw cause;
          const fault = explainIdTokenFault(cause, host);
          const because = new UserError(fault.code, fault.message);
          if (fault.passing) return { kind: "again", because };
          throw because;
        }
      },
      runner,
      policy,
    );
    runner.mask(token);
    if (parseIdToken(token) === undefined) {
      const { code, message } = explainUnreadableIdToken(host);
      throw new UserError(code, message);
    }
    return token;
  };
}

async function readJobFacts(environment: Runner["environment"], jobWorkflowRef?: string): Promise<JobFacts> {
  const read = (name: string): string | undefined => environment[name] || undefined;
  const server = read("GITHUB_SERVER_URL");
  return {
    serverHost: server === undefined ? undefined : (URL.parse(server)?.host ?? server),
    eventName: read("GITHUB_EVENT_NAME"),
    actor: read("GITHUB_ACTOR"),
    repository: read("GITHUB_REPOSITORY"),
    headRepository: await readHeadRepository(read("GITHUB_EVENT_PATH")),
    workflowRef: read("GITHUB_WORKFLOW_REF"),
    // Where GitHub does not know the expression, its text or nothing arrives.
    jobWorkflowRef: jobWorkflowRef?.includes("{{") ? undefined : jobWorkflowRef || undefined,
  };
}

/** `owner/name` of a pull request's head, null for a deleted fork, undefined when the event has no pull request. */
async function readHeadRepository(eventPath: string | undefined): Promise<string | null | undefined> {
  // An explanation must not fail for want of a fact.
  const event = (await readEvent(eventPath)) as
    | { pull_request?: { head?: { repo?: { full_name?: string } | null } } }
    | null
    | undefined;
  const head = event?.pull_request?.head;
  if (!head) return undefined;
  return head.repo?.full_name ?? null;
}
