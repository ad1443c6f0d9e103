import { details, fenced, plain, type Section } from "../../kit/markdown.ts";
import { describeDiagnostic } from "../../terraform/diagnostics/describe-diagnostic.ts";
import { listAdvice } from "../../terraform/diagnostics/faults.ts";
import type { FailedCheck } from "../../terraform/plan-facts.ts";
import type { Diagnostic } from "../../terraform/stream-event.ts";
import { clean, clip, count, span, words } from "./render-text.ts";

/** What follows from an error that is told already. */
const NOISE = /^(?:execution halted|operation canceled)$/;

/** Errors, each with what it means and what mends it. */
export function renderErrors(diagnostics: readonly Diagnostic[], detailCharacters: number): readonly Section[] {
  const errors = diagnostics.filter(({ severity, summary }) => severity === "error" && !NOISE.test(summary));
  if (errors.length === 0) return [];
  return [
    {
      text: `### ${errors.length === 1 ? "What went wrong" : `${errors.length} things went wrong`}\n`,
      rows: errors.map((error) => `${renderError(error, detailCharacters)}\n`),
      omitted: (missing) => `_Showing ${errors.length - missing} of ${errors.length}._`,
    },
  ];
}

function renderError(error: Diagnostic, detailCharacters: number): string {
  const said = describeDiagnostic({ ...error, address: undefined, range: undefined });
  const place = [
    ...(error.address === undefined ? [] : [span(error.address)]),
    ...(error.range === undefined ? [] : [span(`${error.range.file}:${error.range.line}`)]),
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
