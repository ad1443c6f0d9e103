import { expect } from "@jest/globals";

interface Markdown {
  render(text: string): string;
}
const { default: createMarkdown } = (await import("markdown-it")) as unknown as {
  default: (options: { html: boolean; linkify: boolean }) => Markdown;
};
const markdown = createMarkdown({ html: true, linkify: true });

/** Texts that would do something to a page, a terminal or a reader. */
export const HOSTILE: readonly string[] = [
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

const OURS = new Set("code details h3 li p pre summary table tbody td th thead tr ul em h4".split(" "));

/** A page has tags, pictures and characters of ours alone. */
export function expectHarmless(text: string): void {
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
export function expectPicture(picture: string): void {
  const ours =
    /^(?:gantt| {2}(?:dateFormat|axisFormat|tickInterval) \S+| {2}todayMarker off| {2}section (?:steps|rollout|checks|cold start)| {4}[^:;#,]+ :(?:done, |crit, )?[\d:.]+, [\d:.]+)$/;
  expect(picture.split("\n").filter((line) => !ours.test(line))).toEqual([]);
  expect(picture.length).toBeLessThan(50_000);
}
