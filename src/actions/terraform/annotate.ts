import type { Log } from "../../kit/runner.ts";
import { listAnnotations } from "../../terraform/annotations.ts";
import type { Diagnostic } from "../../terraform/stream-event.ts";

/**
 * Shows terraform's errors and warnings beside the lines that they are about.
 *
 * @param diagnostics redacted
 * @param directory the root module's, relative to the job's workspace
 */
export function annotate(
  diagnostics: readonly Diagnostic[],
  directory: string,
  log: Pick<Log, "error" | "warning">,
): void {
  for (const { level, message, title, file, line } of listAnnotations(diagnostics, directory)) {
    log[level](message, { title, file, line });
  }
}
