import { type Section, withinBudget } from "../../kit/markdown.ts";
import type { Story } from "../../terraform/story.ts";
import { count } from "../render-text.ts";
import { renderChanges } from "./render-change.ts";
import { renderChecks, renderErrors, renderWarnings } from "./render-diagnostics.ts";
import type { DiffLimits } from "./render-diff.ts";
import { renderHeadline } from "./render-headline.ts";
import {
  renderCallouts,
  renderFacts,
  renderLock,
  renderOutputChanges,
  renderOutputs,
  renderReceipt,
} from "./render-sections.ts";
import { renderTimeline } from "./render-timeline.ts";

const LIMITS: DiffLimits = { valueCharacters: 4_000, resourceCharacters: 30_000 };
const DETAIL_CHARACTERS = 8_000;

/** A run as people read it on its page: what failed and what mends it, what changes, what is there now, where the time went. */
export function renderSummary(story: Story, budgetBytes: number): string {
  const { plan } = story;
  const timeline = renderTimeline(story);
  const drift = plan === undefined ? [] : renderChanges(plan.drift, LIMITS);
  const changes = plan === undefined ? [] : renderChanges(plan.changes, LIMITS);
  const sections: readonly Section[] = [
    { text: `## ${renderHeadline(story)}` },
    ...renderCallouts(story),
    ...renderErrors(story, DETAIL_CHARACTERS),
    ...renderLock(story),
    ...renderReceipt(story),
    ...renderChecks(plan?.failedChecks ?? []),
    ...renderOutputs(story),
    ...(changes.length === 0 ? [] : [{ text: `### ${renderTense(story)}` }, ...changes]),
    ...renderOutputChanges(story),
    ...(drift.length === 0
      ? []
      : [{ text: `### ${count(plan?.drift.length ?? 0, "resource")} changed outside of terraform` }, ...drift]),
    ...renderWarnings(story.diagnostics),
    { text: timeline === "" ? "" : `### Where the time went\n\n${timeline}` },
    renderFacts(story),
  ];
  return withinBudget(
    sections.filter(({ text }) => text !== ""),
    budgetBytes,
  );
}

/** A plan that was carried out is told by what was planned: terraform does not tell values while it works. */
function renderTense({ command, status }: Story): string {
  if (command === "plan" || command === "drift" || status === "planned") return "What an apply would do";
  return "What was planned";
}
