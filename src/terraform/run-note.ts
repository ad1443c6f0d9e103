/** Who works with a state: kept in a blob beside it, since terraform's own note of a lock cannot say which run it was. */
export interface RunNote {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  /** 0 where no run of GitHub's works. */
  readonly runId: number;
  readonly attempt: number;
  /** The job's id in its workflow. */
  readonly job: string;
  /** `github-hosted` runners end with their job; terraform on a `self-hosted` one may outlive a run that GitHub gave up. */
  readonly runnerEnvironment: "github-hosted" | "self-hosted";
  /** The machine's name, which terraform writes into its locks behind the `@`. */
  readonly host: string;
  /** The runner's name: two runners may share a machine, and machines that are made of one image a name. */
  readonly runner: string;
  readonly startedAt: Date;
  /** `apply`, `destroy`, … */
  readonly command: string;
}

/** A note as it stands in the blob. */
export function renderRunNote(note: RunNote): string {
  return `${JSON.stringify({ version: 1, ...note, startedAt: note.startedAt.toISOString() }, null, 2)}\n`;
}

/** Reads a note strictly, since locks are released because of it: anything odd is a problem, in words. */
export function readRunNote(text: string): { readonly note: RunNote } | { readonly problem: string } {
  const fields = parse(text);
  if (fields === undefined) return { problem: "it is no JSON object" };
  if (fields["version"] !== 1) return { problem: `its version is ${JSON.stringify(fields["version"])}, not 1` };
  const { runId, attempt, runnerEnvironment, startedAt } = fields;
  const odd = [
    ...TEXTS.filter((name) => typeof fields[name] !== "string"),
    ...(runId === 0 || isCount(runId) ? [] : ["runId"]),
    ...(isCount(attempt) ? [] : ["attempt"]),
    ...(runnerEnvironment === "github-hosted" || runnerEnvironment === "self-hosted" ? [] : ["runnerEnvironment"]),
    ...(isInstant(startedAt) ? [] : ["startedAt"]),
  ];
  if (odd.length > 0) return { problem: `it does not say ${odd.join(", ")} as it should` };
  return { note: { ...pick(fields), startedAt: new Date(String(startedAt)) } };
}

const TEXTS = ["repository", "repositoryId", "job", "host", "runner", "command"] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Fields that were looked at already; any other is left behind. */
function pick(fields: Fields): Omit<RunNote, "startedAt"> {
  const { repository, repositoryId, runId, attempt, job, runnerEnvironment, host, runner, command } = fields as Fields &
    RunNote;
  return { repository, repositoryId, runId, attempt, job, runnerEnvironment, host, runner, command };
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

/** Only the form that we write: milliseconds, UTC, a day that is on the calendar. */
function isInstant(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value;
}
