import { cutLine, cutText } from "./cut-text.ts";
import type { Identity } from "./identity.ts";
import { isUnsure } from "./make-once.ts";
import type { CheckRun, CheckRuns, NewCheckRun } from "./preview-api.ts";
import { explainRefusal, GitHubRefusal, strangeAnswer } from "./refusal.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

/** After so many tries the check stays as it is. */
const TRIES = 3;
/** "Only 65535 characters are allowed". */
const LONGEST_SUMMARY = 65_535;
const CUT = "\n\n…";
const LONGEST_TITLE = 255;

/** Check runs of the app whose token this is. */
export function connectCheckRuns(session: Session, identity: Identity): CheckRuns {
  const find = async (repository: string, headSha: string, name: string): Promise<Shown | undefined> => {
    const { paginate, rest } = await session.octokit();
    const options = { ...splitRepository(repository), ref: headSha, check_name: name, per_page: 100 };
    const named: readonly Shown[] = await paginate(rest.checks.listForRef, options);
    if (named.length === 0) return undefined;
    if (named.some(({ head_sha }) => typeof head_sha !== "string")) throw strangeAnswer();
    const { login } = await identity.viewer();
    const slug = login.replace(/\[bot\]$/, "");
    // A person who is called as an app is cannot make check runs.
    return named.filter(({ app }) => app?.slug === slug).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
  };
  return {
    find: async (repository, headSha, name) => {
      const clause = `Cannot look for the check "${name}" on ${headSha} of ${repository}`;
      try {
        const found = await find(repository, headSha, name);
        return found && readCheckRun(found);
      } catch (error) {
        if (isUnknownCommit(error)) return undefined;
        throw explainRefusal({ clause, permission: "checks: write" }, error);
      }
    },
    write: async (repository, check) => {
      const clause = `Cannot write the check "${check.name}" on ${check.headSha} of ${repository}`;
      const body = { ...splitRepository(repository), name: check.name, ...renderCheck(check) };
      /** One of ours by name that is not ours to change: a job is called like the check. */
      let fixed: number | bigint | undefined;
      try {
        const { rest } = await session.octokit();
        for (let count = 1; ; count += 1) {
          const found = await find(repository, check.headSha, check.name);
          try {
            const { data } =
              found === undefined || found.id === fixed
                ? await rest.checks.create({ ...body, head_sha: check.headSha })
                : await rest.checks.update({ ...body, check_run_id: Number(found.id) });
            return data.html_url ?? data.url;
          } catch (error) {
            if (count === TRIES) throw error;
            if (isFixed(error)) fixed = found?.id;
            // It may stand there all the same: the next look tells.
            else if (isUnsure(error)) await session.sleep(count * 1_000);
            else throw error;
          }
        }
      } catch (error) {
        throw explainRefusal({ clause, permission: "checks: write" }, error);
      }
    },
  };
}

interface Shown {
  readonly id: number | bigint;
  readonly name: string;
  readonly head_sha: string;
  readonly conclusion: string | null;
  readonly external_id: string | null;
  readonly started_at: string | null;
  readonly output: { readonly title: string | null };
  readonly app: { readonly slug?: string } | null;
}

function readCheckRun(shown: Shown): CheckRun {
  const startedAt = new Date(shown.started_at ?? "");
  return {
    id: Number(shown.id),
    name: shown.name,
    headSha: shown.head_sha,
    conclusion: shown.conclusion ?? undefined,
    title: shown.output.title ?? "",
    externalId: shown.external_id ?? "",
    startedAt: Number.isNaN(startedAt.getTime()) ? undefined : startedAt,
  };
}

function renderCheck({ conclusion, title, summary, externalId = "", detailsUrl }: NewCheckRun) {
  return {
    status: "completed",
    conclusion,
    // Always there: what an update leaves out stays.
    external_id: externalId,
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    output: { title: cutLine(title, LONGEST_TITLE), summary: cutText(summary, LONGEST_SUMMARY, CUT) },
  } as const;
}

/** "can only be modified by the GitHub App that created it"; "can only be updated internally by GitHub Actions". */
function isFixed(error: unknown): boolean {
  return error instanceof GitHubRefusal && /can only be (?:modified|updated)/i.test(error.answer.words);
}

function isUnknownCommit(error: unknown): boolean {
  return error instanceof GitHubRefusal && /no commit found/i.test(error.answer.words);
}
