import { type Section, withinBudget } from "../../kit/markdown.ts";
import type { PreviewStory } from "../../preview/story.ts";
import { words } from "../render-text.ts";
import { renderCause, renderReceipt } from "./render-cause.ts";
import { renderApproval } from "./render-commands.ts";
import { renderImages, renderPlaceTable } from "./render-facts.ts";
import { renderHeadline } from "./render-headline.ts";
import { link } from "./render-link.ts";
import { renderNextSteps } from "./render-next-steps.ts";
import { renderSmoke } from "./render-smoke-rows.ts";
import { renderTimeline } from "./render-timeline.ts";

/** The step's page: what was deployed and where, by which image, how long it lives, and what comes next. */
export function renderSummary(story: PreviewStory, budgetBytes: number): string {
  const sections: readonly Section[] = [
    { text: `### ${renderHeadline(story)}` },
    { text: story.reason === "" ? "" : words(story.reason, 600) },
    ...renderCause(story),
    ...renderApproval(story),
    ...renderReceipt(story.receipt),
    { text: renderPlaceTable(story) },
    ...story.notes.map((note) => ({ text: `> [!NOTE]\n> ${words(note, 600)}` })),
    ...renderImages(story.images),
    ...renderSmoke(story.smoke),
    { text: renderTimeline(story.parts) },
    ...(story.phase === "ready" || story.phase === "failed" ? renderNextSteps(story) : []),
    { text: renderPullRequest(story) },
  ];
  return withinBudget(
    sections.filter(({ text }) => text !== ""),
    budgetBytes,
  );
}

function renderPullRequest({ pullRequest, serverUrl, repository }: PreviewStory): string {
  if (pullRequest === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return "";
  return link(`Pull request ${pullRequest}`, `${serverUrl}/${repository}/pull/${pullRequest}`);
}
