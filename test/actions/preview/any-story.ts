import { expect } from "@jest/globals";
import fc from "fast-check";
import type { PreviewStory } from "../../../src/preview/story.ts";
import { anyCharacter } from "../../any-character.ts";
import { HOSTILE } from "../hostile-page.ts";
import { story } from "./stories.ts";

const hostile = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE), weight: 2 },
  { arbitrary: fc.string({ unit: anyCharacter, maxLength: 100 }), weight: 1 },
);
const listOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 20 });
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

const phase = fc.constantFrom<PreviewStory["phase"]>(
  "queued",
  "waiting",
  "kept",
  "deploying",
  "ready",
  "failed",
  "destroying",
  "destroyed",
  "not-gone",
);
const address = fc.oneof(
  hostile,
  hostile.map((text) => `https://shop.example/${text}`),
);
const smoke = fc.record({
  step: hostile,
  check: hostile,
  outcome: fc.constantFrom("passed" as const, "failed" as const, "skipped" as const),
  optional: fc.boolean(),
  durationMs: fc.nat(),
  expected: hostile,
  seen: hostile,
});
const cause = fc.record({
  code: hostile,
  text: hostile,
  step: hostile,
  todo: listOf(hostile),
  log: maybe(fc.record({ title: hostile, lines: listOf(hostile) })),
});
const receipt = fc.record({
  done: listOf(hostile),
  proofs: listOf(hostile),
  standing: listOf(fc.record({ what: hostile, because: hostile, mend: maybe(hostile) })),
});

/** A story in which everybody who may write a text is an enemy. */
export const anyStory: fc.Arbitrary<PreviewStory> = fc
  .record({
    phase,
    environment: hostile,
    headSha: hostile,
    repository: fc.oneof(hostile, fc.constant("octo/shop")),
    url: address,
    reason: hostile,
    runUrl: address,
    images: listOf(fc.record({ name: hostile, repository: hostile, tag: hostile, digest: hostile })),
    smoke: listOf(smoke),
    notes: listOf(hostile),
    release: maybe(fc.record({ name: hostile, revision: hostile, status: hostile, appVersion: hostile })),
    place: fc.record({
      subscriptionId: hostile,
      resourceGroup: hostile,
      cluster: hostile,
      clusterResourceGroup: hostile,
      registry: hostile,
      namespace: hostile,
    }),
    parts: listOf(
      fc.record({ section: hostile, name: hostile, failed: fc.boolean(), fromMs: fc.nat(), toMs: fc.nat() }),
    ),
    cause: maybe(cause),
    receipt: maybe(receipt),
  })
  .map((other) => story(other));

interface Markdown {
  render(text: string): string;
}
const { default: createMarkdown } = (await import("markdown-it")) as unknown as {
  default: (options: { html: boolean; linkify: boolean }) => Markdown;
};
const markdown = createMarkdown({ html: true, linkify: true });

const OURS = new Set(
  "a blockquote br code details em h2 h3 h4 li p pre strong summary table tbody td th thead tr ul".split(" "),
);

/** A page has tags and characters of ours alone, and leads only where it may. */
export function expectHarmless(text: string): void {
  const html = markdown.render(text);
  const tags = [...html.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)].map(([, name = ""]) => name.toLowerCase());
  expect([...new Set(tags)].filter((name) => !OURS.has(name))).toEqual([]);
  expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
  expect(html).not.toMatch(/<(?!\/|a href="|code class="language-(?:sh|mermaid)")[a-z0-9]+ [^>]*>/);
  const hosts = [...html.matchAll(/<a href="([^"]*)"/g)].map(([, href = ""]) => URL.parse(href)?.host);
  expect([...new Set(hosts)].filter((host) => host !== "shop.example" && host !== "github.com")).toEqual([]);
  // GitHub looks for mentions and references in neither code nor links.
  const prose = html.replace(/<(code|pre|a)(?: [^>]*)?>[\s\S]*?<\/\1>/g, "");
  expect(prose).not.toMatch(/@everyone|#1\b|https:\/\/pwned|www\.pwned|GH-7/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal or a reader would obey them.
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028]/);
  expect(text.isWellFormed()).toBe(true);
}
