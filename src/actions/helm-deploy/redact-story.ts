import type { Story } from "./story.ts";

/**
 * The story without secrets in what the cluster and helm have said: Markdown writes some characters in its own way, and a
 * secret that has them is not found on the page any more.
 */
export function redactStory(story: Story, redact: (text: string) => string): Story {
  return {
    ...story,
    notes: story.notes.map(redact),
    releases: story.releases.map((release) => ({
      ...release,
      causes: release.causes.map((cause) => ({ ...cause, sentence: redact(cause.sentence), fix: redact(cause.fix) })),
      parts: release.parts.map((part) => ({ ...part, told: redact(part.told) })),
    })),
  };
}
