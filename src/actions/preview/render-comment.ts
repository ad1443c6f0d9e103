import type { PreviewStory } from "../../preview/story.ts";
import { markerOf } from "../../preview/story.ts";

/**
 * A preview as its pull request tells it: marker, state, and what a person wants to know, the address first.
 *
 * @param budget characters of the whole; UTF-8 bytes are counted, which are never fewer
 */
export function renderComment(story: PreviewStory, _budget: number): string {
  return `${markerOf(story.environment)}\n${story.state}\n`;
}
