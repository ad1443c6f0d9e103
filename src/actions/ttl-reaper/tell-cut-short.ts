import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Runner } from "../../kit/runner.ts";
import { countStory } from "./counts.ts";
import { foldJournal, parseJournal } from "./journal.ts";
import { JOURNAL_STATE, REPORTED_STATE } from "./journal-state.ts";
import { renderSummary } from "./render-summary.ts";
import { renderReport } from "./report.ts";

/** What post needs of the runner. */
export type PostWorld = Pick<Runner, "log" | "state" | "summarize">;

/**
 * Tells the truth about a main stage that was killed before it could: the summary and the report are made from its
 * journal. Does nothing where main has told everything, or never began.
 */
export async function tellCutShort(runner: PostWorld): Promise<void> {
  const journal = runner.state(JOURNAL_STATE);
  if (journal === "" || runner.state(REPORTED_STATE) === "true") return;
  const text = await readFile(journal, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const story = foldJournal(parseJournal(text));
  await writeFile(join(dirname(journal), "report.json"), renderReport(story));
  await runner.summarize(renderSummary(story));
  const { deleted, stillDeleting, accepted, skipped } = countStory(story);
  runner.log.warning(
    `The reaper was cut short. Until then: ${deleted} deleted, ${accepted + stillDeleting} being deleted by ARM, ${skipped} not begun.`,
    { title: "TTL reaper" },
  );
}
