import { asText, type Json } from "../azure/wire.ts";
import type { GitHubApi, IssueOptions, PullRequestOptions } from "./github-api.ts";
import type { RepositoryOptions, Role } from "./repository.ts";
import type { Conclusion, RunOptions, RunStatus } from "./runs.ts";
import type { TokenOptions } from "./tokens.ts";

type Order = (azure: { readonly githubApi: GitHubApi }, body: Json, id: string) => unknown;

/**
 * What another process may ask about GitHub's API, as `METHOD /path`: bodies are the options of the functions of the
 * same name, with `repository` beside them. A conversation is named `owner/name#12`, URL-encoded.
 */
export const GITHUB_ORDERS: Readonly<Record<string, Order>> = {
  "PATCH /github": ({ githubApi }, body) => Object.assign(githubApi.settings, body),
  "POST /repositories": ({ githubApi }, body) => {
    const { id, fullName, visibility } = githubApi.addRepository(body as unknown as RepositoryOptions);
    return { id, name: fullName, visibility };
  },
  "POST /collaborators": ({ githubApi }, { repository, login, role }) => {
    githubApi.repository(`${repository}`).collaborators.set(`${login}`.toLowerCase(), `${role}` as Role);
  },
  "POST /tokens": ({ githubApi }, body) => ({ token: githubApi.createToken(body as unknown as TokenOptions) }),
  "DELETE /tokens": ({ githubApi }, { token }) => githubApi.revokeToken(`${token}`),
  "POST /issues": ({ githubApi }, { repository, pullRequest = false, ...options }) => {
    const { number } =
      pullRequest === true
        ? githubApi.addPullRequest(`${repository}`, options as PullRequestOptions)
        : githubApi.addIssue(`${repository}`, options as IssueOptions);
    const title = githubApi.repository(`${repository}`).issues.get(number)?.title;
    return { number, pullRequest, title };
  },
  "PATCH /issues": ({ githubApi }, { locked, state }, id) => {
    const [repository, number] = readPlace(id);
    const issue = githubApi.repository(repository).issues.get(number);
    if (issue === undefined) throw new Error(`No issue ${repository}#${number}`);
    if (typeof locked === "boolean") issue.locked = locked;
    if (state === "open" || state === "closed") issue.state = state;
  },
  "GET /pulls": ({ githubApi }, _, id) => githubApi.pull(...readPlace(id)).render(),
  "PATCH /pulls": ({ githubApi }, { act, label }, id) => {
    const pull = githubApi.pull(...readPlace(id));
    const acts: Readonly<Record<string, () => unknown>> = {
      push: () => pull.push(),
      close: pull.close,
      merge: pull.merge,
      reopen: pull.reopen,
      label: () => pull.label(`${label}`),
      unlabel: () => pull.unlabel(`${label}`),
      draft: () => pull.markDraft(),
      ready: () => pull.markDraft(false),
      "delete-branch": pull.deleteBranch,
      "delete-fork": pull.deleteFork,
    };
    const perform = acts[`${act}`];
    if (perform === undefined) throw new Error(`No act ${act}: there are ${Object.keys(acts).join(", ")}`);
    perform();
    return pull.render();
  },
  "GET /checks": ({ githubApi }, _, id) => githubApi.checks(decodeURIComponent(id)),
  "GET /deployments": ({ githubApi }, _, id) => githubApi.deployments(decodeURIComponent(id)),
  "GET /reactions": ({ githubApi }, _, id) => githubApi.reactions(...readPlace(id)),
  "GET /comments": ({ githubApi }, _, id) => githubApi.comments(...readPlace(id)),
  "POST /comments": ({ githubApi }, { repository, issue, author, body }) => {
    const comment = githubApi.addComment(`${repository}`, Number(issue), asText(author) ?? "mona", `${body}`);
    return { id: comment.id };
  },
  "PATCH /comments": ({ githubApi }, { repository, minimized }, id) =>
    githubApi.hideComment(`${repository}`, Number(id), asText(minimized)),
  "DELETE /comments": ({ githubApi }, { repository }, id) => githubApi.deleteComment(`${repository}`, Number(id)),
  "POST /runs": ({ githubApi }, { repository, ...options }) => {
    const run = githubApi.addRun(`${repository}`, options as RunOptions);
    return run.render();
  },
  "PATCH /runs": ({ githubApi }, { repository, status, conclusion, rerun }, id) => {
    const run = githubApi.repository(`${repository}`).runs.get(Number(id));
    if (run === undefined) throw new Error(`No run ${id} in ${repository}`);
    if (rerun === true) run.rerun();
    if (status !== undefined) run.set(`${status}` as RunStatus, asText(conclusion) as Conclusion | undefined);
    return run.render();
  },
};

/** `owner/name#12`, encoded; of a reaction the comment's number. */
function readPlace(id: string): readonly [string, number] {
  const [repository = "", number = ""] = decodeURIComponent(id).split("#");
  return [repository, Number(number)];
}
