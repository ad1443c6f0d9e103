/** A run of a workflow, as the Actions API tells it. */
export interface WorkflowRun {
  /** `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  /** `success`, `cancelled`, …; empty while it runs. */
  readonly conclusion: string;
  readonly attempt: number;
  readonly url: string;
}

/** What GitHub's API is asked about workflow runs. Methods throw a `UserError` when GitHub refuses or is not reached. */
export interface WorkflowRuns {
  /** One attempt of a run; undefined when GitHub says that there is none (or that we may not see it). */
  find(repository: string, runId: number, attempt: number): Promise<WorkflowRun | undefined>;
}

/** One comment that is edited instead of followed by others. */
export interface StickyComments {
  /**
   * Writes the comment that begins with the marker: edits the newest one of ours, or makes it. Others of ours with the
   * same marker are minimised. Nobody else's comment is touched, whatever it begins with. Nothing is sent when the
   * body is what stands there already.
   *
   * @param marker an HTML comment on a line of its own, such as `<!-- mayfly:terraform:pr-12 -->`
   * @returns the comment's address
   */
  write(comment: {
    readonly repository: string;
    readonly issue: number;
    readonly marker: string;
    readonly body: string;
  }): Promise<string>;
}

/** What GitHub takes as a comment, in characters (UTF-16 units are counted, which is never too few). */
export const COMMENT_BUDGET = 65_536;
