import type { Clock } from "../azure/clock.ts";
import { type Json, jsonResponse } from "../azure/wire.ts";
import { nodeIdOf, renderAccount } from "./account.ts";
import { failure } from "./failure.ts";
import { page } from "./paging.ts";
import { commitOf, type Issue, type Repository } from "./repository.ts";
import type { Route } from "./route.ts";
import { seconds } from "./runs.ts";

export interface PullOptions {
  /** Any text that git takes as a branch's name. */
  readonly headRef?: string;
  readonly headSha?: string;
  /** `owner/name` of a fork; the repository itself where left out. */
  readonly headRepository?: string;
  readonly baseRef?: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
}

/** A pull request beside its conversation. What happens to it next, a test says. */
export interface Pull {
  readonly number: number;
  readonly issue: Issue;
  readonly headSha: string;
  readonly headRef: string;
  /** Undefined when the fork is gone. */
  readonly headRepository: string | undefined;
  readonly baseRef: string;
  readonly draft: boolean;
  readonly mergedAt: Date | undefined;
  /** Whether it cannot be merged, so that events of `pull_request` start nothing. */
  conflicting: boolean;
  /** A new commit on its branch, also by force. While it is closed only the branch moves. @returns the commit */
  push(sha?: string): string;
  close(): void;
  /** @returns the commit on the base branch */
  merge(): string;
  /** @throws where GitHub offers no such button: it is merged, or its branch is gone */
  reopen(): void;
  label(name: string): void;
  unlabel(name: string): void;
  markDraft(draft?: boolean): void;
  /** Closes it where it is open. */
  deleteBranch(): void;
  /** Closes it where it is open. */
  deleteFork(): void;
  /** As GitHub shows it now, in answers and in events. */
  render(): Json;
}

export function createPull(repository: Repository, issue: Issue, options: PullOptions, clock: Clock): Pull {
  const { fullName, branches, commits } = repository;
  const { headRef = `topic-${issue.number}`, baseRef = repository.defaultBranch } = options;
  let { draft = false } = options;
  let headRepository: string | undefined = options.headRepository ?? fullName;
  const foreign = headRepository.toLowerCase() !== fullName.toLowerCase();
  let pushes = 0;
  let branch: string | undefined = options.headSha ?? commitOf(fullName, issue.number, pushes);
  let headSha = branch;
  const createdAt = clock.now();
  let [updatedAt, closedAt, mergedAt, mergeSha]: [Date, Date | undefined, Date | undefined, string | undefined] = [
    createdAt,
    undefined,
    undefined,
    undefined,
  ];
  const touch = () => {
    updatedAt = clock.now();
  };
  const move = (sha: string | undefined) => {
    branch = sha;
    if (!foreign && sha === undefined) branches.delete(headRef);
    if (!foreign && sha !== undefined) branches.set(headRef, sha);
    if (sha !== undefined && issue.state === "open") headSha = sha;
    commits.add(headSha);
    touch();
  };
  const close = () => {
    if (issue.state === "closed") return;
    issue.state = "closed";
    closedAt = clock.now();
    touch();
  };
  move(branch);
  const render = () => ({
    ...renderShort(),
    merged: mergedAt !== undefined,
    mergeable: issue.state === "closed" ? null : !pull.conflicting,
    mergeable_state: issue.state === "closed" ? "unknown" : pull.conflicting ? "dirty" : "clean",
    comments: issue.comments.length,
    commits: pushes + 1,
    maintainer_can_modify: foreign,
  });
  /** As in lists, where GitHub tells less. */
  const renderShort = () => ({
    url: `https://api.github.com/repos/${fullName}/pulls/${issue.number}`,
    id: 2_100_000_000 + issue.number,
    node_id: nodeIdOf("PR", repository.id, issue.number),
    html_url: `https://github.com/${fullName}/pull/${issue.number}`,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderAccount(issue.author),
    body: null,
    labels: [...issue.labels].map((name) => ({ name, color: "ededed", default: false, description: null })),
    draft,
    created_at: seconds(createdAt),
    updated_at: seconds(updatedAt),
    closed_at: closedAt === undefined ? null : seconds(closedAt),
    merged_at: mergedAt === undefined ? null : seconds(mergedAt),
    merge_commit_sha: mergeSha ?? null,
    head: renderEnd(headRef, headSha, headRepository, foreign, repository),
    base: renderEnd(baseRef, branches.get(baseRef) ?? "", fullName, false, repository),
    author_association: "NONE",
  });
  const pull: Pull & { renderShort(): Json } = {
    number: issue.number,
    issue,
    get headSha() {
      return headSha;
    },
    headRef,
    get headRepository() {
      return headRepository;
    },
    baseRef,
    get draft() {
      return draft;
    },
    get mergedAt() {
      return mergedAt;
    },
    conflicting: false,
    push: (sha) => {
      pushes += 1;
      const commit = sha ?? commitOf(fullName, issue.number, pushes);
      move(commit);
      return commit;
    },
    close,
    merge: () => {
      if (issue.state === "closed") throw new Error(`${fullName}#${issue.number} is closed`);
      mergeSha = commitOf(fullName, issue.number, "merge");
      commits.add(mergeSha);
      branches.set(baseRef, mergeSha);
      mergedAt = clock.now();
      close();
      return mergeSha;
    },
    reopen: () => {
      if (mergedAt !== undefined || branch === undefined)
        throw new Error(`${fullName}#${issue.number} cannot be opened again: it is merged, or its branch is gone`);
      issue.state = "open";
      closedAt = undefined;
      move(branch);
    },
    label: (name) => {
      issue.labels.add(name);
      touch();
    },
    unlabel: (name) => {
      issue.labels.delete(name);
      touch();
    },
    markDraft: (given = true) => {
      draft = given;
      touch();
    },
    deleteBranch: () => {
      close();
      move(undefined);
    },
    deleteFork: () => {
      if (!foreign) throw new Error(`${fullName}#${issue.number} is of no fork`);
      close();
      move(undefined);
      headRepository = undefined;
    },
    render,
    renderShort,
  };
  return pull;
}

function renderEnd(ref: string, sha: string, name: string | undefined, fork: boolean, repository: Repository): Json {
  const owner = name?.split("/")[0];
  return {
    label: `${owner ?? "unknown repository"}:${ref}`,
    ref,
    sha,
    user: owner === undefined ? null : { login: owner },
    repo: name === undefined ? null : renderRepository({ ...repository, fullName: name }, fork),
  };
}

/** A repository as answers and events show it. */
export function renderRepository({ id, fullName, visibility, defaultBranch }: Repository, fork = false): Json {
  const [owner, name] = fullName.split("/");
  return {
    id: fork ? id + 1_000_000 : id,
    name,
    full_name: fullName,
    owner: { login: owner },
    private: visibility === "private",
    html_url: `https://github.com/${fullName}`,
    fork,
    default_branch: defaultBranch,
  };
}

const DOCS = { find: "pulls/pulls#get-a-pull-request", list: "pulls/pulls#list-pull-requests" };

export function pullRoutes(): readonly Route[] {
  return [
    {
      method: "GET",
      path: /^\/pulls\/(\d+)$/,
      accepts: "pull_requests=read",
      docs: DOCS.find,
      answer: ({ repository }, number) => {
        const pull = repository.pulls.get(Number(number));
        return pull === undefined ? failure(404, "Not Found", DOCS.find) : jsonResponse(200, pull.render());
      },
    },
    {
      method: "GET",
      path: /^\/pulls$/,
      accepts: "pull_requests=read",
      docs: DOCS.list,
      answer: ({ repository, url }) => {
        const asked = (name: string) => url.searchParams.get(name);
        const state = asked("state") ?? "open";
        const found = [...repository.pulls.values()]
          .filter(({ issue }) => state === "all" || issue.state === state)
          .filter(({ baseRef }) => baseRef === (asked("base") ?? baseRef))
          .filter((pull) => labelOf(pull) === (asked("head") ?? labelOf(pull)))
          .toSorted((a, b) => a.number - b.number);
        const up =
          asked("direction") === "asc" || (asked("direction") === null && (asked("sort") ?? "created") !== "created");
        if (!up) found.reverse();
        const items = found.map((pull) => {
          const { merged, mergeable, mergeable_state, comments, commits, maintainer_can_modify, ...less } =
            pull.render();
          return less;
        });
        return page(url, repository.id, "pulls", items);
      },
    },
  ];
}

function labelOf({ headRepository, headRef }: Pull): string {
  return `${headRepository?.split("/")[0] ?? ""}:${headRef}`;
}
