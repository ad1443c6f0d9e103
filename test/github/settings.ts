/** What is not confirmed of GitHub, or may be so or so. The first value of each is the likelier one. */
export interface GitHubSettings {
  /** What is refused as too long: the message always says 65,536. Bodies up to 262,144 bytes were seen to get through, and to be refused. */
  bodyLimit: { readonly characters: number } | { readonly bytes: number };
  /** Whether `issues: write` is enough for the comments of a pull request, as the accepted permissions say and users deny. */
  issuesCoverPullRequests: boolean;
  /** Whether a token of an app writes to a locked conversation. */
  appsWriteWhenLocked: boolean;
  /** Whether comments have the field `minimized` in REST's answers; older servers have not. */
  restTellsMinimized: boolean;
  /** How the viewer of an app's token is called: authors of comments have no `[bot]` in GraphQL. */
  viewerHasSuffix: boolean;
  viewerHasDatabaseId: boolean;
  /** For how long lists do not show a comment, check run or deployment that was just made. */
  listLagMilliseconds: number;
  /** Whether a job's own check run may be changed as every other one of the app: since March 2025 it may not. */
  jobsCheckRunsChangeable: boolean;
  /** The status of an exhausted primary limit: 403 or 429. */
  primaryStatus: number;
  /** Requests in an hour. */
  primaryLimit: number;
  /** Requests in a minute that make something; above that a secondary limit strikes. */
  contentPerMinute: number;
  /** Retry-After of that secondary limit; undefined leaves the header out. */
  secondaryRetryAfterSeconds: number | undefined;
  /** The type of a GraphQL error that tells of the primary limit. */
  graphqlLimitType: string;
}

export function createGitHubSettings(): GitHubSettings {
  return {
    bodyLimit: { characters: 65_536 },
    issuesCoverPullRequests: false,
    appsWriteWhenLocked: false,
    restTellsMinimized: true,
    viewerHasSuffix: true,
    viewerHasDatabaseId: true,
    listLagMilliseconds: 0,
    jobsCheckRunsChangeable: false,
    primaryStatus: 403,
    primaryLimit: 5_000,
    contentPerMinute: 80,
    secondaryRetryAfterSeconds: 60,
    graphqlLimitType: "RATE_LIMITED",
  };
}
