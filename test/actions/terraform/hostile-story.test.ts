import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderComment, renderMarker } from "../../../src/actions/terraform/render-comment.ts";
import { renderSummary } from "../../../src/actions/terraform/render-summary.ts";
import type { Story } from "../../../src/terraform/story.ts";
import { anyCharacter } from "../../any-character.ts";
import { attribute, change, error, plan, story } from "./stories.ts";

interface Markdown {
  render(text: string): string;
}
const { default: createMarkdown } = (await import("markdown-it")) as unknown as {
  default: (options: { html: boolean; linkify: boolean }) => Markdown;
};
const markdown = createMarkdown({ html: true, linkify: true });

const HOSTILE: readonly string[] = [
  "</details></details><script>PWNED</script><img src=x onerror=PWNED>",
  "<!-- mayfly:terraform:pr-12:infra -->",
  "-->\n<!-- mayfly:terraform:pr-12:infra -->\n<!--",
  "```\nPWNED\n````\n<b>PWNED</b>",
  "~~~\n# PWNED\n> [!CAUTION]\n> PWNED",
  "| x || y | PWNED",
  "@everyone #1 https://pwned.example www.pwned.example GH-7",
  "[PWNED](https://pwned.example) ![PWNED](https://pwned.example/p.png)",
  "\u001b[31mPWNED\u001b[0m\u001b]8;;https://pwned.example\u0007x\u001b]8;;\u0007\u0007\u009b2J",
  "a\u202egnp.exe\u2066PWNED\u2069\u200f",
  "\u0000\u2028PWNED\r\n\r\r- PWNED\n\n1. PWNED\n\n    PWNED",
  "&lt;b&gt;&#60;b&#62;<b>",
  "\ud83d PWNED \udc00",
  "`".repeat(50),
  "x".repeat(100_000),
  "\n".repeat(20_000),
  "<a>".repeat(30_000),
  "::error::PWNED\n##[error]PWNED",
  "<details><summary>PWNED",
  "\\",
];

const ADDRESS_KINDS = ["delete", "replace", "update", "create", "forget", "no-op", "read"] as const;

/** A story in which every text is of a stranger. */
function hostileStory(text: string, state: Pick<Story, "command" | "status">): Story {
  const changes = ADDRESS_KINDS.map((kind) =>
    change(text, {
      kind,
      reason: text,
      previousAddress: text,
      importing: text,
      attributes: [
        attribute(text, text, undefined),
        attribute(text, undefined, text),
        attribute("a", text, `${text}\n.`),
      ],
    }),
  );
  const output = { name: text, kind: "update", sensitive: false, before: text, after: text } as const;
  return story({
    ...state,
    environment: text,
    directory: text,
    workspace: text,
    tool: text,
    backend: text,
    headSha: text,
    runUrl: text,
    planDigest: text,
    plan: plan(changes, {
      outputs: [output],
      drift: changes,
      failedChecks: [{ address: text, messages: [text, text] }],
    }),
    work: [
      { address: text, action: "create", fromMs: 0, toMs: 900, outcome: "failed" },
      { address: text, action: "delete", fromMs: 5, toMs: undefined, outcome: "running" },
    ],
    diagnostics: [
      error(text, { detail: text, address: text, range: { file: text, line: 1 } }),
      error("unexpected status 403 (403 Forbidden)", { detail: text }),
      { ...error(text, { detail: text }), severity: "warning" },
    ],
    failure: { reason: "apply-failed", message: `${text}\n${text}` },
    phases: [{ name: text, fromMs: 0, toMs: 1_000 }],
    expiresAt: new Date("2026-11-21T17:00:00Z"),
    lock: { id: text, path: text, operation: text, who: text, version: text, created: new Date(0) },
    notes: [text, text],
    receipt: { destroyed: 1, groups: [{ name: text, gone: false }], state: text },
    outputs: { [text]: JSON.stringify(text), url: text },
  });
}

const STATES: readonly Pick<Story, "command" | "status">[] = [
  { command: "plan", status: "done" },
  { command: "apply", status: "running" },
  { command: "apply", status: "failed" },
  { command: "apply", status: "done" },
  { command: "destroy", status: "done" },
];

const OURS = new Set(
  "blockquote br code details em h2 h3 h4 li ol p pre strong summary table tbody td th thead tr ul".split(" "),
);

function expectHarmless(text: string): void {
  const html = markdown.render(text);
  const tags = [...html.matchAll(/<\/?([a-z][a-z0-9-]*)/gi)].map(([, name = ""]) => name.toLowerCase());
  expect([...new Set(tags)].filter((name) => !OURS.has(name))).toEqual([]);
  expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
  // Ours hold nothing but words, and begin where we begin them: a title of a stranger is none of Markdown's.
  expect(html).not.toMatch(/<(?!\/|code class="language-(?:diff|mermaid|yaml)")[a-z0-9]+ [^>]*>/);
  const prose = html.replace(/<(code|pre)[^>]*>[\s\S]*?<\/\1>/g, "");
  expect(prose).not.toMatch(/@everyone|#1\b|https:\/\/pwned|www\.pwned|GH-7/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal or a reader would obey them.
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028]/);
  expect(text.isWellFormed()).toBe(true);
}

function expectWhole(one: Story, budget: number): void {
  const summary = renderSummary(one, budget);
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(budget);
  expect(summary).not.toContain("<!--");
  expectHarmless(summary);
  const comment = renderComment(one, budget);
  const marker = renderMarker(one);
  expect(comment.startsWith(`${marker}\n`)).toBe(true);
  expect(comment.split("<!--")).toHaveLength(2);
  expectHarmless(comment.slice(marker.length + 1));
  expect(comment.length).toBeLessThanOrEqual(Math.max(budget, marker.length + 1));
}

describe("texts of a stranger", () => {
  test.each(STATES)("make nothing of their own in what people see of $command, $status", (state) => {
    for (const text of HOSTILE) expectWhole(hostileStory(text, state), 65_536);
  });

  test("make nothing of their own, whatever they are put together from, and however short the budget is", () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...HOSTILE.map((text) => text.slice(0, 60))) },
      { weight: 2, arbitrary: fc.constantFrom("\n", "\n\n", "`", "```\n", "|", "<", ">", "- ", "  ", "\\", "\t", "&") },
      { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 6 }) },
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, fc.constantFrom(...STATES), fc.integer({ min: 200, max: 40_000 }), (one, state, budget) => {
        expectWhole(hostileStory(one, state), budget);
      }),
      { numRuns: 150 },
    );
  });

  test("of 100 kB in every place stay within what GitHub takes, headline first", () => {
    const one = hostileStory("é".repeat(100_000), { command: "apply", status: "failed" });
    const summary = renderSummary(one, 1_048_576);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_048_576);
    expect(summary).toMatch(/^## ❌ /);
    expect(summary).toContain("more characters)");
  });
});
