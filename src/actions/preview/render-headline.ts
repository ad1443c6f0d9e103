import type { PreviewPhase, PreviewStory } from "../../preview/story.ts";
import { span } from "../render-text.ts";
import { renderAddress } from "./render-link.ts";

/** What a person who reads one line should know: the address, or what it waits for. Markdown without a heading's sign. */
export function renderHeadline(story: PreviewStory): string {
  return `${ICONS[story.phase]} ${WORDS[story.phase](story)}`;
}

const ICONS: Readonly<Record<PreviewPhase, string>> = {
  queued: "🕒",
  waiting: "✋",
  kept: "⏸️",
  deploying: "⏳",
  ready: "🟢",
  failed: "❌",
  destroying: "🧹",
  destroyed: "🧹",
  "not-gone": "❌",
};

const WORDS: Readonly<Record<PreviewPhase, (story: PreviewStory) => string>> = {
  queued: ({ position }) => `Queued${position === undefined ? "" : `, position ${position}`}`,
  waiting: () => "Waits for somebody's word",
  kept: (story) => (story.expiresAt === undefined ? "No preview" : `${nameOf(story)} stays as it is`),
  deploying: (story) => `Deploying ${nameOf(story)}`,
  ready: (story) => (story.url === "" ? `${nameOf(story)} is deployed` : renderAddress(story.url)),
  failed: (story) => `${nameOf(story)} failed`,
  destroying: (story) => `Destroying ${nameOf(story)}`,
  destroyed: (story) => `${nameOf(story)} is gone`,
  "not-gone": (story) => `${nameOf(story)} is not gone`,
};

function nameOf({ environment }: PreviewStory): string {
  return span(environment, 100);
}

/** The same for a check's title and a deployment's description: no markdown, one line. */
export function sayHeadline({ phase, position, environment, reason }: PreviewStory): string {
  const plain: Readonly<Record<PreviewPhase, string>> = {
    queued: `queued${position === undefined ? "" : `, position ${position}`}`,
    waiting: "waits for somebody's word",
    kept: reason === "" ? "kept as it is" : reason,
    deploying: "is being deployed",
    ready: "is deployed",
    failed: "failed",
    destroying: "is being destroyed",
    destroyed: "is gone",
    "not-gone": "is not gone",
  };
  return phase === "kept" && reason !== "" ? reason : `${environment} ${plain[phase]}`;
}
