import { explainRefusal } from "./refusal.ts";
import type { Octokit, Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

/** A job of a workflow run, as its check run tells it. */
export interface RunJob {
  /** As GitHub shows it: `preview / Images / Build api`. */
  readonly name: string;
  /** `success`, `failure`, `cancelled`, `skipped`, …; undefined while it goes on. */
  readonly conclusion: string | undefined;
  readonly startedAt: Date | undefined;
  /** Undefined while it goes on. */
  readonly endedAt: Date | undefined;
  /** What its steps said when they failed, of a job that did; GitHub has hidden the job's secrets in it. */
  readonly faults: readonly string[];
}

export interface RunJobs {
  /**
   * The jobs of a run, in the order in which they began. `checks: write` is enough, where the Actions API wants a
   * permission of its own.
   *
   * @param sha the commit that the run's checks are on: of a pull request's event its head
   * @throws UserError
   */
  list(repository: string, sha: string, runId: number): Promise<readonly RunJob[]>;
}

/** Jobs whose annotations are read; the first that failed explains the others. */
const MOST_EXPLAINED = 3;
/** Says nothing that the job's end does not say. */
const HOLLOW = /^Process completed with exit code \d+\.?$|^The operation was canceled\.?$/;

/** https://docs.github.com/en/rest/checks/runs#list-check-run-annotations */
export function connectRunJobs({ octokit }: Session): RunJobs {
  return {
    list: async (repository, sha, runId) => {
      try {
        const { paginate, rest } = await octokit();
        const place = splitRepository(repository);
        const options = { ...place, ref: sha, filter: "all", per_page: 100 } as const;
        const all = (await paginate(rest.checks.listForRef, options)) as readonly Shown[];
        const own = all.filter((check) => isOf(check, runId)).toSorted((a, b) => startOf(a) - startOf(b));
        const failed = own.filter(({ conclusion, output }) => conclusion === "failure" && output.annotations_count > 0);
        const faults = new Map<Shown, readonly string[]>();
        for (const check of failed.slice(0, MOST_EXPLAINED)) faults.set(check, await readFaults(rest, place, check));
        return own.map((check) => readJob(check, faults.get(check) ?? []));
      } catch (error) {
        const clause = `Cannot list the jobs of run ${runId} of ${repository}`;
        throw explainRefusal({ clause, permission: "checks: write" }, error);
      }
    },
  };
}

interface Shown {
  readonly id: number | bigint;
  readonly name: string;
  readonly conclusion: string | null;
  readonly details_url: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly output: { readonly annotations_count: number };
  readonly app: { readonly slug?: string } | null;
}

/** A job's check leads to its page: `…/actions/runs/<run>/job/<job>`. Others may lead anywhere. */
function isOf({ app, details_url }: Shown, runId: number): boolean {
  return app?.slug === "github-actions" && (details_url ?? "").includes(`/actions/runs/${runId}/job/`);
}

async function readFaults(
  rest: Octokit["rest"],
  place: ReturnType<typeof splitRepository>,
  { id }: Shown,
): Promise<readonly string[]> {
  // The first hundred: a step has ten at most.
  const { data } = await rest.checks.listAnnotations({ ...place, check_run_id: Number(id), per_page: 100 });
  return data
    .filter(({ annotation_level, message }) => annotation_level === "failure" && !HOLLOW.test(message ?? ""))
    .map(({ message }) => message ?? "");
}

function readJob(shown: Shown, faults: readonly string[]): RunJob {
  const { name, conclusion, started_at, completed_at } = shown;
  return {
    name,
    conclusion: conclusion ?? undefined,
    startedAt: readDate(started_at),
    endedAt: readDate(completed_at),
    faults,
  };
}

function startOf({ started_at }: Shown): number {
  return readDate(started_at)?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function readDate(text: string | null): Date | undefined {
  const at = new Date(text ?? "");
  return Number.isNaN(at.getTime()) ? undefined : at;
}
