import { posix } from "node:path";
import { details, fenced, plain, type Section } from "../../kit/markdown.ts";
import { describeDiagnostic } from "../../terraform/diagnostics/describe-diagnostic.ts";
import { listAdvice } from "../../terraform/diagnostics/faults.ts";
import type { FailedCheck } from "../../terraform/plan-facts.ts";
import type { Story } from "../../terraform/story.ts";
import type { Diagnostic } from "../../terraform/stream-event.ts";
import { clean, clip, count, span, words } from "../render-text.ts";
import { isInput } from "./name-inputs.ts";

/** What follows from an error that is told already. */
const NOISE = /^(?:execution halted|operation canceled)$/;

/** Errors, each with what it means and what mends it. Files are told from the repository's root. */
export function renderErrors(
  { diagnostics, directory, status }: Pick<Story, "diagnostics" | "directory" | "status">,
  detailCharacters: number,
): readonly Section[] {
  const errors = diagnostics.filter(({ severity, summary }) => severity === "error" && !NOISE.test(summary));
  if (errors.length === 0) return [];
  return [
    {
      text: `### ${renderTitle(errors.length, status)}\n`,
      rows: errors.map((error) => `${renderError(error, directory, detailCharacters)}\n`),
      omitted: (missing) => `_Showing ${errors.length - missing} of ${errors.length}._`,
    },
  ];
}

/** What a cancel has broken off is no fault of anybody's. */
function renderTitle(number: number, status: Story["status"]): string {
  if (status === "cancelled") return "What terraform said when it stopped";
  return number === 1 ? "What went wrong" : `${number} things went wrong`;
}

function renderError(error: Diagnostic, directory: string, detailCharacters: number): string {
  const said = describeDiagnostic({ ...error, address: undefined, range: undefined });
  const place = [
    ...(error.address === undefined ? [] : [span(error.address)]),
    ...(error.range === undefined ? [] : [span(`${renderPath(directory, error.range.file)}:${error.range.line}`)]),
  ];
  const head = `- ${place.length === 0 ? "" : `${place.join(" at ")}: `}${words(said, 700)}`;
  // The words of faults are our own, and Markdown.
  const [because, mend] = listAdvice(error);
  const advice = because === undefined || mend === undefined ? "" : `**${because}** ${mend}`;
  const parts = [error.summary, error.detail].filter((part) => part !== "");
  // What stands in the line above as a whole needs no second telling, unless its lines say more than its words.
  const told = parts.join(": ").replace(/\s+/g, " ").trim() === said && parts.join("\n").split("\n").length < 4;
  const whole = fenced(clean(clip(parts.join("\n\n"), detailCharacters)));
  const quote = told ? [] : [details("What was said", whole)];
  return [head, ...[advice, ...quote].filter((part) => part !== "").map(indent)].join("\n\n");
}

function renderPath(directory: string, file: string): string {
  return posix.isAbsolute(file) || isInput(file) ? file : posix.join(directory, file);
}

/** A part of the bullet before it. */
function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

/** Checks of the configuration that do not hold. */
export function renderChecks(checks: readonly FailedCheck[]): readonly Section[] {
  if (checks.length === 0) return [];
  return [
    {
      text: `### ⚠️ ${count(checks.length, "failed check")}\n`,
      rows: checks.map(({ address, messages }) => `- ${span(address)}: ${words(messages.join(" "), 1000)}`),
      omitted: (missing) => `\n_Showing ${checks.length - missing} of ${checks.length}._`,
    },
  ];
}

/** Warnings, folded: nobody has to act on them at once. */
export function renderWarnings(diagnostics: readonly Diagnostic[]): readonly Section[] {
  const warnings = diagnostics.filter(({ severity }) => severity === "warning");
  if (warnings.length === 0) return [];
  const shown = warnings.slice(0, 50).map((one) => `- ${words(describeDiagnostic(one), 700)}`);
  const left = warnings.length - shown.length;
  const lines = left === 0 ? shown : [...shown, `- ${plain(`… and ${left} more`)}`];
  return [{ text: details(count(warnings.length, "warning"), lines.join("\n")) }];
}
