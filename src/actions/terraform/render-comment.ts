import { renderDuration } from "../../kit/duration.ts";
import { fenced, type Section, withinBudget } from "../../kit/markdown.ts";
import type { ResourceChange } from "../../terraform/plan-facts.ts";
import type { Story } from "../../terraform/story.ts";
import { count, span } from "../render-text.ts";
import { renderChanges } from "./render-change.ts";
import { renderChecks, renderErrors } from "./render-diagnostics.ts";
import type { DiffLimits } from "./render-diff.ts";
import { renderHeadline } from "./render-headline.ts";
import {
  renderCallouts,
  renderFacts,
  renderLock,
  renderOutputs,
  renderReceipt,
  renderRunLink,
} from "./render-sections.ts";

const LIMITS: DiffLimits = { valueCharacters: 500, resourceCharacters: 6_000 };
const DETAIL_CHARACTERS = 1_500;
/** Resources that are named without unfolding anything. */
const MOST_NAMED = 20;

/**
 * What marks the one comment of an environment and directory. Whatever their names hold, it is one HTML comment, and two
 * different places never have the same.
 */
export function renderMarker({ environment, directory }: Pick<Story, "environment" | "directory">): string {
  return `<!-- mayfly:terraform:${encode(environment)}:${encode(directory)} -->`;
}

/** Two hyphens could end the comment. Slashes stay: a directory should be read as it is. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("%2F", "/").replaceAll("--", "-%2D");
}

/**
 * A run as its pull request tells it, marker first. It is edited as the run goes on: planned, under way, and what came
 * of it.
 *
 * @param budget characters of the whole; UTF-8 bytes are counted, which are never fewer
 */
export function renderComment(story: Story, budget: number): string {
  const marker = renderMarker(story);
  const sections: readonly Section[] = [
    { text: `### ${renderHeadline(story)}` },
    { text: [renderFacts(story).text, renderRunLink(story.runUrl)].filter((part) => part !== "").join(" · ") },
    ...renderCallouts(story),
    ...renderErrors(story, DETAIL_CHARACTERS),
    ...renderLock(story),
    ...renderReceipt(story),
    ...(story.status === "running" ? renderRunning(story) : []),
    ...(story.status === "done" && story.command !== "plan" ? renderOutputs(story) : []),
    ...renderPlan(story),
  ];
  const body = withinBudget(
    sections.filter(({ text }) => text !== ""),
    budget - marker.length - 1,
  );
  return `${marker}\n${body}`;
}

/** What is being worked on, longest first. */
function renderRunning({ work, phases }: Story): readonly Section[] {
  const latest = Math.max(0, ...phases.map(({ toMs }) => toMs), ...work.map(({ fromMs, toMs }) => toMs ?? fromMs));
  const running = work.filter(({ outcome }) => outcome === "running");
  const lines = running.slice(0, MOST_NAMED).map(({ address, action, fromMs }) => {
    const since = latest - fromMs;
    return `- ⏳ ${action} ${span(address)}${since < 1000 ? "" : ` for ${renderDuration(since)}`}`;
  });
  const left = running.length - lines.length;
  return lines.length === 0 ? [] : [{ text: [...lines, ...(left === 0 ? [] : [`- and ${left} more`])].join("\n") }];
}

/** The plan, as long as it is one. What became of it is told in other words, and in the summary. */
function renderPlan(story: Story): readonly Section[] {
  const { plan, command, status } = story;
  const matters = status === "planned" || status === "running" || command === "plan" || command === "drift";
  if (plan === undefined || !matters) return [];
  const hurts = plan.changes.filter(({ kind }) => kind === "delete" || kind === "replace");
  const drift =
    plan.drift.length === 0 ? [] : [{ text: `${count(plan.drift.length, "resource")} changed outside of terraform.` }];
  return [
    ...(hurts.length === 0 || command === "destroy" ? [] : [renderHurts(hurts)]),
    ...renderChecks(plan.failedChecks),
    ...drift,
    ...(plan.complete || !plan.applyable
      ? []
      : [{ text: "_This plan is limited to `targets`: an apply of it leaves the rest as it is._" }]),
    ...renderHowTo(story),
    ...renderChanges(plan.changes, LIMITS),
  ];
}

/** Destroyed and replaced resources by name: nobody should have to unfold anything to see them. */
function renderHurts(hurts: readonly ResourceChange[]): Section {
  const lines = hurts
    .toSorted((a, b) => Number(a.kind === "replace") - Number(b.kind === "replace"))
    .slice(0, MOST_NAMED)
    .map(({ kind, address }) => `> - ${span(address)}${kind === "delete" ? "" : ", and made again"}`);
  const left = hurts.length - lines.length;
  const more = left === 0 ? [] : [`> - and ${left} more`];
  return {
    text: ["> [!WARNING]", `> ${count(hurts.length, "resource")} destroyed by this plan:`, ">", ...lines, ...more].join(
      "\n",
    ),
  };
}

/** How exactly this plan is applied, and nothing else. */
function renderHowTo({ plan, planDigest, command, status }: Story): readonly Section[] {
  if (command !== "plan" || status === "failed" || planDigest === undefined || plan?.applyable !== true) return [];
  if (!/^[0-9a-f]+$/.test(planDigest)) return [];
  return [
    { text: `To apply this plan and no other:\n\n${fenced(`command: apply\nplan-digest: ${planDigest}`, "yaml")}` },
  ];
}
