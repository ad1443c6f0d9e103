import { renderDuration } from "../../kit/duration.ts";
import { details, fenced, type Section, table, withinBudget } from "../../kit/markdown.ts";
import { hasFailed } from "../../smoke/totals.ts";
import { type GanttBar, renderGantt } from "../render-gantt.ts";
import { clean, clip, span, words } from "../render-text.ts";
import { listSmokeSections, sayTotals } from "../smoke/render-smoke.ts";
import { listPlanLines } from "./plan-lines.ts";
import type { ReleaseStory, Story, TakenSmoke } from "./story.ts";

const SAID: Readonly<Record<ReleaseStory["status"], string>> = {
  running: "⏳ under way",
  deployed: "✅ deployed",
  unchanged: "✅ unchanged",
  uninstalled: "🗑️ uninstalled",
  planned: "📋 planned",
  "rolled-back": "↩️ failed, rolled back",
  failed: "❌ failed",
  cancelled: "🚫 cancelled",
};

/** Bytes of one file of evidence that stand in the summary; the file itself has all. */
const MOST_EVIDENCE = 6_000;
/** A message may quote a log, or name what is wrong with many objects. */
const LONGEST_MESSAGE = 20_000;
/** Mermaid draws nothing of a text of more than 50,000 characters, and nobody reads a hundred bars. */
const MOST_BARS = 60;

/** The step's page: what became of each release, why, what changed, and where the time went. */
export function renderSummary(story: Story, budgetBytes: number): string {
  return withinBudget(listSections(story), budgetBytes);
}

function listSections(story: Story): readonly Section[] {
  const { releases, failure, notes, evidence, smokes } = story;
  const last = releases.at(-1);
  const title = last === undefined ? "Helm" : `Helm: ${words(last.name)} ${SAID[last.status]}`;
  return [
    { text: `### ${title}` },
    ...(failure === undefined ? [] : [{ text: fenced(clean(clip(failure.message, LONGEST_MESSAGE))) }]),
    { text: table(HEADER, releases.map(renderRow)) },
    ...renderPlace(last),
    ...releases.flatMap(renderCauses),
    ...smokes.flatMap(renderSmoke),
    ...releases.flatMap(renderPlan),
    ...releases.flatMap(renderParts),
    ...renderTimes(story),
    ...(notes.length === 0 ? [] : [{ text: notes.map((note) => `- ${words(note)}`).join("\n") }]),
    ...(evidence?.files ?? [])
      .filter(({ text }) => text.trim() !== "")
      .map(({ name, text }) => ({ text: details(clean(name), fenced(clean(text.slice(-MOST_EVIDENCE)))) })),
    { text: `helm ${words(story.helm)} · Kubernetes ${words(story.cluster)}` },
  ];
}

const HEADER = ["Release", "Namespace", "Chart", "Status", "Revision", "App", "Ready after"];

function renderRow(release: ReleaseStory): readonly string[] {
  const { previous, revision, rolledBackTo } = release;
  const from = previous === undefined || previous === revision ? "" : `${previous} → `;
  const back = rolledBackTo === undefined ? "" : `, back to ${rolledBackTo}`;
  return [
    span(release.name),
    span(release.namespace),
    words(release.chart),
    SAID[release.status],
    revision === undefined ? "" : `${from}${revision}${back}`,
    words(release.appVersion),
    release.readyMs === undefined ? "" : renderDuration(release.readyMs),
  ];
}

/** Where it is, and until when. */
function renderPlace(release: ReleaseStory | undefined): readonly Section[] {
  const { url, expiresAt } = release ?? {};
  const address = url === undefined ? [] : [`Address: ${span(url)}`];
  const end = expiresAt === undefined ? [] : [`The namespace ends at ${span(expiresAt)}.`];
  return [...address, ...end].map((text) => ({ text }));
}

function renderCauses({ causes }: ReleaseStory): readonly Section[] {
  if (causes.length === 0) return [];
  const rows = causes.map((cause) => `| ${[span(cause.code), words(cause.sentence), words(cause.fix)].join(" | ")} |`);
  return [{ text: table(["Cause", "What is wrong", "To do"], []), rows }];
}

function renderSmoke({ title, result }: TakenSmoke): readonly Section[] {
  const mark = hasFailed(result) ? "❌" : "✅";
  return [{ text: `#### ${words(title)}: ${mark} ${sayTotals(result)}` }, ...listSmokeSections(result)];
}

function renderPlan({ name, plan }: ReleaseStory): readonly Section[] {
  const lines = plan === undefined ? [] : listPlanLines(plan);
  if (lines.length === 0) return [];
  return [{ text: details(clean(`What changed in ${name}`), fenced(clean(lines.join("\n")), "diff")) }];
}

function renderParts({ parts }: ReleaseStory): readonly Section[] {
  if (parts.length === 0) return [];
  const mark = { ready: "✅", progressing: "⏳", failed: "❌" } as const;
  const rows = parts.map(
    ({ ref, state, told, seenAt, readyAt }) =>
      `| ${[`${mark[state]} ${span(`${ref.kind}/${ref.name}`)}`, words(told), readyAt === undefined ? "" : renderDuration(readyAt.getTime() - seenAt.getTime())].join(" | ")} |`,
  );
  return [{ text: table(["Object", "State", "Ready after"], []), rows }];
}

function renderTimes({ phases, releases, startedAt }: Story): readonly Section[] {
  const bars = phases.map(({ name, fromMs, toMs }) => ({ name, look: "done, " as const, fromMs, toMs }));
  const end = Math.max(0, ...bars.map(({ toMs }) => toMs));
  const sinceStart = (at: Date): number => Math.max(0, at.getTime() - startedAt.getTime());
  const parts = releases.flatMap(({ parts: each }) =>
    each.map(({ ref, seenAt, readyAt, failedAt, state }) => ({
      name: `${ref.kind}/${ref.name}`,
      look: state === "failed" ? ("crit, " as const) : ("done, " as const),
      fromMs: sinceStart(seenAt),
      toMs: readyAt !== undefined ? sinceStart(readyAt) : failedAt !== undefined ? sinceStart(failedAt) : end,
    })),
  );
  const text = renderGantt([
    { title: "steps", bars },
    { title: "rollout", bars: chooseBars(parts) },
  ]);
  return text === "" ? [] : [{ text }];
}

/** What took longest, in the order in which it came. */
function chooseBars(bars: readonly GanttBar[]): readonly GanttBar[] {
  const longest = bars.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, MOST_BARS);
  return bars.filter((bar) => longest.includes(bar));
}
