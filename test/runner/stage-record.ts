import type { Annotation, JobLog, LineKind, LogLine, Stage } from "./job.ts";
import type { SecretMasker } from "./secret-masker.ts";

/** Where a job's log goes: masked, kept, shown to the caller, and looked at by `cancel.when`. */
export interface JobLogWriter {
  readonly lines: LogLine[];
  readonly masker: SecretMasker;
  readonly onLine: (line: LogLine, log: JobLog) => void;
}

/** What one row of the job's page gathers while it runs; steps inside a composite write to their row. */
export interface StageRecord {
  readonly id: string;
  readonly stage: Stage | "job";
  readonly writer: JobLogWriter;
  readonly log: LogLine[];
  readonly annotations: Annotation[];
  readonly issues: Record<Annotation["level"], number>;
  summary: string;
  exitCode: number | undefined;
  signal: NodeJS.Signals | undefined;
  signalsSent: readonly NodeJS.Signals[];
}

/** Annotations of each level that a row can have; further ones are only in its log (ExecutionContext.cs). */
export const annotationsPerLevel = 10;
/** Characters of an issue's message; the rest is cut off. */
export const messageLimit = 4096;

/** An empty row. */
export function createStageRecord(writer: JobLogWriter, id: string, stage: Stage | "job"): StageRecord {
  return {
    id,
    stage,
    writer,
    log: [],
    annotations: [],
    issues: { error: 0, warning: 0, notice: 0 },
    summary: "",
    exitCode: undefined,
    signal: undefined,
    signalsSent: [],
  };
}

/** Writes one line to the row's log and the job's. */
export function write(record: StageRecord, kind: LineKind, text: string): void {
  const { writer } = record;
  const masked = writer.masker.mask(text);
  const line: LogLine = { kind, text: masked, step: record.id, stage: record.stage, masked: masked !== text };
  record.log.push(line);
  writer.lines.push(line);
  const { lines } = writer;
  writer.onLine(line, {
    lines,
    last: line,
    includes: (needle) => lines.some((earlier) => earlier.text.includes(needle)),
  });
}

/** Reports an error, warning or notice: in the log, and as an annotation while the row may have more of them. */
export function addIssue(
  record: StageRecord,
  level: Annotation["level"],
  message: string,
  place: Readonly<Record<string, string>> = {},
): void {
  const { mask } = record.writer.masker;
  const text = mask(message).slice(0, messageLimit);
  record.issues[level] += 1;
  if (record.issues[level] <= annotationsPerLevel) {
    record.annotations.push({
      level,
      message: text,
      step: record.id,
      stage: record.stage,
      ...(place["title"] === undefined ? {} : { title: mask(place["title"]) }),
      ...(place["file"] === undefined ? {} : { file: mask(place["file"]) }),
      ...(place["line"] === undefined ? {} : { line: place["line"] }),
      ...(place["endline"] === undefined ? {} : { endLine: place["endline"] }),
      ...(place["col"] === undefined ? {} : { col: place["col"] }),
      ...(place["endcolumn"] === undefined ? {} : { endColumn: place["endcolumn"] }),
    });
  }
  write(record, level, message.length > messageLimit ? text : message);
}
