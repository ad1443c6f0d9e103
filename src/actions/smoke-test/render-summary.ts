import { type Section, withinBudget } from "../../kit/markdown.ts";
import { hasFailed } from "../../smoke/totals.ts";
import { span, words } from "../render-text.ts";
import { listEvidenceSections, listSmokeSections, sayTotals } from "../smoke/render-smoke.ts";
import type { Story } from "./story.ts";

/** The step's page: what came of the checks, why some failed, where the time went, and what came after a rollback. */
export function renderSummary(story: Story, budgetBytes: number): string {
  const { result, back, notes } = story;
  const sections: readonly Section[] = [
    { text: renderHeadline(story) },
    ...(notes.length === 0 ? [] : [{ text: notes.map((note) => `- ${words(note)}`).join("\n") }]),
    ...listSmokeSections(result),
    ...listEvidenceSections(result),
  ];
  const again = back?.result;
  if (back === undefined || again === undefined) return withinBudget(sections, budgetBytes);
  const mark = hasFailed(again) ? "❌" : "✅";
  const text = `#### After going back to revision ${back.target}: ${mark} ${sayTotals(again)}`;
  const afterwards = [{ text }, ...listSmokeSections(again), ...listEvidenceSections(again)];
  return withinBudget([...sections, ...afterwards], budgetBytes);
}

function renderHeadline({ result, release, back, cancelled }: Story): string {
  const mark = cancelled ? "🚫 cancelled," : hasFailed(result) ? "❌" : "✅";
  const of = release === undefined ? "" : ` of ${span(release.name)} revision ${release.revision}`;
  const went = back === undefined ? "" : `; ↩️ rolled back to revision ${back.target}`;
  return `### Smoke test${of}: ${mark} ${sayTotals(result)}${went}`;
}
