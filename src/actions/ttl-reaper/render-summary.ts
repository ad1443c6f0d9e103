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
import type { Blocker } from "../../ttl/blockers.ts";
import { answererOf, isCluster, parseNamespaceId } from "../../ttl/namespace-group.ts";
import { countStory } from "./counts.ts";
import type { Story } from "./journal.ts";
import { nameKinds, namePlaces } from "./kinds.ts";
import { renderBlockerLine, renderTagLine } from "./mend-lines.ts";
import { describeOutcome, isFailure, type Outcome } from "./outcome.ts";
import type { Plan, PlanEntry, SubscriptionPlan } from "./plan.ts";
import { renderHeadline } from "./render-headline.ts";
import { renderTimeline } from "./render-timeline.ts";

/** A run as people read it on GitHub: what became of every marked group, why, and what mends what is wrong. */
export function renderSummary(story: Story, budgetBytes = SUMMARY_BUDGET_BYTES): string {
  const { plan } = story;
  if (plan === undefined)
    return "## TTL reaper\n\nThe run ended before it had looked at anything. Nothing was deleted.\n";
  const sections: (Section | undefined)[] = [
    { text: renderHeadline(plan, story, countStory(story)) },
    renderUnreadable(plan),
    renderBlockers(plan, story),
    renderGroups(plan, story),
    text(renderTimeline(story)),
    renderOdd(plan),
    { text: renderSubscriptions(plan) },
  ];
  return withinBudget(
    sections.filter((section) => section !== undefined),
    budgetBytes,
  );
}

function text(markdown: string): Section | undefined {
  return markdown === "" ? undefined : { text: markdown };
}

function renderGroups(plan: Plan, story: Story): Section | undefined {
  if (plan.entries.length === 0) return undefined;
  const rows = [...plan.entries].sort(byUrgency).map((entry) => {
    const record = story.records.get(entry.id.toLowerCase());
    const [verdict, reason] = describeEntry(entry, plan, record?.outcome);
    return `| ${renderName(entry)} | ${renderWhen(entry, plan)} | ${verdict} | ${reason} |`;
  });
  const uncounted = plan.unlisted.kept + plan.unlisted.odd;
  const note = uncounted === 0 ? "" : `${uncounted} more ${nameKinds(plan)} that stay are counted and not listed.\n\n`;
  const head = `### Marked ${nameKinds(plan)}\n\n${note}${table([nameColumn(plan), "Expires (UTC)", "Verdict", "Why"], [])}`;
  return { text: head, rows, omitted: (count) => `… and ${count} more, in the JSON report.` };
}

function nameColumn(plan: Plan): string {
  const kinds = nameKinds(plan);
  return kinds === "groups" ? "Group" : kinds === "namespaces" ? "Namespace" : "Group or namespace";
}

function renderName({ id, name }: PlanEntry): string {
  const namespace = parseNamespaceId(id);
  return namespace === undefined ? code(name) : `${code(name)} in ${code(namespace.cluster)}`;
}

const ORDER: Readonly<Record<PlanEntry["fate"]["kind"], number>> = { expired: 0, deleting: 1, keep: 2 };

function byUrgency(a: PlanEntry, b: PlanEntry): number {
  const time = (entry: PlanEntry): number => entry.fate.expiresAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return ORDER[a.fate.kind] - ORDER[b.fate.kind] || time(a) - time(b) || a.name.localeCompare(b.name);
}

/** Spaces that do not break, and no RFC 3339, whose hyphens do: a date torn apart is hard to read. */
function renderWhen(entry: PlanEntry, plan: Plan): string {
  const at = entry.fate.expiresAt;
  if (at === undefined) return "–";
  const [, day, month, year, clock = ""] = at.toUTCString().split(" ");
  const span = renderDuration(at.getTime() - plan.now.getTime());
  const date = `${day} ${month} ${year}, ${clock.slice(0, 5)}`;
  return `${date}<br>${at <= plan.now ? `${span} ago` : `in ${span}`}`.replaceAll(" ", "&nbsp;");
}

function describeEntry(entry: PlanEntry, plan: Plan, outcome: Outcome | undefined): readonly [string, string] {
  if (outcome?.kind === "changed") return [renderVerdict(outcome), plain(`changed since the plan: ${outcome.because}`)];
  if (outcome !== undefined) return [renderVerdict(outcome), plain(describeOutcome(outcome, answererOf(entry.id)))];
  const { fate } = entry;
  if (fate.kind === "expired") {
    if (plan.dryRun) return ["🔎 would be deleted", "its time has passed"];
    return plan.fuse.kind === "tripped"
      ? ["⛔ kept", "the fuse tripped"]
      : ["⏸️ not started", "the run ended before its turn"];
  }
  if (fate.kind === "deleting") return ["⏳ deleting", `${answererOf(entry.id)} was deleting it already`];
  const because = plain(shortenIds(fate.because, entry));
  if (fate.reason === "odd") return ["⚠️ odd tags, kept", because];
  return [fate.reason === "not-yet" ? "🟢 kept" : "🔒 kept", because];
}

function renderVerdict(outcome: Outcome): string {
  if (isFailure(outcome)) return "❌ not deleted";
  switch (outcome.kind) {
    case "gone":
    case "vanished":
      return "✅ deleted";
    case "changed":
    case "not-started":
      return "⏭️ left alone";
    default:
      return "⏳ deleting";
  }
}

function renderBlockers(plan: Plan, story: Story): Section | undefined {
  const parts = plan.entries.flatMap((entry) => {
    const outcome = story.records.get(entry.id.toLowerCase())?.outcome;
    if (outcome?.kind !== "blocked" && outcome?.kind !== "rolled-back") return [];
    const state = outcome.kind === "blocked" ? "nothing in it was deleted" : "part of what was in it may be gone";
    const lines = outcome.blockers.map((blocker) => renderBlocker(blocker, entry)).join("\n\n");
    return [`**${code(entry.name)}**: ${state}.\n\n${lines || "ARM gave no reason."}`];
  });
  return parts.length === 0 ? undefined : { text: `### What stands in the way\n\n${parts.join("\n\n")}` };
}

function renderBlocker(blocker: Blocker, entry: PlanEntry): string {
  const mend = renderBlockerLine(blocker);
  const what = blocker.resource === undefined ? "" : ` ${code(shortenIds(blocker.resource, entry))}`;
  const line = `- ${code(blocker.code)}${what}: ${plain(blocker.message.slice(0, 600))}`;
  // Indented, so that the command belongs to its blocker.
  return mend === undefined ? line : `${line}\n\n${fenced(mend, "sh").replace(/^/gm, "  ")}`;
}

const ID = /\/subscriptions\/([^/\s]+)\/resourceGroups\/([^/\s'",]+)(?:\/providers\/([^\s'",]+))?/gi;

/** A text with its ids as short as a reader of this group's row needs them: whole ones make the table too wide. */
function shortenIds(text: string, { subscriptionId, name }: PlanEntry): string {
  return text.replace(ID, (id, subscription: string, group: string, resource?: string) => {
    if (subscription.toLowerCase() !== subscriptionId.toLowerCase()) return id;
    if (group.toLowerCase() === name.toLowerCase()) return resource ?? "the group";
    return resource === undefined ? group : `${resource} in ${group}`;
  });
}

function renderOdd(plan: Plan): Section | undefined {
  const odd = plan.entries.filter((entry) => entry.fate.kind === "keep" && entry.fate.reason === "odd");
  if (odd.length === 0) return undefined;
  const lines = odd.slice(0, 200).map((entry) => renderTagLine(entry));
  return {
    text: details(
      `Commands that mend the tags of ${odd.length} odd ${nameKinds(plan)}`,
      fenced(lines.join("\n"), "sh"),
    ),
  };
}

function renderUnreadable(plan: Plan): Section | undefined {
  const unread = plan.subscriptions.flatMap(({ id, unreadable }) =>
    unreadable === undefined ? [] : [renderFault(id, unreadable.because)],
  );
  const asleep = plan.subscriptions.flatMap(({ id, asleep }) =>
    asleep === undefined ? [] : [renderFault(id, asleep)],
  );
  const section = (title: string, note: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`### ${title}\n\n${note}\n\n${lines.join("\n")}`];
  const parts = [
    ...section(`${capital(namePlaces(plan))} that could not be read`, "Nothing in them was deleted.", unread),
    ...section("Clusters that are stopped", "Their namespaces wait until they run again.", asleep),
  ];
  return parts.length === 0 ? undefined : { text: parts.join("\n\n") };
}

/** Of several lines one may be a command, which must stay as it can be pasted. */
function renderFault(id: string, because: string): string {
  if (!because.includes("\n")) return `- ${code(id)}: ${plain(because)}`;
  return `- ${code(id)}:\n\n${fenced(because, "text").replace(/^/gm, "  ")}`;
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function renderDenials({ id, denyAssignments, unreadable }: SubscriptionPlan): string {
  if (unreadable !== undefined || isCluster(id)) return "–";
  return denyAssignments === undefined ? "may not be read" : String(denyAssignments.length);
}

function renderSubscriptions(plan: Plan): string {
  const rows = plan.subscriptions.map((one) => [
    code(one.id),
    String(one.groups),
    String(one.outOfScope),
    renderDenials(one),
  ]);
  const places = capital(namePlaces(plan));
  const [place, things] = places === "Subscriptions" ? ["Subscription", "Groups"] : ["Where", capital(nameKinds(plan))];
  return details(places, table([place, things, "Outside `name-prefix`", "Deny assignments"], rows));
}
