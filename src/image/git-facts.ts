import { pick, pickCount, pickDate, pickText } from "./payload.ts";

/** What a run is about, as far as its environment and event tell; what they do not tell is undefined, never a guess. */
export interface GitFacts {
  /** `push`, `pull_request` … */
  readonly event: string | undefined;
  /** `owner/name`. */
  readonly repository: string | undefined;
  /** `https://github.com`, without a slash at its end. */
  readonly serverUrl: string | undefined;
  /** The commit that somebody wrote: of a pull request its head, never the merge commit that GitHub makes of it. */
  readonly headSha: string | undefined;
  /** When that commit was made; only pushes, merge groups and runs that follow others tell. */
  readonly committedAt: Date | undefined;
  /** Whether the code is a pull request's, also where its number is not known. */
  readonly ofPullRequest: boolean;
  readonly pullRequest: number | undefined;
  /** The branch's own name; of a pull request its head's. */
  readonly branch: string | undefined;
  /** The git tag's own name, without `refs/tags/`. */
  readonly tag: string | undefined;
  readonly defaultBranch: string | undefined;
  /** Whether the code comes from another repository. */
  readonly fromFork: boolean | undefined;
  /** Whether a release says of itself that it is a pre-release. */
  readonly markedPrerelease: boolean;
  readonly project: Project;
}

/** What GitHub says of the repository itself. */
export interface Project {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly url: string | undefined;
  /** An SPDX id. */
  readonly license: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The facts of a run from its environment (`GITHUB_*`) and the event's payload, which may be anything.
 *
 * `GITHUB_SHA` is trusted only where it is the commit that the run is about: on pull requests it is a merge commit that
 * nobody wrote (docker/metadata-action#206), after `workflow_run` and on comments the tip of the default branch.
 */
export function readGitFacts(environment: Environment, payload: unknown): GitFacts {
  const event = environment["GITHUB_EVENT_NAME"] || undefined;
  const repository = environment["GITHUB_REPOSITORY"] || pickText(payload, "repository", "full_name");
  const about = (READERS.get(event ?? "") ?? readRef)(environment, payload, repository);
  return {
    event,
    repository,
    serverUrl: environment["GITHUB_SERVER_URL"]?.replace(/\/+$/, "") || undefined,
    // A schedule's payload may leave the repository out, and it always runs on the default branch.
    defaultBranch:
      pickText(payload, "repository", "default_branch") ?? (event === "schedule" ? about.branch : undefined),
    markedPrerelease: pick(payload, "release", "prerelease") === true,
    project: {
      name: pickText(payload, "repository", "name") ?? repository?.split("/").at(-1),
      description: pickText(payload, "repository", "description"),
      url: pickText(payload, "repository", "homepage") ?? pickText(payload, "repository", "html_url"),
      license: readLicense(payload),
    },
    ...about,
    headSha: keepSha(about.headSha),
  };
}

type About = Pick<
  GitFacts,
  "headSha" | "committedAt" | "ofPullRequest" | "pullRequest" | "branch" | "tag" | "fromFork"
>;
type Reader = (environment: Environment, payload: unknown, repository: string | undefined) => About;

/** Events whose commit is the one of `GITHUB_REF`: push, tag, dispatch, schedule, release, deployment and the like. */
const readRef: Reader = (environment, payload, repository) => {
  const ref = environment["GITHUB_REF"] ?? "";
  // Reviews and their comments carry the pull request, too.
  if (pick(payload, "pull_request") !== undefined || ref.startsWith("refs/pull/")) {
    return readPullRequest(environment, payload, repository);
  }
  return {
    headSha: environment["GITHUB_SHA"],
    committedAt: pickDate(payload, "head_commit", "timestamp"),
    ofPullRequest: false,
    pullRequest: undefined,
    branch: branchOf(ref),
    tag: /^refs\/tags\/(.+)$/s.exec(ref)?.[1] ?? pickText(payload, "release", "tag_name"),
    fromFork: environment["GITHUB_EVENT_NAME"] ? false : undefined,
  };
};

const readPullRequest: Reader = (environment, payload) => {
  const request = pick(payload, "pull_request");
  const fromRef = /^refs\/pull\/(\d+)\//.exec(environment["GITHUB_REF"] ?? "")?.[1];
  return {
    headSha: pickText(request, "head", "sha"),
    committedAt: undefined,
    ofPullRequest: true,
    pullRequest: pickCount(request, "number") ?? (fromRef === undefined ? undefined : Number(fromRef)),
    branch: pickText(request, "head", "ref") ?? (environment["GITHUB_HEAD_REF"] || undefined),
    tag: undefined,
    fromFork: pick(request, "head") === undefined ? undefined : isFork(request),
  };
};

/** A fork that is deleted meanwhile has no repository any more; what cannot be compared is not known. */
function isFork(request: unknown): boolean | undefined {
  if (pick(request, "head", "repo") === null) return true;
  const home = pickText(request, "base", "repo", "full_name");
  return differs(pickText(request, "head", "repo", "full_name"), home);
}

/** A run that follows another: the other one's commit. Of a fork's pull request GitHub does not tell the number. */
const readWorkflowRun: Reader = (_, payload, repository) => {
  const run = pick(payload, "workflow_run");
  const event = pickText(run, "event");
  const ofPullRequest = event?.startsWith("pull_request") === true;
  const branch = pickText(run, "head_branch");
  const requests = pick(run, "pull_requests");
  // Two pull requests may have the same head: which one is meant, nobody knows.
  const [request] = Array.isArray(requests) && requests.length === 1 ? (requests as readonly unknown[]) : [];
  return {
    headSha: pickText(run, "head_sha"),
    committedAt: pickDate(run, "head_commit", "timestamp"),
    ofPullRequest,
    pullRequest: ofPullRequest ? pickCount(request, "number") : undefined,
    // GitHub gives a git tag's name as a branch's, and after a push nothing tells the two apart.
    branch: event === "release" ? undefined : branch,
    tag: event === "release" ? branch : undefined,
    fromFork: differs(pickText(run, "head_repository", "full_name"), repository),
  };
};

/**
 * A comment: on a pull request the event has its number, and neither its commit nor where it comes from. The commit is
 * the one that the workflow says it deploys (`MAYFLY_HEAD_SHA`), once it has asked GitHub for it.
 */
const readComment: Reader = (environment, payload, repository) => {
  if (pick(payload, "issue", "pull_request") === undefined) return readRef(environment, payload, repository);
  return {
    headSha: environment["MAYFLY_HEAD_SHA"],
    committedAt: undefined,
    ofPullRequest: true,
    pullRequest: pickCount(payload, "issue", "number"),
    branch: undefined,
    tag: undefined,
    fromFork: undefined,
  };
};

/** A merge queue's try: a commit and a branch of its own, of one pull request or of several. */
const readMergeGroup: Reader = (environment, payload) => ({
  headSha: pickText(payload, "merge_group", "head_sha") ?? environment["GITHUB_SHA"],
  committedAt: pickDate(payload, "merge_group", "head_commit", "timestamp"),
  ofPullRequest: false,
  pullRequest: undefined,
  branch: branchOf(pickText(payload, "merge_group", "head_ref") ?? environment["GITHUB_REF"] ?? ""),
  tag: undefined,
  fromFork: false,
});

const READERS: ReadonlyMap<string, Reader> = new Map([
  ["pull_request", readPullRequest],
  ["pull_request_target", readPullRequest],
  ["workflow_run", readWorkflowRun],
  ["issue_comment", readComment],
  ["merge_group", readMergeGroup],
]);

function branchOf(ref: string): string | undefined {
  return /^refs\/heads\/(.+)$/s.exec(ref)?.[1];
}

/** GitHub compares names without case. */
function differs(one: string | undefined, other: string | undefined): boolean | undefined {
  return one === undefined || other === undefined ? undefined : one.toLowerCase() !== other.toLowerCase();
}

/** GitHub says NOASSERTION of a licence file that it does not know. */
function readLicense(payload: unknown): string | undefined {
  const id = pickText(payload, "repository", "license", "spdx_id");
  return id === "NOASSERTION" ? undefined : id;
}

/** The commit of a branch that was deleted is all zeros. */
function keepSha(sha: string | undefined): string | undefined {
  return sha !== undefined && /^[0-9a-f]{40,64}$/.test(sha) && !/^0+$/.test(sha) ? sha : undefined;
}
