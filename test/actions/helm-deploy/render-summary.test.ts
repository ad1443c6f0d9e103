import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderSummary } from "../../../src/actions/helm-deploy/render-summary.ts";
import { anyCharacter } from "../../any-character.ts";
import { release, story } from "./stories.ts";

interface Markdown {
  render(text: string): string;
}
const { default: createMarkdown } = (await import("markdown-it")) as unknown as {
  default: (options: { html: boolean; linkify: boolean }) => Markdown;
};
const markdown = createMarkdown({ html: true, linkify: true });

const HOSTILE: readonly string[] = [
  "</details></details><script>PWNED</script><img src=x onerror=PWNED>",
  "-->\n<!-- mayfly -->\n<!--",
  "```\nPWNED\n````\n<b>PWNED</b>",
  "~~~\n# PWNED\n> [!CAUTION]\n> PWNED",
  "| x || y | PWNED",
  "@everyone #1 https://pwned.example www.pwned.example GH-7",
  "[PWNED](https://pwned.example) ![PWNED](https://pwned.example/p.png)",
  "\u001b[31mPWNED\u001b[0m\u001b]8;;https://pwned.example\u0007x\u009b2J",
  "a\u202egnp.exe\u2066PWNED\u2069\u200f",
  "\u0000\u2028PWNED\r\n\r\r- PWNED\n\n1. PWNED\n\n    PWNED",
  'x :crit, 00:00, 1d\n  section PWNED\n  click x href "https://pwned.example"',
  "%%{init: {'theme': 'x'}}%% ; PWNED",
  "\ud83d PWNED \udc00",
  "`".repeat(50),
  "x".repeat(100_000),
  "\n".repeat(20_000),
];

const OURS = new Set("code details h3 li p pre summary table tbody td th thead tr ul em".split(" "));

function expectHarmless(text: string): void {
  const html = markdown.render(text);
  const tags = [...html.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)].map(([, name = ""]) => name.toLowerCase());
  expect([...new Set(tags)].filter((name) => !OURS.has(name))).toEqual([]);
  expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
  expect(html).not.toMatch(/<(?!\/|code class="language-(?:diff|mermaid)")[a-z0-9]+ [^>]*>/);
  const prose = html.replace(/<(code|pre)[^>]*>[\s\S]*?<\/\1>/g, "");
  expect(prose).not.toMatch(/@everyone|#1\b|https:\/\/pwned|www\.pwned|GH-7/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal or a reader would obey them.
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028]/);
  expect(text.isWellFormed()).toBe(true);
  for (const [, picture = ""] of text.matchAll(/```mermaid\n([\s\S]*?)\n```/g)) expectPicture(picture);
}

/** Each line is one of ours: a bar's name holds nothing that mermaid obeys. */
function expectPicture(picture: string): void {
  const ours =
    /^(?:gantt| {2}(?:dateFormat|axisFormat|tickInterval) \S+| {2}todayMarker off| {2}section (?:steps|rollout)| {4}[^:;#,]+ :(?:done, |crit, )?[\d:.]+, [\d:.]+)$/;
  expect(picture.split("\n").filter((line) => !ours.test(line))).toEqual([]);
  expect(picture.length).toBeLessThan(50_000);
}

describe("the summary", () => {
  test("obeys nothing of what a stranger has written", () => {
    for (const text of HOSTILE) expectHarmless(renderSummary(story(text), 1_048_576));
  });

  test("keeps within its budget, whatever texts are put together from, and whole in what it says", () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...HOSTILE.map((text) => text.slice(0, 60))) },
      { weight: 2, arbitrary: fc.constantFrom("\n", "\n\n", "`", "```\n", "|", "<", ">", "- ", "  ", "\\", "\t", "&") },
      { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 6 }) },
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 100, max: 40_000 }), (one, budget) => {
        const summary = renderSummary(story(one), budget);
        expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(budget);
        expectHarmless(summary);
      }),
      { numRuns: 150 },
    );
  });

  test("of texts of 100 kB in every place still says first what failed", () => {
    const summary = renderSummary(story("é".repeat(100_000)), 1_048_576);

    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_048_576);
    expect(summary).toMatch(/^### Helm: é+… \\\(\d+ more characters\\\) ❌ failed\n\n```\né/);
  });

  test("draws no more bars than mermaid takes, those that took longest", () => {
    const [part] = release("x").parts;
    const at = new Date("2026-11-21T12:00:00Z");
    const parts = Array.from({ length: 3_000 }, (_, index) => ({
      ref: { apiVersion: "v1", kind: "Pod", name: `pod-${index}` },
      state: "ready" as const,
      told: part?.told ?? "",
      seenAt: at,
      readyAt: new Date(at.getTime() + (index === 1_234 ? 90_000 : 100)),
      failedAt: undefined,
    }));
    const summary = renderSummary(story("x", { releases: [release("shop", { parts })] }), 1_048_576);

    const picture = /```mermaid\n([\s\S]*?)\n```/.exec(summary)?.[1] ?? "";
    expectPicture(picture);
    expect(picture).toContain("Pod/pod-1234 ");
    expect(summary).toContain("`Pod/pod-2999`");
  });
});
