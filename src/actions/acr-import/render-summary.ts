import { renderDuration } from "../../kit/duration.ts";
import {
  code,
  details,
  fenced,
  plain,
  type Section,
  SUMMARY_BUDGET_BYTES,
  table,
  withinBudget,
} from "../../kit/markdown.ts";
import { countCompanions } from "./bring-companions.ts";
import { countRecords } from "./counts.ts";
import { describeOutcome, type Outcome, shortDigest, TALLY, type Tally } from "./outcome.ts";
import { renderTarget } from "./parse-images.ts";
import type { Ending, ImageRecord } from "./record.ts";
import { renderTimeline } from "./render-timeline.ts";

/** A run as people read it on GitHub: what became of every image in every registry, and why. */
export function renderSummary(
  records: readonly ImageRecord[],
  ending: Ending,
  budgetBytes = SUMMARY_BUDGET_BYTES,
): string {
  const below = [renderAdvice(records), renderTimeline(records), renderDigests(records)];
  const sections: readonly Section[] = [
    { text: renderHeadline(records, ending) },
    ...renderRows(records),
    ...below.filter((text) => text !== "").map((text) => ({ text })),
  ];
  return withinBudget(sections, budgetBytes);
}

function renderHeadline(records: readonly ImageRecord[], { dryRun, failure }: Ending): string {
  const counts = countRecords(records);
  const registries = new Set(records.map(({ registry }) => registry)).size;
  const where = `${registries} ${registries === 1 ? "registry" : "registries"}`;
  const tally = `${counts.imported} imported, ${counts.skipped} skipped, ${counts.failed} failed, ${counts.unfinished} unfinished in ${where}.`;
  const title = renderTitle(counts, dryRun);
  if (dryRun) return `## ${title}\n\n> [!NOTE]\n> Nothing was copied.\n\n${tally}`;
  if (failure?.code === "cancelled")
    return `## ${title}\n\n> [!WARNING]\n> The job was cancelled: no new import was begun after that. Azure finishes what it accepted.\n\n${tally}`;
  return `## ${title}\n\n${tally}`;
}

function renderTitle(counts: Readonly<Record<Tally, number>>, dryRun: boolean): string {
  const images = (count: number): string => `${count} image${count === 1 ? "" : "s"}`;
  if (counts.failed > 0) return `❌ ${images(counts.failed)} could not be imported`;
  if (dryRun) return `🔎 Dry run: ${images(counts.planned)} would be imported`;
  if (counts.unfinished > 0) return `⏳ ${images(counts.unfinished)} not proven to be there`;
  return counts.imported === 0
    ? `✅ ${images(counts.skipped)} needed no import`
    : `✅ ${images(counts.imported)} imported`;
}

const VERDICTS: Readonly<Record<Outcome["kind"], string>> = {
  failed: "❌ failed",
  unfinished: "⏳ still copying",
  "not-started": "⏸️ not started",
  "would-import": "🔎 would import",
  imported: "✅ imported",
  left: "⏭️ skipped",
  there: "⏭️ skipped",
};

/** What went wrong first, then in the order of the list. */
const URGENCY = Object.keys(VERDICTS);

function renderRows(records: readonly ImageRecord[]): readonly Section[] {
  if (records.length === 0) return [];
  const sorted = records.toSorted((a, b) => URGENCY.indexOf(a.outcome.kind) - URGENCY.indexOf(b.outcome.kind));
  const rows = sorted.map((record) => {
    const { image, registry, outcome } = record;
    const cells = [code(shortDigest(renderTarget(image))), code(shortDigest(image.source)), code(registry)];
    return `| ${cells.join(" | ")} | ${VERDICTS[outcome.kind]} | ${plain(shortDigest(explain(record)))} |`;
  });
  const head = table(["Image", "From", "Registry", "Verdict", "Why"], []);
  return [{ text: head, rows, omitted: (count) => `… and ${count} more, in the JSON report.` }];
}

/** One line: what there is to say besides stands below the table. */
function explain(record: ImageRecord): string {
  const { outcome, companions } = record;
  const [first = ""] = ("because" in outcome ? outcome.because : describeOutcome(outcome)).split("\n");
  const took = TALLY[outcome.kind] === "imported" ? ` in ${renderDuration(lengthOf(record))}` : "";
  const brought = companions.copied === 0 ? "" : `, with ${countCompanions(companions.copied)}`;
  return `${first}${took}${brought}${companions.note === undefined ? "" : `; ${companions.note}`}`;
}

/** Failures that come with what to do, each text once however many images it is about. */
function renderAdvice(records: readonly ImageRecord[]): string {
  const told = new Map<string, string[]>();
  for (const { image, registry, outcome } of records) {
    if (outcome.kind !== "failed" || !outcome.because.includes("\n")) continue;
    told.set(outcome.because, [...(told.get(outcome.because) ?? []), `${registry}/${renderTarget(image)}`]);
  }
  if (told.size === 0) return "";
  const MOST = 20;
  const parts = [...told].slice(0, MOST).map(([because, images]) => {
    const more = images.length > 1 ? ` and ${images.length - 1} more` : "";
    return `**${code(shortDigest(images[0] ?? ""))}**${more}:\n\n${fenced(because)}`;
  });
  return `### What to do\n\n${parts.join("\n\n")}`;
}

function lengthOf({ startedAt, finishedAt }: ImageRecord): number {
  return finishedAt.getTime() - startedAt.getTime();
}

/** Whole digests, for whoever pins them: in the table they would leave no room for anything else. */
function renderDigests(records: readonly ImageRecord[]): string {
  const rows = new Map(
    records.flatMap(({ image, outcome }) =>
      "digest" in outcome && outcome.kind !== "left" ? [[image.source, outcome.digest] as const] : [],
    ),
  );
  if (rows.size === 0) return "";
  const cells = [...rows].map(([source, digest]) => [code(source), code(digest)]);
  return details("Digests", table(["Source", "Digest"], cells));
}
