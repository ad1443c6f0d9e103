import { details, fenced, type Section } from "../../kit/markdown.ts";
import type { PreviewStory, StoryCause, StoryReceipt } from "../../preview/story.ts";
import { clean, clip, count, span, words } from "../render-text.ts";

const MOST_LINES = 12;
const LONGEST_LINE = 500;
const MOST_COMMANDS = 10;
const LONGEST_COMMAND = 1_000;
const MOST_LOG_LINES = 30;
const LONGEST_LOG_LINE = 300;

/** Why it failed, as a card: the cause, the step, what to do, and what was said last. Nobody should have to read a log. */
export function renderCause({ cause }: Pick<PreviewStory, "cause">): readonly Section[] {
  if (cause === undefined) return [];
  return [
    { text: renderCard(cause) },
    ...renderCommands(cause.todo),
    ...(cause.log === undefined ? [] : renderLog(cause.log)),
  ];
}

function renderCard({ code, text, step }: StoryCause): string {
  const lines = cutText(text);
  const where = step === "" ? "" : `Failed at ${span(step, 120)}. `;
  const named = code === "" ? "" : `${span(code, 80)}: `;
  const [first = "nobody told why", ...others] = lines.map((line) => words(line, LONGEST_LINE));
  return ["> [!CAUTION]", `> ${where}${named}${first}`, ...others.map((line) => `>\n> ${line}`)].join("\n");
}

function cutText(text: string): readonly string[] {
  const lines = clean(text.slice(0, 100_000))
    .split("\n")
    .filter((line) => line.trim() !== "");
  const left = lines.length - MOST_LINES;
  return left <= 0 ? lines : [...lines.slice(0, MOST_LINES), `… and ${left} lines more.`];
}

function renderCommands(todo: readonly string[]): readonly Section[] {
  if (todo.length === 0) return [];
  const lines = todo.slice(0, MOST_COMMANDS).map((line) => clean(clip(line, LONGEST_COMMAND)));
  return [{ text: `To do:\n\n${fenced(lines.join("\n"), "sh")}` }];
}

function renderLog({ title, lines }: NonNullable<StoryCause["log"]>): readonly Section[] {
  const last = lines.slice(-MOST_LOG_LINES).map((line) => clean(clip(line.trimEnd(), LONGEST_LOG_LINE)));
  if (last.every((line) => line === "")) return [];
  const head = `Last ${count(last.length, "line")} of ${clean(clip(title, 200))}`;
  return [{ text: details(head, fenced(last.join("\n"))) }];
}

/** What a teardown did and proved, or what of it stands and what mends that. */
export function renderReceipt(receipt: StoryReceipt | undefined): readonly Section[] {
  if (receipt === undefined) return [];
  const { done, proofs, standing } = receipt;
  const list = (marks: string, lines: readonly string[]): readonly string[] =>
    lines.slice(0, MOST_LOG_LINES).map((line) => `- ${marks} ${words(line)}`);
  const stands = standing
    .slice(0, MOST_LOG_LINES)
    .map(({ what, because }) => `- ❌ ${words(what)}${because === "" ? "" : `: ${words(because, 600)}`}`);
  const lines = [...stands, ...list("🧹", done), ...list("✅", proofs)];
  const mends = standing.flatMap(({ mend }) => (mend === undefined ? [] : [mend]));
  return [...(lines.length === 0 ? [] : [{ text: lines.join("\n") }]), ...renderCommands(mends)];
}
