import { createHash } from "node:crypto";
import type { Account } from "./account.ts";
import { nodeIdOf } from "./account.ts";
import type { Check } from "./checks.ts";
import type { Deployment } from "./deployment.ts";
import type { Pull } from "./pulls.ts";
import type { Reaction } from "./reactions.ts";
import type { Run } from "./runs.ts";

export type Role = "admin" | "maintain" | "write" | "triage" | "read";

export interface Comment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: Account;
  readonly createdAt: Date;
  body: string;
  updatedAt: Date;
  /** Why it is hidden, in lower case; undefined while it is shown. */
  minimized: string | undefined;
  readonly reactions: Reaction[];
}

/** An issue, or the conversation of a pull request. */
export interface Issue {
  readonly number: number;
  readonly pullRequest: boolean;
  readonly title: string;
  readonly author: Account;
  locked: boolean;
  state: "open" | "closed";
  readonly labels: Set<string>;
  readonly comments: Comment[];
}

export interface Repository {
  readonly id: number;
  /** `owner/name`, as GitHub spells it. */
  readonly fullName: string;
  visibility: "public" | "private";
  /** Refuses every change. */
  archived: boolean;
  readonly defaultBranch: string;
  readonly issues: Map<number, Issue>;
  /** By the number of their issue. */
  readonly pulls: Map<number, Pull>;
  /** Commits that GitHub knows here, those of forks' pull requests too. */
  readonly commits: Set<string>;
  /** Of this repository alone: the commit of each. */
  readonly branches: Map<string, string>;
  /** Commits whose statuses have failed, or are not there yet. */
  readonly failing: Set<string>;
  readonly checks: Check[];
  readonly deployments: Deployment[];
  readonly runs: Map<number, Run>;
  /** By login in lower case; a text that is no role is a custom one. */
  readonly collaborators: Map<string, Role | (string & {})>;
}

export interface RepositoryOptions {
  readonly name: string;
  readonly id?: number | string;
  readonly visibility?: "public" | "private";
  readonly collaborators?: Readonly<Record<string, Role>>;
}

export function createRepository(options: RepositoryOptions, fallbackId: number): Repository {
  const first = commitOf(options.name, "first");
  return {
    id: Number(options.id ?? fallbackId),
    fullName: options.name,
    visibility: options.visibility ?? "private",
    archived: false,
    defaultBranch: "main",
    issues: new Map(),
    pulls: new Map(),
    commits: new Set([first]),
    branches: new Map([["main", first]]),
    failing: new Set(),
    checks: [],
    deployments: [],
    runs: new Map(),
    collaborators: new Map(
      Object.entries(options.collaborators ?? {}).map(([login, role]) => [login.toLowerCase(), role]),
    ),
  };
}

/** What someone may do here; undefined where the repository does not exist for them. */
export function roleOf(repository: Repository, login: string): string | undefined {
  const own = repository.fullName.toLowerCase().startsWith(`${login.toLowerCase()}/`) ? "admin" : undefined;
  const public_ = repository.visibility === "public" ? "read" : undefined;
  return own ?? repository.collaborators.get(login.toLowerCase()) ?? public_;
}

export function commentNodeId(repository: Repository, id: number): string {
  return nodeIdOf("IC", repository.id, id);
}

/** A commit's name, the same for the same words. */
export function commitOf(...words: readonly (string | number)[]): string {
  return createHash("sha1").update(words.join("\n")).digest("hex");
}

/** The commit that a branch, or a commit's whole name, stands for; undefined where GitHub finds none here. */
export function findCommit({ commits, branches }: Repository, ref: string): string | undefined {
  const branch = branches.get(ref.replace(/^(?:refs\/)?heads\//, ""));
  return branch ?? (commits.has(ref) ? ref : undefined);
}
