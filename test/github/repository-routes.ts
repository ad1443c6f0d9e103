import type { Clock } from "../azure/clock.ts";
import { jsonResponse, type WireResponse } from "../azure/wire.ts";
import { type Accounts, renderAccount } from "./account.ts";
import { archived } from "./comments.ts";
import { failure } from "./failure.ts";
import { roleOf } from "./repository.ts";
import type { Asking, Route } from "./route.ts";
import { hasRole } from "./tokens.ts";

const RUN_DOCS = "actions/workflow-runs#get-a-workflow-run";
const RERUN_DOCS = "actions/workflow-runs#re-run-a-workflow";
const MONTH = 30 * 86_400_000;
const ROLE_DOCS = "collaborators/collaborators#get-repository-permissions-for-a-user";
/** The older words for the newer roles. */
const LEGACY: Readonly<Record<string, string>> = { maintain: "write", triage: "read" };
const ROLES: ReadonlySet<string> = new Set(["admin", "maintain", "write", "triage", "read", "none"]);

/** Runs of workflows, and what people may do. */
export function repositoryRoutes(accounts: Accounts, clock: Clock): readonly Route[] {
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
      method: "POST",
      path: /^\/actions\/runs\/(\d+)\/rerun$/,
      accepts: "actions=write",
      docs: RERUN_DOCS,
      answer: (asking, id) => rerun(asking, Number(id), clock),
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

function rerun({ repository, grant }: Asking, id: number, clock: Clock): WireResponse {
  const run = repository.runs.get(id);
  if (run === undefined) return failure(404, "Not Found", RERUN_DOCS);
  if (repository.archived) return archived(RERUN_DOCS);
  if (!hasRole(grant, repository, "write")) return failure(403, "Must have admin rights to Repository.", RERUN_DOCS);
  if (run.attempts.at(-1)?.status !== "completed") return failure(403, "This workflow is already running", RERUN_DOCS);
  if (clock.time() - run.createdAt.getTime() > MONTH) {
    const words = "Unable to retry this workflow run because it was created over a month ago";
    return failure(403, words, RERUN_DOCS);
  }
  if (!run.retriable) return failure(403, "This workflow run cannot be retried", RERUN_DOCS);
  run.rerun();
  return jsonResponse(201, {});
}
