/** A run of a workflow, as the Actions API tells it. */
export interface WorkflowRun {
  /** `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  /** `success`, `cancelled`, …; empty while it runs. */
  readonly conclusion: string;
  readonly attempt: number;
  /** The page that people look at. */
  readonly url: string;
  /** When this attempt began. */
  readonly startedAt: Date | undefined;
  /** When it was over; undefined while it goes on. */
  readonly endedAt: Date | undefined;
}

/** What GitHub's API is asked about workflow runs. Methods throw a `UserError` when GitHub refuses or is not reached. */
export interface WorkflowRuns {
  /**
   * One attempt of a run. Undefined is no proof that there is none: GitHub says the same of what the token may not see,
   * such as a run of another private repository.
   *
   * @throws UserError `github-permission` when the token lacks `actions: read`
   */
  find(repository: string, runId: number, attempt: number): Promise<WorkflowRun | undefined>;
}

export interface StickyComment {
  readonly repository: string;
  /** The number of the issue or pull request. */
  readonly issue: number;
  /** An HTML comment, such as `<!-- mayfly:terraform:pr-12 -->`; put in front of a body that lacks it. */
  readonly marker: string;
  readonly body: string;
  /** Brings a comment of ours up to date, and neither makes one nor shows a hidden one again. */
  readonly onlyExisting?: boolean;
}

/** One comment that is edited instead of followed by others. */
export interface StickyComments {
  /**
   * Writes the comment that begins with the marker: edits the one of ours, or makes it. Of several that are shown the
   * oldest is kept and the others are minimised, so that writers who do not know of each other keep the same one; one
   * that is hidden is shown again. Nobody else's comment is touched, whatever it begins with. Nothing is sent when the
   * comment stands there already.
   *
   * @returns the comment's address; undefined only where none was to be made
   * @throws UserError `comment-too-long` before anything is sent
   */
  write(comment: StickyComment): Promise<string | undefined>;
}

/** What somebody may do in a repository, from most to least. */
export type RepositoryRole = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export interface RepositoryRoles {
  /** The role of a person or a bot; `none` for who is unknown. An organization's own role counts as the one it is built on. */
  find(repository: string, login: string): Promise<RepositoryRole>;
}
