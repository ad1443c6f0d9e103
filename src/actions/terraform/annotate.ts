import { posix } from "node:path";
import { readAzureError } from "../../terraform/diagnostics/azure-error.ts";
import { describeDiagnostic } from "../../terraform/diagnostics/describe-diagnostic.ts";
import { listAdvice } from "../../terraform/diagnostics/faults.ts";
import type { Diagnostic } from "../../terraform/stream-event.ts";
import { isInput } from "./name-inputs.ts";

/** A remark at a line of the configuration, as GitHub shows it beside the code. */
export interface SourceAnnotation {
  readonly level: "error" | "warning";
  readonly title: string;
  readonly message: string;
  /** Relative to the job's workspace; undefined where the file is none of the repository's. */
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** What GitHub takes of each level in one step. */
const PER_LEVEL = 10;
/** Characters of one message; the rest is cut by the platform. */
const LONGEST_MESSAGE = 4096;
const LONGEST_TITLE = 200;

/**
 * The diagnostics as annotations, the most telling first: those that stand at a line of the configuration. One error is
 * left free for the step's own last word.
 *
 * @param directory the root module's, relative to the job's workspace
 */
export function listAnnotations(diagnostics: readonly Diagnostic[], directory: string): readonly SourceAnnotation[] {
  const all = diagnostics.filter(({ summary }) => !/^(?:execution halted|operation canceled)$/.test(summary));
  const level = (severity: Diagnostic["severity"], most: number): readonly SourceAnnotation[] =>
    limit(
      all.filter((one) => one.severity === severity).toSorted((a, b) => Number(!a.range) - Number(!b.range)),
      severity,
      most,
      directory,
    );
  return [...level("error", PER_LEVEL - 1), ...level("warning", PER_LEVEL)];
}

function limit(
  found: readonly Diagnostic[],
  level: SourceAnnotation["level"],
  most: number,
  directory: string,
): readonly SourceAnnotation[] {
  if (found.length <= most) return found.map((one) => annotate(one, directory));
  const shown = found.slice(0, most - 1).map((one) => annotate(one, directory));
  const left = found.length - shown.length;
  const message = `${left} more ${level}s of terraform: all of them are in the summary.`;
  return [...shown, { level, title: `${found.length} ${level}s`, message, file: undefined, line: undefined }];
}

function annotate(diagnostic: Diagnostic, directory: string): SourceAnnotation {
  const place = locate(diagnostic, directory);
  const said = describeDiagnostic({ ...diagnostic, range: place.file === undefined ? diagnostic.range : undefined });
  const advice = diagnostic.severity === "error" ? listAdvice(diagnostic) : [];
  const mend = advice.map((sentence) => `\n${sentence}`).join("");
  const title =
    readAzureError(`${diagnostic.summary}\n${diagnostic.detail}`)?.code || diagnostic.summary.split("\n")[0];
  return {
    level: diagnostic.severity,
    title: cut(title ?? "", LONGEST_TITLE),
    message: `${cut(said, LONGEST_MESSAGE - mend.length)}${mend}`,
    ...place,
  };
}

/** A module that was downloaded is no file of the repository, nor is what lies outside of the workspace. */
function locate({ range }: Diagnostic, directory: string): Pick<SourceAnnotation, "file" | "line"> {
  if (range === undefined || isInput(range.file)) return { file: undefined, line: undefined };
  const file = posix.normalize(posix.join(directory, range.file));
  const foreign = file.startsWith("../") || posix.isAbsolute(range.file) || file.includes(".terraform/");
  return foreign ? { file: undefined, line: undefined } : { file, line: range.line };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
