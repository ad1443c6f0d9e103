import type { PreviewStory } from "../../preview/story.ts";

/** Fields whose words are ours: what is rendered hangs on them, also where a secret is the word `failed`. */
const OWN_WORDS: ReadonlySet<string> = new Set(["phase", "outcome", "state"]);

/**
 * A story in which every text is free of secrets. It has to be done before anything is rendered: Markdown writes a
 * secret with underscores in another way, which nobody would find any more.
 */
export function redactStory(story: PreviewStory, redact: (text: string) => string): PreviewStory {
  return redactValue(story, redact, "") as PreviewStory;
}

function redactValue(value: unknown, redact: (text: string) => string, field: string): unknown {
  if (typeof value === "string") return OWN_WORDS.has(field) ? value : redact(value);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((each) => redactValue(each, redact, ""));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, redactValue(each, redact, name)]));
}
