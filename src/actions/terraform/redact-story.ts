import type { Story } from "../../terraform/story.ts";

/**
 * A story in which every text is free of secrets. It has to be done before anything is rendered: Markdown writes a
 * secret with underscores in another way, which nobody would find any more.
 */
export function redactStory(story: Story, redact: (text: string) => string): Story {
  return redactValue(story, redact) as Story;
}

function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((each) => redactValue(each, redact));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [redact(key), redactValue(each, redact)]));
}
