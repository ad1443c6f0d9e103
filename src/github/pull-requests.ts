import type { PullRequest } from "../preview/pull-request.ts";
import type { PullRequests } from "./preview-api.ts";
import { explainRefusal, GitHubRefusal, strangeAnswer } from "./refusal.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

const PERMISSION = "pull-requests: read";

/** Pull requests as the API tells them now. */
export function connectPullRequests({ octokit }: Session): PullRequests {
  return {
    find: async (repository, number) => {
      const clause = `Cannot look at pull request ${repository}#${number}`;
      const place = splitRepository(repository);
      try {
        const { rest } = await octokit();
        const { data } = await rest.pulls.get({ ...place, pull_number: number });
        return readPull(data);
      } catch (error) {
        if (error instanceof GitHubRefusal && error.answer.status === 404) return undefined;
        throw explainRefusal({ clause, permission: PERMISSION }, error);
      }
    },
    listOpen: async (repository) => {
      const clause = `Cannot list the open pull requests of ${repository}`;
      const place = splitRepository(repository);
      try {
        const { paginate, rest } = await octokit();
        // The oldest first: what is opened meanwhile comes at the end, and shifts no page.
        const options = { ...place, state: "open", sort: "created", direction: "asc", per_page: 100 } as const;
        return (await paginate(rest.pulls.list, options)).map(readPull);
      } catch (error) {
        throw explainRefusal({ clause, permission: PERMISSION }, error);
      }
    },
  };
}

/** What of an answer is used. Of a list's pull requests GitHub tells less: not whether they were merged, but when. */
interface Shown {
  readonly number: number;
  readonly state: string;
  readonly merged_at: string | null;
  readonly draft?: boolean;
  readonly title: string;
  readonly labels: readonly { readonly name: string }[];
  readonly user: { readonly login: string } | null;
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    readonly repo: { readonly full_name: string } | null;
  };
  readonly base: { readonly ref: string };
  readonly html_url: string;
}

function readPull(shown: Shown): PullRequest {
  // What a proxy answers would otherwise be a pull request without a state.
  if (typeof shown.head?.sha !== "string") throw strangeAnswer();
  return {
    number: shown.number,
    state: shown.state === "open" ? "open" : "closed",
    merged: shown.merged_at !== null,
    draft: shown.draft === true,
    title: shown.title,
    labels: shown.labels.map(({ name }) => name),
    // GitHub shows the work of a deleted account as that of this one.
    author: shown.user?.login ?? "ghost",
    headSha: shown.head.sha,
    headRef: shown.head.ref,
    headRepository: shown.head.repo?.full_name,
    baseRef: shown.base.ref,
    url: shown.html_url,
  };
}
