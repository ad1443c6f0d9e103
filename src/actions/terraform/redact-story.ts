import type { Story } from "../../terraform/story.ts";

/**
 * A story in which every text is free of secrets. It has to be done before anything is rendered: Markdown writes a
 * secret with underscores in another way, which nobody would find any more.
 */
export function redactStory(story: Story, redact: (text: string) => string): Story {
  return redactValue(story, redact, "") as Story;
}

/** Fields whose words are ours: what is rendered hangs on them, also where a secret is the word `apply`. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  "command",
  "status",
  "kind",
  "action",
  "outcome",
  "reason",
  "severity",
  "operation",
]);

function redactValue(value: unknown, redact: (text: string) => string, field: string): unknown {
  if (typeof value === "string") return OWN_WORDS.has(field) ? value : redact(value);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((each) => redactValue(each, redact, ""));
  // Names of fields are ours; those of outputs come from the configuration.
  const rename = field === "outputs" ? redact : (name: string): string => name;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [rename(name), redactValue(each, redact, name)]),
  );
}
