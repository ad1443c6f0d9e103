import type { Clock } from "../azure/clock.ts";
import { asObject, asText, bodyJson, type Json, jsonResponse, type WireResponse } from "../azure/wire.ts";
import { type Account, GITHUB_ACTIONS, nodeIdOf } from "./account.ts";
import { archived } from "./comments.ts";
import { failure } from "./failure.ts";
import { page } from "./paging.ts";
import { findCommit, type Repository } from "./repository.ts";
import type { Route } from "./route.ts";
import { seconds } from "./runs.ts";
import type { GitHubSettings } from "./settings.ts";
import type { Grant } from "./tokens.ts";

/** A check run as it stands. */
export interface Check {
  readonly id: number;
  /** Whose it is: only that app may change it. */
  readonly app: { readonly id: number; readonly slug: string };
  readonly headSha: string;
  /** Whether it is a job's own, of which Actions alone changes how it ends. */
  readonly ofJob: boolean;
  readonly createdAt: Date;
  name: string;
  status: string;
  conclusion: string | undefined;
  externalId: string;
  detailsUrl: string | undefined;
  title: string;
  summary: string;
  completedAt: Date | undefined;
}

export interface CheckOptions {
  readonly name: string;
  readonly headSha: string;
  /** The bot of the app that made it; a job's where left out. */
  readonly app?: string;
  /** Going on where left out. */
  readonly conclusion?: string;
  readonly title?: string;
  readonly externalId?: string;
  /** A job's own check run. */
  readonly ofJob?: boolean;
}

const DOCS = {
  create: "checks/runs#create-a-check-run",
  update: "checks/runs#update-a-check-run",
  find: "checks/runs#get-a-check-run",
  list: "checks/runs#list-check-runs-for-a-git-reference",
};
const CONCLUSIONS: ReadonlySet<unknown> = new Set([
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "timed_out",
]);
const STATUSES: ReadonlySet<unknown> = new Set(["queued", "in_progress", "completed"]);
const LONGEST_SUMMARY = 65_535;
const INTERNAL =
  "Check run status and conclusions can only be updated internally by GitHub Actions. Please see https://github.blog/changelog/2025-02-12-notice-of-upcoming-deprecations-and-breaking-changes-for-github-actions/#changes-to-check-run-status-modification";

/** The app behind a bot. The number of Actions is the real one. */
function appOf({ id, login }: Account): Check["app"] {
  return { id: login === GITHUB_ACTIONS.login ? 15_368 : id, slug: login.replace(/\[bot\]$/, "") };
}

export function addCheck(repository: Repository, id: number, author: Account, options: CheckOptions, now: Date): Check {
  const { name, headSha, conclusion, externalId = "", title = "", ofJob = false } = options;
  const check: Check = {
    id,
    app: appOf(author),
    headSha,
    ofJob,
    createdAt: now,
    name,
    status: conclusion === undefined ? "in_progress" : "completed",
    conclusion,
    externalId,
    detailsUrl: undefined,
    title,
    summary: "",
    completedAt: conclusion === undefined ? undefined : now,
  };
  repository.checks.push(check);
  return check;
}

export function checkRoutes(settings: GitHubSettings, clock: Clock, nextId: () => number): readonly Route[] {
  /** Brings a check to what a request says, which fits. */
  const apply = (check: Check, body: Json) => {
    const output = asObject(body["output"]);
    const conclusion = asText(body["conclusion"]);
    check.name = asText(body["name"]) ?? check.name;
    check.externalId = asText(body["external_id"]) ?? check.externalId;
    check.status = conclusion === undefined ? (asText(body["status"]) ?? check.status) : "completed";
    if (conclusion !== undefined) {
      check.conclusion = conclusion;
      check.completedAt = clock.now();
    } else if (check.status !== "completed") {
      check.conclusion = undefined;
      check.completedAt = undefined;
    }
    // A job's token cannot send people elsewhere: actions/github-script#143.
    if (check.app.slug !== "github-actions") check.detailsUrl = asText(body["details_url"]) ?? check.detailsUrl;
    if (output !== undefined) {
      check.title = asText(output["title"]) ?? check.title;
      check.summary = asText(output["summary"]) ?? check.summary;
    }
  };
  const render = (repository: Repository, check: Check) => {
    const page = check.ofJob ? `actions/runs/${check.id - 1}/job/${check.id}` : `runs/${check.id}`;
    const html = `https://github.com/${repository.fullName}/${page}`;
    const url = `https://api.github.com/repos/${repository.fullName}/check-runs/${check.id}`;
    return {
      id: check.id,
      name: check.name,
      node_id: nodeIdOf("CR", repository.id, check.id),
      head_sha: check.headSha,
      external_id: check.externalId,
      url,
      html_url: html,
      details_url: check.detailsUrl ?? html,
      status: check.status,
      conclusion: check.conclusion ?? null,
      started_at: seconds(check.createdAt),
      completed_at: check.completedAt === undefined ? null : seconds(check.completedAt),
      output: {
        title: check.title || null,
        summary: check.summary || null,
        text: null,
        annotations_count: 0,
        annotations_url: `${url}/annotations`,
      },
      check_suite: { id: 7_000_000 + check.app.id },
      app: { id: check.app.id, slug: check.app.slug, name: check.app.slug },
      pull_requests: [],
    };
  };
  const shown = ({ createdAt }: Check) => createdAt.getTime() + settings.listLagMilliseconds <= clock.time();
  return [
    {
      method: "POST",
      path: /^\/check-runs$/,
      accepts: "checks=write",
      docs: DOCS.create,
      makesContent: true,
      answer: ({ repository, grant, request }) => {
        const body = bodyJson(request) ?? {};
        const refused = refuse(repository, grant, body, DOCS.create);
        if (refused !== undefined) return refused;
        const [name, sha] = [asText(body["name"]), asText(body["head_sha"])];
        if (!name) return invalid('"name" wasn\'t supplied.', DOCS.create);
        if (!sha) return invalid('"head_sha" wasn\'t supplied.', DOCS.create);
        if (!repository.commits.has(sha)) return failure(422, `No commit found for SHA: ${sha}`, DOCS.create);
        const check = addCheck(repository, nextId(), grant.account, { name, headSha: sha }, clock.now());
        check.status = "queued";
        apply(check, body);
        return jsonResponse(201, render(repository, check));
      },
    },
    {
      method: "PATCH",
      path: /^\/check-runs\/(\d+)$/,
      accepts: "checks=write",
      docs: DOCS.update,
      answer: ({ repository, grant, request }, id) => {
        const check = repository.checks.find((each) => `${each.id}` === id);
        if (check === undefined) return failure(404, "Not Found", DOCS.update);
        const body = bodyJson(request) ?? {};
        const refused = refuse(repository, grant, body, DOCS.update);
        if (refused !== undefined) return refused;
        const { app, ofJob } = check;
        if (app.id !== appOf(grant.account).id) {
          const words = `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`;
          return failure(403, words, DOCS.update);
        }
        const ends = body["status"] !== undefined || body["conclusion"] !== undefined;
        if (ofJob && ends && !settings.jobsCheckRunsChangeable) return failure(403, INTERNAL, DOCS.update);
        apply(check, body);
        return jsonResponse(200, render(repository, check));
      },
    },
    {
      method: "GET",
      path: /^\/check-runs\/(\d+)$/,
      accepts: "checks=read",
      docs: DOCS.find,
      answer: ({ repository }, id) => {
        const check = repository.checks.find((each) => `${each.id}` === id);
        return check === undefined
          ? failure(404, "Not Found", DOCS.find)
          : jsonResponse(200, render(repository, check));
      },
    },
    {
      method: "GET",
      path: /^\/commits\/(.+)\/check-runs$/,
      accepts: "checks=read",
      docs: DOCS.list,
      answer: ({ repository, url }, ref = "") => {
        const sha = findCommit(repository, ref);
        if (sha === undefined) return failure(422, `No commit found for SHA: ${ref}`, DOCS.list);
        const asked = (name: string) => url.searchParams.get(name);
        const found = repository.checks
          .filter(({ headSha }) => headSha === sha)
          .filter(({ name }) => name === (asked("check_name") ?? name))
          .filter(({ status }) => status === (asked("status") ?? status))
          .filter(({ app }) => `${app.id}` === (asked("app_id") ?? `${app.id}`))
          .filter(shown)
          .toReversed();
        const items = asked("filter") === "all" ? found : latest(found);
        const rendered = items.map((each) => render(repository, each));
        return page(url, repository.id, `commits/${ref}/check-runs`, rendered, "check_runs");
      },
    },
  ];
}

/** Why this may not be written, in GitHub's words. */
function refuse(repository: Repository, grant: Grant, body: Json, docs: string): WireResponse | undefined {
  if (repository.archived) return archived(docs);
  if (grant.kind !== "installation") return failure(403, "You must authenticate via a GitHub App.", docs);
  const { status, conclusion } = body;
  if (status !== undefined && !STATUSES.has(status)) return invalid(`${status} is not a member of the statuses.`, docs);
  if (conclusion !== undefined && !CONCLUSIONS.has(conclusion))
    return invalid(`${conclusion} is not a possible value.`, docs);
  if (status === "completed" && conclusion === undefined) return invalid('"conclusion" wasn\'t supplied.', docs);
  const output = asObject(body["output"]);
  if (output === undefined) return undefined;
  for (const name of ["title", "summary"])
    if (typeof output[name] !== "string") return invalid(`"${name}" wasn't supplied.`, docs);
  const { length } = `${output["summary"]}`;
  if (length > LONGEST_SUMMARY)
    return invalid(`Only ${LONGEST_SUMMARY} characters are allowed; ${length} were supplied.`, docs);
  return undefined;
}

function invalid(words: string, docs: string): WireResponse {
  return failure(422, `Invalid request.\n\n${words}`, docs);
}

/** Of each app's checks of one name the newest; they come newest first. */
function latest(checks: readonly Check[]): readonly Check[] {
  const seen = new Set<string>();
  return checks.filter(({ app, name }) => {
    const key = `${app.id} ${name}`;
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}
