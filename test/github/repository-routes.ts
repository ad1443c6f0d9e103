import { jsonResponse } from "../azure/wire.ts";
import { type Accounts, renderAccount } from "./account.ts";
import { failure } from "./failure.ts";
import { roleOf } from "./repository.ts";
import type { Route } from "./route.ts";

const RUN_DOCS = "actions/workflow-runs#get-a-workflow-run";
const ROLE_DOCS = "collaborators/collaborators#get-repository-permissions-for-a-user";
/** The older words for the newer roles. */
const LEGACY: Readonly<Record<string, string>> = { maintain: "write", triage: "read" };
const ROLES: ReadonlySet<string> = new Set(["admin", "maintain", "write", "triage", "read", "none"]);

/** Runs of workflows, and what people may do. */
export function repositoryRoutes(accounts: Accounts): readonly Route[] {
  return [
    {
      method: "GET",
      path: /^\/actions\/runs\/(\d+)(?:\/attempts\/(\d+))?$/,
      accepts: "actions=read",
      docs: RUN_DOCS,
      answer: ({ repository }, id, attempt) => {
        const run = repository.runs.get(Number(id));
        const rendered = run?.render(attempt === undefined ? undefined : Number(attempt));
        return rendered === undefined ? failure(404, "Not Found", RUN_DOCS) : jsonResponse(200, rendered);
      },
    },
    {
      method: "GET",
      path: /^\/collaborators\/([^/]+)\/permission$/,
      accepts: "metadata=read",
      docs: ROLE_DOCS,
      answer: ({ repository }, login = "") => {
        const account = accounts.find(login);
        if (account === undefined) return failure(404, `${login} is not a user`, ROLE_DOCS);
        const role = roleOf(repository, account.login) ?? "none";
        // An organization's own role is told by its name; the older word is that of the role below it.
        const permission = LEGACY[role] ?? (ROLES.has(role) ? role : "write");
        return jsonResponse(200, { permission, user: renderAccount(account), role_name: role });
      },
    },
  ];
}
