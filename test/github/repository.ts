import type { Account } from "./account.ts";
import { nodeIdOf } from "./account.ts";
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
}

/** An issue, or the conversation of a pull request. */
export interface Issue {
  readonly number: number;
  readonly pullRequest: boolean;
  readonly title: string;
  readonly author: Account;
  locked: boolean;
  state: "open" | "closed";
  readonly comments: Comment[];
}

export interface Repository {
  readonly id: number;
  /** `owner/name`, as GitHub spells it. */
  readonly fullName: string;
  visibility: "public" | "private";
  /** Refuses every change. */
  archived: boolean;
  readonly issues: Map<number, Issue>;
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
  return {
    id: Number(options.id ?? fallbackId),
    fullName: options.name,
    visibility: options.visibility ?? "private",
    archived: false,
    issues: new Map(),
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
