import { renderDuration } from "../../kit/duration.ts";
import { code, plain } from "../../kit/markdown.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import type { Counts } from "./counts.ts";
import type { Story } from "./journal.ts";
import { countKinds, namePlaces } from "./kinds.ts";
import type { Plan } from "./plan.ts";

/** The title and the callout of a summary: what a person who reads nothing else should know. */
export function renderHeadline(plan: Plan, story: Story, counts: Counts): string {
  const callout = renderCallout(plan, story, counts);
  const next =
    counts.nextExpiry === undefined
      ? ""
      : ` The next one expires at ${renderExpiry(counts.nextExpiry)} (in ${renderDuration(counts.nextExpiry.getTime() - plan.now.getTime())}).`;
  const fleet = `${counts.expired} expired, ${counts.kept} kept, ${counts.odd} kept for their odd tags.${next}`;
  return [`## ${renderTitle(plan, counts)}`, ...(callout === "" ? [] : [callout]), fleet].join("\n\n");
}

function renderTitle(plan: Plan, counts: Counts): string {
  const groups = (count: number): string => countKinds(count, plan);
  if (plan.dryRun && plan.subscriptions.every((one) => one.unreadable === undefined))
    return `🔎 Dry run: ${groups(counts.expired)} would be deleted`;
  if (plan.fuse.kind === "tripped") return "⛔ The fuse tripped: nothing was deleted";
  const troubled = counts.blocked + counts.cameBack + counts.failed;
  if (troubled > 0) return `❌ ${groups(counts.deleted)} deleted, ${troubled} could not be`;
  const unread = plan.subscriptions.filter((one) => one.unreadable !== undefined).length;
  if (unread > 0)
    return `❌ ${groups(counts.deleted)} deleted, ${unread} of ${plan.subscriptions.length} ${namePlaces(plan)} not read`;
  const open = counts.stillDeleting + counts.accepted;
  if (open > 0) return `⏳ ${groups(counts.deleted)} deleted, ${open} still being deleted`;
  if (counts.deleted === 0 && counts.expired > 0) return `⏭️ Nothing was deleted, ${groups(counts.expired)} left alone`;
  return `✅ ${groups(counts.deleted)} deleted`;
}

function renderCallout(plan: Plan, story: Story, counts: Counts): string {
  if (story.end === undefined) {
    return "> [!CAUTION]\n> The run was cut short. This is what it had written down until then; ARM finishes what it accepted.";
  }
  if (plan.fuse.kind === "tripped") {
    const once = `gh workflow run nightly-cleanup.yml -f ${plan.fuse.limit}=${plan.fuse.needed}`;
    return `> [!WARNING]\n> ${plain(plan.fuse.because)}. When that is right, run it once with a higher limit: ${code(once)}`;
  }
  if (story.end.because !== "") return `> [!WARNING]\n> ${plain(story.end.because)}`;
  if (plan.dryRun && counts.expired > 0)
    return "> [!NOTE]\n> Nothing was deleted. Set `dry-run: false` to carry this out.";
  return "";
}
