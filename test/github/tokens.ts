import { randomBytes } from "node:crypto";
import { type Account, type Accounts, GITHUB_ACTIONS } from "./account.ts";
import { type Repository, roleOf } from "./repository.ts";

export interface TokenOptions {
  /** The repository that it is for; a user's token reaches all that the user reaches. */
  readonly repository?: string;
  /** As in a workflow file: `{ "pull-requests": "write" }`. Without it what a job gets that says nothing, in a restricted repository. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Who acts: `github-actions[bot]` where left out, another app's bot, or a user. */
  readonly actor?: string;
  /** A user's token of the older kind: scopes instead of permissions, so that the user's role alone decides. */
  readonly classic?: boolean;
  /** What becomes of a job's token in runs of forks and of Dependabot: every `write` is a `read`, whatever the workflow says. */
  readonly readOnly?: boolean;
}

/** What a token stands for. */
export interface Grant {
  readonly account: Account;
  readonly kind: "installation" | "fine-grained" | "classic";
  readonly repository: string | undefined;
  readonly permissions: Readonly<Record<string, string>>;
}

export interface Tokens {
  create(options: TokenOptions): string;
  /** A job that is over takes its token along. */
  revoke(token: string): void;
  find(token: string): Grant | undefined;
}

const RESTRICTED = { contents: "read", packages: "read" };

export function createTokens(accounts: Accounts): Tokens {
  const grants = new Map<string, Grant>();
  return {
    create: ({ repository, permissions = RESTRICTED, actor = GITHUB_ACTIONS.login, ...more }) => {
      const { classic = false, readOnly = false } = more;
      const account = accounts.named(actor);
      const kind = account.type === "Bot" ? "installation" : classic ? "classic" : "fine-grained";
      if (kind === "installation" && repository === undefined) throw new Error("An app's token needs a repository");
      const prefix = { installation: "ghs_", "fine-grained": "github_pat_", classic: "ghp_" }[kind];
      const token = `${prefix}${randomBytes(24).toString("base64url").replace(/[_-]/g, "0")}abcd`;
      const named = Object.entries(permissions).map(([name, level]) => [
        name.replaceAll("-", "_"),
        readOnly && level === "write" ? "read" : level,
      ]);
      grants.set(token, { account, kind, repository, permissions: { metadata: "read", ...Object.fromEntries(named) } });
      return token;
    },
    revoke: (token) => {
      grants.delete(token);
    },
    find: (token) => grants.get(token),
  };
}

const RANK: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2 };
const ROLE_RANK: Readonly<Record<string, number>> = { read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

/** Whether a token reaches a repository at all: an app's reaches its own, and all that is public. */
export function reaches(grant: Grant, repository: Repository): boolean {
  if (repository.visibility === "public") return true;
  if (grant.repository !== undefined && grant.repository.toLowerCase() !== repository.fullName.toLowerCase())
    return false;
  return grant.kind === "installation" || roleOf(repository, grant.account.login) !== undefined;
}

/**
 * Whether a token may do what any of these sets of permissions allows, `issues=write; pull_requests=write`.
 * What is public may be read by anybody.
 */
export function mayDo(grant: Grant, repository: Repository, sets: string): boolean {
  const needed = sets.split(";").map((set) => set.split(",").map((each) => each.trim().split("=")));
  if (repository.visibility === "public" && needed.some((set) => set.every(([, level]) => level === "read")))
    return true;
  if (grant.repository !== undefined && grant.repository.toLowerCase() !== repository.fullName.toLowerCase())
    return false;
  if (grant.kind === "classic") return true;
  return needed.some((set) =>
    set.every(([name = "", level = ""]) => (RANK[grant.permissions[name] ?? ""] ?? 0) >= (RANK[level] ?? 9)),
  );
}

/** Whether who acts has at least this role; an app has what its permissions say. */
export function hasRole(grant: Grant, repository: Repository, role: string): boolean {
  if (grant.kind === "installation") return true;
  return (ROLE_RANK[roleOf(repository, grant.account.login) ?? ""] ?? 0) >= (ROLE_RANK[role] ?? 9);
}
