import { UserError } from "../kit/user-error.ts";
import { choosePermissions } from "./accepted-permissions.ts";
import type { Pause, RefusingAnswer } from "./answer.ts";

/** An answer of GitHub's that is no success. It holds nothing of the request but its method and path. */
export class GitHubRefusal extends Error {
  override readonly name = "GitHubRefusal";
  // Not `status`: octokit takes an error with the status 409 for an empty page.
  readonly answer: RefusingAnswer;
  /** Set where a limit is the reason. */
  readonly pause: Pause | undefined;

  constructor(request: string, answer: RefusingAnswer, pause?: Pause) {
    const id = answer.headers["x-github-request-id"] ?? "unknown";
    super(`GitHub answered ${request} with ${answer.status}: ${answer.words} (request ${id})`);
    this.answer = answer;
    this.pause = pause;
  }
}

/** No answer came: the connection failed. */
export class GitHubSilence extends Error {
  override readonly name = "GitHubSilence";
}

/** Somebody answered, a proxy with a page of its own: nobody knows what became of the request. */
export function strangeAnswer(): GitHubSilence {
  return new GitHubSilence("what answered is not GitHub's API");
}

/** What was tried, for the sentence that tells of its failure. */
export interface Attempted {
  /** `Cannot comment on octo/shop#12`. */
  readonly clause: string;
  /** The permission that it takes, as a workflow writes it: `pull-requests: write`. */
  readonly permission: string;
}

interface Meaning {
  readonly test: (refusal: GitHubRefusal) => boolean;
  readonly code: string;
  readonly advise: (refusal: GitHubRefusal, attempted: Attempted) => string;
}

/** The first that fits counts. GitHub answers 403 for six reasons. */
const MEANINGS: readonly Meaning[] = [
  {
    test: ({ pause }) => pause !== undefined,
    code: "github-rate-limited",
    advise: ({ pause, answer }) => adviseLimit(pause, answer),
  },
  {
    test: ({ answer }) => answer.status === 401,
    code: "github-token-rejected",
    advise: () =>
      "The token is wrong or over: a job's token (github.token) ends with its job. Hand over the one of the job that runs.",
  },
  {
    test: ({ answer }) => /is locked/i.test(answer.words),
    code: "github-locked",
    advise: () => "The conversation is locked, and an app cannot write there. Unlock it, or switch the comment off.",
  },
  {
    test: ({ answer }) => answer.status === 403 && /not accessible by/i.test(answer.words),
    code: "github-permission",
    advise: ({ answer }, { permission }) => advisePermission(answer, permission),
  },
  {
    test: ({ answer }) => answer.status === 403 && /authenticate via a GitHub App/i.test(answer.words),
    code: "github-permission",
    advise: () => "Only an app writes check runs: hand over the job's token (github.token), or an app's.",
  },
  {
    test: ({ answer }) => answer.status === 404,
    code: "github-not-found",
    advise: () => "GitHub says the same of what is not there and of what the token may not see: check both.",
  },
  {
    test: ({ answer }) => answer.status >= 500,
    code: "github-unavailable",
    advise: () => "GitHub is in trouble: see https://www.githubstatus.com, and run it again.",
  },
];

/** What a person should read when GitHub refuses or is silent: what was tried, what to do, and GitHub's words below it. */
export function explainRefusal(attempted: Attempted, error: unknown): unknown {
  const { clause } = attempted;
  if (error instanceof GitHubSilence) {
    const text = `${clause}: no answer from GitHub. Check the network and the proxy of the runner.`;
    return new UserError("github-unreachable", text, { cause: error });
  }
  if (!(error instanceof GitHubRefusal)) return error;
  const meaning = MEANINGS.find((one) => one.test(error));
  const advice = meaning === undefined ? "" : ` ${meaning.advise(error, attempted)}`;
  return new UserError(meaning?.code ?? "github-refused", `${clause}.${advice}`, { cause: error });
}

function adviseLimit(pause: Pause | undefined, { headers }: RefusingAnswer): string {
  const reset = Number(headers["x-ratelimit-reset"]);
  if (pause?.limit !== "primary" || !(reset > 0))
    return `GitHub wants fewer requests at a time, and a pause of ${Math.ceil((pause?.waitMs ?? 0) / 1000)} s. Run it again later.`;
  const until = new Date(reset * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return `The token's requests of this hour are used up. Run it again after ${until}.`;
}

function advisePermission({ headers, words }: RefusingAnswer, preferred: string): string {
  const needed = choosePermissions(text(headers["x-accepted-github-permissions"]), preferred);
  const list = needed.map((permission) => `"${permission}"`).join(" and ");
  if (/personal access token/i.test(words)) return `The personal access token needs the repository permission ${list}.`;
  const lines = needed.map((permission) => `\n  ${permission}`).join("");
  return `The token needs the permission ${list}. Add it to the job, beside those that it names already:\npermissions:${lines}\nFor a pull request of a fork or of Dependabot the token is read-only, whatever the workflow says.`;
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}`;
}
