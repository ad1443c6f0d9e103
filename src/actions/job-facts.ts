/** The job that this is, as GitHub tells it. Texts are empty where nobody tells. */
export interface JobFacts {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly runId: number | undefined;
  readonly attempt: number;
  /** The job's id in its workflow. */
  readonly job: string;
  readonly runnerEnvironment: "github-hosted" | "self-hosted";
  /** The machine's name: terraform writes it into its locks. */
  readonly host: string;
  /** The runner's name. */
  readonly runner: string;
  readonly actor: string;
  /** The commit that somebody wrote; of a pull request its head. */
  readonly headSha: string;
  readonly pullRequest: number | undefined;
  readonly runUrl: string;
  /** The job's workspace. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
