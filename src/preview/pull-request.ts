/** A pull request as GitHub's API tells it now, not as an event told it. */
export interface PullRequest {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  readonly title: string;
  readonly labels: readonly string[];
  /** Login of who opened it; a bot's with `[bot]`. */
  readonly author: string;
  readonly headSha: string;
  /** The branch's name; hostile texts are allowed in it. */
  readonly headRef: string;
  /** `owner/name`; undefined when the fork is gone. */
  readonly headRepository: string | undefined;
  readonly baseRef: string;
  readonly url: string;
}

/**
 * Whether its runs get no ID token and none of our trust: it comes from another repository, or one that is gone, or
 * Dependabot opened it.
 */
export function isForeign(pull: Pick<PullRequest, "headRepository" | "author">, repository: string): boolean {
  const own = pull.headRepository?.toLowerCase() === repository.toLowerCase();
  return !own || pull.author.toLowerCase() === "dependabot[bot]";
}

/** The name of a pull request's environment: `pr-12`. */
export function environmentOf(pullRequest: number): string {
  return `pr-${pullRequest}`;
}

/** The pull request that an environment is of; undefined for other names. */
export function pullRequestOf(environment: string): number | undefined {
  const [, digits] = /^pr-([1-9]\d{0,9})$/.exec(environment) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
