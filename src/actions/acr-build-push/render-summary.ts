import { renderReference } from "../../image/repository.ts";
import { renderDuration } from "../../kit/duration.ts";
import { code, details, plain, type Section, SUMMARY_BUDGET_BYTES, table, withinBudget } from "../../kit/markdown.ts";
import { renderTimeline } from "./render-timeline.ts";
import type { Story } from "./story.ts";
import type { TagMove } from "./tag-move.ts";

/** A run as people read it on GitHub: the image, its tags, where the time went. */
export function renderSummary(story: Story, failure: string | undefined, budgetBytes = SUMMARY_BUDGET_BYTES): string {
  const sections: readonly (Section | undefined)[] = [
    { text: [`## ${renderTitle(story, failure)}`, ...renderCallouts(story, failure)].join("\n\n") },
    renderImage(story),
    renderTags(story),
    section(renderTimeline(story.phases, story.steps)),
    renderWarnings(story),
    renderLeftOut(story),
  ];
  return withinBudget(
    sections.filter((one) => one !== undefined),
    budgetBytes,
  );
}

function section(text: string): Section | undefined {
  return text === "" ? undefined : { text };
}

function renderTitle(story: Story, failure: string | undefined): string {
  const image = code(story.name);
  if (failure !== undefined) return `❌ ${image} was not ${story.digest === undefined ? "built" : "published"}`;
  const took = story.phases.find(({ name }) => name === "build");
  const span = took === undefined ? "" : ` in ${renderDuration(took.finishedMs - took.startedMs)}`;
  switch (story.outcome) {
    case "built":
      return story.digest === undefined
        ? `📦 ${image} built${span}, not pushed`
        : `📦 ${image} built${span} and pushed`;
    case "reused":
      return `♻️ ${image} unchanged: nothing was built`;
    case "copied":
      return `📦 ${image} pushed as it was`;
    default:
      return `🔎 Dry run of ${image}: nothing was built`;
  }
}

function renderCallouts(story: Story, failure: string | undefined): readonly string[] {
  const notes = story.notes.map((note) => `> [!NOTE]\n> ${plain(note)}`);
  if (failure === undefined) return notes;
  const lines = failure.split("\n").map((line) => `> ${plain(line)}`);
  return [`> [!CAUTION]\n${lines.join("\n>\n")}`, ...notes];
}

function renderImage(story: Story): Section | undefined {
  const [first] = story.repositories;
  if (story.digest === undefined || first === undefined) return undefined;
  const facts = [
    ...(story.builder === undefined ? [] : [["Builder", plain(story.builder.description)]]),
    ...(story.runId === undefined ? [] : [["Run", code(story.runId)]]),
    ...(story.contentTag === undefined ? [] : [["Content", code(story.contentTag)]]),
    ...story.images.map(({ platform, digest, size }) => [
      plain(platform),
      `${code(digest)}${size === undefined ? "" : ` ${renderBytes(size)}`}`,
    ]),
  ];
  // GitHub has no table without a head, and an empty one is a stripe of nothing.
  return { text: table(["Image", code(renderReference(first, story.digest))], facts) };
}

function renderBytes(bytes: number): string {
  const MEGA = 1_000_000;
  return bytes >= MEGA ? `${(bytes / MEGA).toFixed(1)} MB` : `${Math.ceil(bytes / 1000)} kB`;
}

const OUTCOMES: Readonly<Record<TagMove["outcome"], string>> = {
  moved: "✅ moved",
  already: "✅ stood there already",
  failed: "❌ could not be put",
  "rolled-back": "↩️ put back",
  left: "⚠️ left on the new digest",
};

function renderTags(story: Story): Section | undefined {
  if (story.moves.length > 0) {
    const rows = story.moves.map(({ repository, tag, before, outcome, because }) => {
      const verdict = outcome === "moved" && before === undefined ? "✅ new" : OUTCOMES[outcome];
      const was = before === undefined ? "–" : code(before.slice(0, 19));
      const why = because === undefined ? "" : `: ${plain(because.slice(0, 300))}`;
      return `| ${code(renderReference(repository, tag))} | ${was} | ${verdict}${why} |`;
    });
    return { text: `### Tags\n\n${table(["Tag", "Was", "Now"], [])}`, rows };
  }
  if (story.tags.length === 0) return undefined;
  const rows = story.repositories.flatMap((one) => story.tags.map((tag) => `| ${code(renderReference(one, tag))} |`));
  return { text: `### Tags that ${story.dryRun ? "would move" : "did not move"}\n\n${table(["Tag"], [])}`, rows };
}

function renderWarnings({ warnings }: Story): Section | undefined {
  if (warnings.length === 0) return undefined;
  const lines = warnings.map(({ message, file, line }) => {
    const place = file === undefined ? "" : ` (${code(line === undefined ? file : `${file}:${line}`)})`;
    return `- ${plain(message)}${place}`;
  });
  return { text: details(`${warnings.length} remarks of the builder`, lines.join("\n")) };
}

function renderLeftOut({ leftOut }: Story): Section | undefined {
  if (leftOut.length === 0) return undefined;
  return { text: details("Left out", leftOut.map((line) => `- ${plain(line)}`).join("\n")) };
}
