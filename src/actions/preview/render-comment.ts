import { type Section, withinBudget } from "../../kit/markdown.ts";
import { markerOf, type PreviewPhase, type PreviewStory } from "../../preview/story.ts";
import { words } from "../render-text.ts";
import { renderCause, renderReceipt } from "./render-cause.ts";
import { renderApproval, renderCommands } from "./render-commands.ts";
import { ENDLESS, renderFactLine, renderImages } from "./render-facts.ts";
import { renderHeadline } from "./render-headline.ts";
import { renderAddress } from "./render-link.ts";
import { renderSmoke } from "./render-smoke-rows.ts";
import { renderExpiryLine } from "./render-when.ts";

/** Where the address of before is still good, as far as anybody knows. */
const STANDING: ReadonlySet<PreviewPhase> = new Set(["deploying", "failed", "kept"]);
const MOST_NOTES = 10;

/**
 * A preview as its pull request tells it: marker, state, and what a person wants to know, the address first.
 *
 * The state stands there whole or, in a budget that has no room for it, not at all: half of one could not be read.
 *
 * @param budget characters of the whole; UTF-8 bytes are counted, which are never fewer
 */
export function renderComment(story: PreviewStory, budget: number): string {
  const marker = markerOf(story.environment);
  const full = story.state === "" ? marker : `${marker}\n${story.state}`;
  const head = Buffer.byteLength(full) + LEAST_BODY_BYTES <= budget ? full : marker;
  const body = withinBudget(
    listSections(story).filter(({ text }) => text !== ""),
    budget - Buffer.byteLength(head) - 1,
  );
  return `${head}\n${body}`;
}

/** A state that leaves no room for a word is no comment any more. */
const LEAST_BODY_BYTES = 2_000;

function listSections(story: PreviewStory): readonly Section[] {
  const { phase, reason, url } = story;
  const big = phase === "ready" && url !== "";
  return [
    { text: `${big ? "##" : "###"} ${renderHeadline(story)}` },
    { text: reason === "" ? "" : words(reason, 600) },
    { text: STANDING.has(phase) && url !== "" ? `Last deployed: ${renderAddress(url)}` : "" },
    ...renderCause(story),
    { text: renderFactLine(story) },
    { text: ENDLESS.has(phase) ? "" : renderExpiryLine(story) },
    ...renderApproval(story),
    ...renderReceipt(story.receipt),
    ...story.notes.slice(0, MOST_NOTES).map((note) => ({ text: `> [!NOTE]\n> ${words(note, 600)}` })),
    ...renderSmoke(story.smoke),
    ...renderImages(story.images),
    ...renderCommands(story),
  ];
}
