import { renderDuration } from "../../kit/duration.ts";
import type { FailureReason } from "../../terraform/failure-reason.ts";
import type { PlanCounts } from "../../terraform/plan-facts.ts";
import { hasChanges } from "../../terraform/run-tags.ts";
import type { Story } from "../../terraform/story.ts";
import { count, span } from "../render-text.ts";

/**
 * A run in one line of Markdown: `✅ pr-12 apply: 3 added, 1 changed, 0 destroyed · 41s · expires 2026-11-21 17:00 UTC
 * (in 8h)`.
 */
export function renderHeadline(story: Story): string {
  const name = story.environment === "" ? "" : `${span(story.environment, 100)} `;
  return [`${ICONS[story.status](story)} ${name}${renderWords(story)}`, ...renderSpan(story), ...renderEnd(story)].join(
    " · ",
  );
}

const ICONS: Readonly<Record<Story["status"], (story: Story) => string>> = {
  planned: () => "📋",
  running: () => "⏳",
  done: ({ command }) => ({ plan: "📋", destroy: "🧹", drift: "🔎", unlock: "🔓" })[command as string] ?? "✅",
  failed: () => "❌",
  cancelled: () => "🛑",
};

function renderWords(story: Story): string {
  switch (story.status) {
    case "failed":
      return renderFailed(story);
    case "cancelled":
      return `${story.command} cancelled${renderProgress(story)}`;
    case "running":
      return `${story.command} under way${renderProgress(story)}`;
    case "planned":
      return `${story.command === "destroy" ? "destroy" : "plan"}: ${renderPlan(story)}`;
    case "done":
      return DONE[story.command](story);
  }
}

const DONE: Readonly<Record<Story["command"], (story: Story) => string>> = {
  plan: (story) => `plan: ${renderPlan(story)}`,
  apply: (story) => `apply: ${renderApplied(story)}`,
  destroy: (story) => `destroyed: ${renderDestroyed(story)}`,
  output: ({ outputs }) => `has ${count(Object.keys(outputs).length, "output")}`,
  unlock: () => "unlock: done",
  drift: renderDrift,
};

/** What changed outside, and what an apply would do: the configuration may be ahead of what there is, too. */
function renderDrift(story: Story): string {
  const drifted = story.plan?.drift.length ?? 0;
  const outside = drifted === 0 ? "none" : `${count(drifted, "resource")} changed outside of terraform`;
  return `drift: ${outside}, ${renderPlan(story)}`;
}

function renderPlan({ plan }: Story): string {
  if (plan === undefined) return "made";
  const { counts, outputs } = plan;
  const parts = listCounts(counts);
  if (parts.length > 0 && !hasChanges(plan)) return "no changes but to tags that each run writes";
  if (parts.length > 0) return parts.join(", ");
  const changed = outputs.filter(({ kind }) => kind !== "no-op").length;
  if (changed > 0) return `no resource changes, ${count(changed, "output")} ${changed === 1 ? "does" : "do"}`;
  return "no changes";
}

/** The three that everybody looks for together, and the others where there are any. */
function listCounts({ add, change, destroy, replace, import: imported, move, forget }: PlanCounts): readonly string[] {
  const main = add + change + destroy === 0 ? [] : [`${add} to add`, `${change} to change`, `${destroy} to destroy`];
  const others = (
    [
      [replace, "to replace among them"],
      [imported, "to import"],
      [move, "to move"],
      [forget, "to forget"],
    ] as const
  ).flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  return [...main, ...others];
}

function renderApplied({ summary, plan }: Story): string {
  const idle = plan?.applyable === false;
  if (summary === undefined) return idle ? "nothing to change" : "done";
  const { add, change, remove, import: imported } = summary;
  if (idle && add + change + remove + imported === 0) return "nothing to change";
  const brought = imported === 0 ? "" : `, ${imported} imported`;
  return `${add} added, ${change} changed, ${remove} destroyed${brought}`;
}

function renderDestroyed({ receipt, summary }: Story): string {
  const resources = count(receipt?.destroyed ?? summary?.remove ?? 0, "resource");
  const gone = receipt?.groups.filter((group) => group.gone).length ?? 0;
  return gone === 0 ? resources : `${resources}, ${count(gone, "resource group")} proven gone`;
}

function renderFailed(story: Story): string {
  const reason = story.failure === undefined ? "" : `: ${REASONS[story.failure.reason]}`;
  return `${story.command} failed${reason}${renderProgress(story)}`;
}

function renderProgress({ work, plan, command }: Story): string {
  const changes = work.filter(({ action }) => action !== "read");
  if (changes.length === 0 || (command !== "apply" && command !== "destroy")) return "";
  const done = changes.filter(({ outcome }) => outcome === "done").length;
  const planned = plan === undefined ? 0 : plan.counts.add + plan.counts.change + plan.counts.destroy;
  return `, ${done} of ${Math.max(planned, changes.length)} changes done`;
}

const REASONS: Readonly<Record<FailureReason, string>> = {
  "tool-missing": "terraform is not there",
  "init-failed": "the folder could not be initialised",
  "backend-changed": "the folder belongs to another state",
  auth: "not logged in, or not allowed to",
  "state-locked": "the state is locked",
  "plan-failed": "the plan could not be made",
  "plan-stale": "the plan is stale",
  "plan-mismatch": "the plan is not the one that was approved",
  "policy-denied": "it is not allowed",
  "apply-failed": "not everything could be done",
  "state-not-persisted": "the state could not be stored",
  "cancelled-clean": "cancelled",
  "cancelled-dirty": "ended by force",
  "destroy-incomplete": "not everything is gone",
  "destroy-nothing": "there was nothing to destroy",
  refused: "it was refused",
};

function renderSpan({ phases, status }: Story): readonly string[] {
  const end = Math.max(0, ...phases.map(({ toMs }) => toMs));
  return end === 0 || status === "running" ? [] : [renderDuration(end)];
}

/** What was destroyed has no end any more. */
function renderEnd({ expiresAt, now, command, status }: Story): readonly string[] {
  if (expiresAt === undefined || (command === "destroy" && status === "done")) return [];
  const left = renderDuration(expiresAt.getTime() - now.getTime());
  return [
    expiresAt > now
      ? `expires ${renderMinute(expiresAt)} (in ${left})`
      : `expired ${renderMinute(expiresAt)} (${left} ago)`,
  ];
}

/** `2026-11-21 17:00 UTC`. */
export function renderMinute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
