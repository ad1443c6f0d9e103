import type { ActAnnotation, ActJob, ActLog, ActResult, ActStep } from "./act-log.ts";
import { LAST_JOB } from "./prepare-file.ts";

/** A line of `act --json`, as far as it is read. */
interface Row {
  readonly job?: string;
  readonly jobID?: string;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly stage?: string;
  /** The name of the job's own step, within composites too. */
  readonly step?: string;
  readonly stepID?: readonly string[];
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly stepResult?: ActResult;
  readonly jobResult?: ActResult;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
}

type Open<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenStep = Open<ActStep> & {
  readonly outputs: Record<string, string>;
  readonly lines: string[];
  readonly annotations: ActAnnotation[];
};
type OpenJob = Open<ActJob> & { readonly steps: OpenStep[]; readonly running: Map<string, OpenStep> };

/**
 * Reads what `act --json` printed.
 *
 * @throws Error when two jobs of one name ran, whose lines nobody can tell apart
 */
export function readLog(stdout: string): ActLog {
  const jobs = new Map<string, OpenJob>();
  const complaints: string[] = [];
  const text: string[] = [];
  for (const row of parseRows(stdout)) {
    const name = (row.job ?? "").replace(/\s+/g, " ").trim();
    const line = (row.msg ?? "").trimEnd();
    if (row.jobID === undefined || row.jobID === LAST_JOB) continue;
    text.push(`${name} | ${line}`);
    // Without a stage it is only a step's title, tried before its time.
    if (row.stage !== undefined && /Unable to interpolate/i.test(line))
      complaints.push(`${name}: ${row.step}: ${line}`);
    if (/Run Set up job$/.test(line)) {
      if (jobs.has(name)) throw new Error(`Two jobs are called ${name}: give the calling jobs other names`);
      jobs.set(name, {
        name,
        id: row.jobID,
        matrix: row.matrix ?? {},
        result: undefined,
        steps: [],
        running: new Map(),
      });
    }
    const job = jobs.get(name);
    if (job === undefined) continue;
    if (row.jobResult !== undefined) job.result = row.jobResult;
    if (row.stage !== undefined && row.stepID !== undefined) readStepRow(job, row, row.stepID);
  }
  const done = [...jobs.values()].map(({ running: _, ...job }) => job);
  return { jobs: done, complaints, text: text.join("\n") };
}

function parseRows(stdout: string): readonly Row[] {
  return stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Row] : []));
}

function readStepRow(job: OpenJob, row: Row, ids: readonly string[]): void {
  const msg = row.msg ?? "";
  const key = `${row.stage} ${ids.join("/")}`;
  const [, title] = /^⭐ Run (?:Pre|Main|Post) ([^\n]*)/u.exec(msg) ?? [];
  // What a step prints may look like anything.
  if (title !== undefined && row.raw_output !== true) {
    const above = findAbove(job, row, ids);
    if (above !== undefined) above.composite = true;
    const name = above === undefined ? title : `${above.name} › ${title}`;
    const stage = (row.stage ?? "").toLowerCase() as ActStep["stage"];
    const step = {
      name,
      ids,
      stage,
      result: undefined,
      outputs: {},
      lines: [],
      annotations: [],
      summary: "",
      composite: false,
    };
    job.running.set(key, step);
    job.steps.push(step);
    return;
  }
  const step = job.running.get(key);
  if (step === undefined) return;
  // After a composite's end act says once more what its last step said.
  const echo = step.composite && step.result !== undefined;
  if (row.stepResult !== undefined) step.result = row.stepResult;
  else if (row.raw_output === true) step.lines.push(msg.replace(/\r?\n$/, ""));
  else if (row.command === "set-output" && !echo) step.outputs[row.name ?? ""] = row.arg ?? "";
  else if (row.command === "summary" && !echo) step.summary += row.content ?? "";
  else if (isLevel(row.command))
    step.annotations.push({ level: row.command, message: row.arg ?? "", title: row.kvPairs?.["title"] });
}

/** The composite that a step belongs to: its chain is one shorter, or in posts any beginning of it. */
function findAbove(job: OpenJob, row: Row, ids: readonly string[]): OpenStep | undefined {
  for (let length = ids.length - 1; length > 0; length -= 1) {
    const step = job.running.get(`${row.stage} ${ids.slice(0, length).join("/")}`);
    if (step !== undefined && step.result === undefined) return step;
  }
  return undefined;
}

const isLevel = (command: string | undefined): command is ActAnnotation["level"] =>
  command === "error" || command === "warning" || command === "notice";
