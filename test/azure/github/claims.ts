import type { JobOptions } from "./issuer.ts";

/** Every claim but the times, the audience, `jti` and `sub`: all of them texts, as GitHub writes them. */
export function claimsOf(job: JobOptions): Record<string, string> {
  const [owner = ""] = job.repository.split("/");
  const workflowRef = `${job.repository}/.github/workflows/${job.workflow ?? "preview"}.yml@${job.ref}`;
  const sha = job.sha ?? "0123456789abcdef0123456789abcdef01234567";
  return {
    ref: job.ref,
    sha,
    repository: job.repository,
    repository_owner: owner,
    repository_owner_id: job.ownerId,
    run_id: job.runId ?? "9001",
    run_number: "7",
    run_attempt: "1",
    repository_visibility: job.visibility ?? "private",
    repository_id: job.repositoryId,
    actor_id: "1001",
    actor: job.actor ?? "mona",
    workflow: job.workflow ?? "preview",
    head_ref: job.headRef ?? "",
    base_ref: job.baseRef ?? "",
    event_name: job.event,
    ref_protected: "true",
    ref_type: job.ref.startsWith("refs/tags/") ? "tag" : "branch",
    workflow_ref: workflowRef,
    workflow_sha: sha,
    job_workflow_ref: job.jobWorkflowRef ?? workflowRef,
    job_workflow_sha: sha,
    runner_environment: "github-hosted",
    check_run_id: "5005",
    ...(job.enterprise === undefined ? {} : { enterprise: job.enterprise, enterprise_id: "77" }),
    ...(job.environment === undefined ? {} : { environment: job.environment, environment_node_id: "EN_kwDOExample" }),
    ...job.claims,
  };
}
