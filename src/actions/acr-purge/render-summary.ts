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
import { countStory } from "./counts.ts";
import { renderLockLine } from "./lock-lines.ts";
import type { Outcome } from "./outcome.ts";
import type { RepositoryPlan } from "./plan.ts";
import type { Story } from "./story.ts";

/** A run as people read it on GitHub: what went, what stayed, and why. */
export function renderSummary(story: Story, budgetBytes = SUMMARY_BUDGET_BYTES): string {
  const sections: readonly (Section | undefined)[] = [
    { text: renderHeadline(story) },
    renderUnseen(story),
    renderRows(story),
    renderAdvice(story),
    renderLocks(story),
  ];
  return withinBudget(
    sections.filter((section) => section !== undefined),
    budgetBytes,
  );
}

function renderHeadline(story: Story): string {
  const counts = countStory(story);
  const tally = `${counts.untagged} tags removed, ${counts.deleted} manifests deleted, ${counts.kept} kept, ${counts.locked} locked, ${counts.failed} failed.`;
  const callout = renderCallout(story);
  return [`## ${renderTitle(story)}`, ...(callout === "" ? [] : [callout]), ...(story.dryRun ? [] : [tally])].join(
    "\n\n",
  );
}

function renderTitle(story: Story): string {
  const { dryRun, environment, fuse, records } = story;
  const counts = countStory(story);
  if (fuse.kind === "tripped") return "⛔ The fuse tripped: nothing was removed";
  if (dryRun && counts.failed === 0)
    return `🔎 Dry run: ${counts.planned} tags and manifests of ${environment} would go`;
  if (counts.failed > 0) return `❌ ${counts.failed} of ${environment} could not be removed`;
  if (counts.skipped > 0) return `⏳ ${counts.skipped} of ${environment} are left for the next run`;
  if (records.length === 0) return `✅ ${environment} had nothing to remove`;
  const locked = counts.locked === 0 ? "" : `, but for ${counts.locked} locked`;
  return `✅ ${environment} is gone from the registry${locked}`;
}

function renderCallout({ dryRun, fuse, cutShort, plans }: Story): string {
  if (fuse.kind === "tripped")
    return `> [!WARNING]\n> ${plain(fuse.because)}. When that is right, run it once with a higher ${code("max-deletions")}.`;
  if (cutShort !== "")
    return `> [!WARNING]\n> The run ended early: ${plain(cutShort)}. No delete was begun after that.`;
  if (dryRun && plans.some(({ tags }) => tags.length > 0))
    return "> [!NOTE]\n> Nothing was removed. Set `dry-run: false` to carry this out.";
  return "";
}

/** Repositories that are not there, and those that could not be read. */
function renderUnseen({ plans }: Story): Section | undefined {
  const lines = plans.flatMap(({ name, state, unreadable }) => {
    if (unreadable !== undefined)
      return [`- ❌ ${code(name)} could not be read: ${plain(unreadable.because.split("\n")[0] ?? "")}`];
    return state === "missing" ? [`- ${code(name)} does not exist`] : [];
  });
  return lines.length === 0 ? undefined : { text: lines.join("\n") };
}

const VERDICTS: Readonly<Record<Outcome["kind"], string>> = {
  failed: "❌ failed",
  asked: "❌ not known",
  locked: "🔒 locked",
  "not-started": "⏸️ not started",
  kept: "🟢 kept",
  removed: "✅ removed",
  gone: "✅ was gone",
};

interface Row {
  readonly repository: string;
  readonly kind: string;
  readonly name: string;
  readonly verdict: string;
  readonly why: string;
}

function renderRows(story: Story): Section | undefined {
  const outcomes = new Map(
    story.records.map(({ item, outcome }) => [`${item.repository} ${item.kind} ${item.name}`, outcome]),
  );
  const rows = story.plans.flatMap((plan) => listRows(plan, outcomes, story));
  if (rows.length === 0) return undefined;
  const cells = rows.map(
    ({ repository, kind, name, verdict, why }) =>
      `| ${code(repository)} | ${kind} | ${code(name)} | ${verdict} | ${plain(shortenAll(why))} |`,
  );
  const head = table(["Repository", "What", "Name", "Verdict", "Why"], []);
  return { text: head, rows: cells, omitted: (count) => `… and ${count} more, in the JSON report.` };
}

function listRows(
  plan: RepositoryPlan,
  outcomes: ReadonlyMap<string, Outcome>,
  { dryRun, fuse }: Story,
): readonly Row[] {
  const { name: repository } = plan;
  const planned = dryRun ? "🔎 would go" : fuse.kind === "tripped" ? "⛔ kept" : "⏸️ not started";
  const of = (kind: "tag" | "manifest", name: string, digest: string): Row => {
    const outcome = outcomes.get(`${repository} ${kind} ${name}`);
    const shown = kind === "tag" ? name : shorten(digest);
    const on = kind === "tag" ? `on ${shorten(digest)}` : "nothing else holds it";
    if (outcome === undefined) return { repository, kind, name: shown, verdict: planned, why: on };
    const [why = ""] = "because" in outcome ? outcome.because.split("\n") : [on];
    return { repository, kind, name: shown, verdict: VERDICTS[outcome.kind], why };
  };
  return [
    ...plan.tags.map(({ name, digest }) => of("tag", name, digest)),
    ...plan.manifests.map(({ digest }) => of("manifest", digest, digest)),
    ...plan.stays.map(({ kind, name, because, locked }) => ({
      repository,
      kind,
      name: kind === "tag" ? name : shorten(name),
      verdict: locked ? "🔒 locked" : "🟢 kept",
      why: because,
    })),
  ];
}

/** Failures that come with what to do, each text once. */
function renderAdvice({ records, plans }: Story): Section | undefined {
  const texts = [
    ...plans.map(({ unreadable }) => unreadable?.because ?? ""),
    ...records.map(({ outcome }) => (outcome.kind === "failed" ? outcome.because : "")),
  ].filter((text) => text.includes("\n"));
  if (texts.length === 0) return undefined;
  const MOST = 10;
  const blocks = [...new Set(texts)].slice(0, MOST).map((text) => fenced(text));
  return { text: `### What to do\n\n${blocks.join("\n\n")}` };
}

function renderLocks({ plans, records, registry }: Story): Section | undefined {
  const planned = plans.flatMap(({ name: repository, stays }) =>
    stays.filter(({ locked }) => locked).map(({ kind, name }) => ({ repository, kind, name })),
  );
  const met = records.filter(({ outcome }) => outcome.kind === "locked").map(({ item }) => item);
  const lines = [...planned, ...met].map(({ repository, kind, name }) =>
    renderLockLine(registry, repository, kind, name),
  );
  if (lines.length === 0) return undefined;
  const MOST = 100;
  return {
    text: details(`Commands that show what is locked (${lines.length})`, fenced(lines.slice(0, MOST).join("\n"), "sh")),
  };
}

function shortenAll(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]+/g, "$1");
}

/** Enough of a digest to find it, and not so much that the table gets too wide. */
function shorten(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
