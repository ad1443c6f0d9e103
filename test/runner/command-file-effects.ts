import { addPath } from "./command-processor.ts";
import { type CommandFileKind, type CommandFiles, parsePairs, readCommandFile } from "./file-commands.ts";
import type { Frame } from "./job-run.ts";
import { addIssue } from "./stage-record.ts";

/** Bytes of a step's summary that GitHub takes; more, and the whole summary of that step is lost. */
export const summaryLimitBytes = 1024 * 1024;

const effects: Readonly<Record<CommandFileKind, (frame: Frame, text: string) => void>> = {
  path: (frame, text) => {
    for (const line of text.split(/\r?\n/)) if (line !== "") addPath(frame, line);
  },
  env: (frame, text) => {
    for (const [name, value] of parsePairs(text)) {
      if (name.toUpperCase() === "NODE_OPTIONS") {
        addIssue(frame.record, "error", "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
      } else frame.run.env.set(name, value);
    }
  },
  step_summary: (frame, text) => {
    const bytes = Buffer.byteLength(text);
    if (bytes === 0) return;
    if (bytes > summaryLimitBytes) {
      const sizes = `supports content up to a size of ${summaryLimitBytes / 1024}k, got ${Math.floor(bytes / 1024)}k`;
      addIssue(
        frame.record,
        "error",
        `$GITHUB_STEP_SUMMARY upload aborted, ${sizes}. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`,
      );
      return;
    }
    const lines = text.split(/\r\n|\n|\r/);
    if (lines.at(-1) === "") lines.pop();
    frame.record.summary += lines.map((line) => `${frame.run.masker.mask(line)}\n`).join("");
  },
  state: (frame, text) => {
    for (const [name, value] of parsePairs(text)) frame.instance.state.set(name, value);
  },
  output: (frame, text) => {
    for (const [name, value] of parsePairs(text)) frame.outputs[name] = value;
  },
};

/** Lets the command files of a finished stage take effect, also after a failure; a malformed one fails the step. */
export async function applyCommandFiles(frame: Frame, files: CommandFiles): Promise<void> {
  for (const [kind, path] of Object.entries(files) as ReadonlyArray<[CommandFileKind, string]>) {
    try {
      const text = await readCommandFile(path);
      if (text !== undefined) effects[kind](frame, text);
    } catch (error) {
      addIssue(frame.record, "error", `Unable to process file command '${kind}' successfully.`);
      addIssue(frame.record, "error", error instanceof Error ? error.message : String(error));
      frame.commandFailed = true;
    }
  }
}
