/** The github context, as far as a caller may set it. All values but `event` and `ref_protected` are texts. */
export interface GithubContext {
  readonly actor: string;
  readonly actor_id: string;
  readonly api_url: string;
  readonly base_ref: string;
  /** The webhook payload; also written to the file at `event_path`. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly event_name: string;
  readonly graphql_url: string;
  readonly head_ref: string;
  readonly job: string;
  readonly ref: string;
  readonly ref_name: string;
  readonly ref_protected: boolean;
  readonly ref_type: string;
  readonly repository: string;
  readonly repository_id: string;
  readonly repository_owner: string;
  readonly repository_owner_id: string;
  readonly repository_visibility: string;
  readonly retention_days: string;
  readonly run_attempt: string;
  readonly run_id: string;
  readonly run_number: string;
  readonly server_url: string;
  readonly sha: string;
  readonly token: string;
  readonly triggering_actor: string;
  readonly workflow: string;
  readonly workflow_ref: string;
  readonly workflow_sha: string;
}

/** Keys of the github context that become GITHUB_* variables (GitHubContext.cs); `token` is not among them. */
const exported = new Set(
  (
    "action_path action_ref action_repository action actor actor_id api_url base_ref env event_name event_path " +
    "graphql_url head_ref job output path ref_name ref_protected ref_type ref repository repository_id " +
    "repository_owner repository_owner_id retention_days run_attempt run_id run_number server_url sha state " +
    "step_summary triggering_actor workflow workflow_ref workflow_sha workspace"
  ).split(" "),
);

/** A full context: what the caller set, and the rest as a push to `main` of a made-up repository would have it. */
export function completeGithubContext(given: Partial<GithubContext>): GithubContext {
  const repository = given.repository ?? "octo-org/octo-app";
  const ref = given.ref ?? "refs/heads/main";
  const sha = given.sha ?? "ffac537e6cbbf934b08745a378932722df287a53";
  const server = given.server_url ?? "https://github.com";
  const actor = given.actor ?? "octocat";
  const workflow = given.workflow ?? "CI";
  return {
    actor,
    actor_id: "583231",
    api_url: "https://api.github.com",
    base_ref: "",
    event: {},
    event_name: "push",
    graphql_url: "https://api.github.com/graphql",
    head_ref: "",
    job: "job",
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    ref_protected: false,
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    repository,
    repository_id: "74",
    repository_owner: repository.split("/")[0] ?? "",
    repository_owner_id: "65",
    repository_visibility: "private",
    retention_days: "90",
    run_attempt: "1",
    run_id: "1658821493",
    run_number: "3",
    server_url: server,
    sha,
    token: "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    triggering_actor: actor,
    workflow,
    workflow_ref: `${repository}/.github/workflows/ci.yml@${ref}`,
    workflow_sha: sha,
    ...given,
  };
}

/** The GITHUB_* variables of a context: texts and booleans of the exported keys, booleans as JSON writes them. */
export function githubVariables(context: Readonly<Record<string, unknown>>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [key, value] of Object.entries(context)) {
    if (!exported.has(key)) continue;
    if (typeof value === "string") variables[`GITHUB_${key.toUpperCase()}`] = value;
    if (typeof value === "boolean") variables[`GITHUB_${key.toUpperCase()}`] = String(value);
  }
  return variables;
}
