import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { link, readAddress, renderAddress, renderCommit } from "../../../src/actions/preview/render-link.ts";
import { anyCharacter } from "../../any-character.ts";
import { SHA } from "./stories.ts";

interface Token {
  readonly type: string;
  readonly attrs: readonly (readonly [string, string])[] | null;
  readonly children: readonly Token[] | null;
}
const { default: createMarkdown } = (await import("markdown-it")) as unknown as {
  default: (options: object) => { parse(text: string, env: object): readonly Token[]; validateLink: unknown };
};

/** Where a page leads: every address of it. */
function listTargets(page: string): readonly string[] {
  const markdown = createMarkdown({ html: true, linkify: false });
  // What GitHub refuses is not our matter: what stands there must be right.
  markdown.validateLink = () => true;
  const all = (tokens: readonly Token[]): readonly Token[] =>
    tokens.flatMap((token) => [token, ...all(token.children ?? [])]);
  return all(markdown.parse(page, {})).flatMap(({ attrs }) =>
    (attrs ?? []).flatMap(([name, value]) => (name === "href" || name === "src" ? [value] : [])),
  );
}

describe("an address", () => {
  test("leads where it says, without its scheme", () => {
    expect(renderAddress("https://pr-12.preview.example.com/")).toBe(
      "[pr\\-12.preview.example.com](<https://pr-12.preview.example.com/>)",
    );
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>x</script>",
    "ftp://example.com",
    "https://github.com@evil.example/login",
    "https://user:pw@example.com",
    "//evil.example",
    "www.example.com",
    "",
    "https://",
    "http://[::1]/",
    `https://example.com/${"x".repeat(3_000)}`,
  ])("%j becomes no link", (text) => {
    expect(listTargets(renderAddress(text))).toEqual([]);
    expect(link("label", text)).toBe("label");
  });

  test.each([
    'https://example.com/a"b>c<d)e(f]g[h|i`j\\k',
    "https://example.com/?a=1&copy;=2&lt;#frag",
    "https://example.com/ a\nb",
    "https://ex\u0430mple.com/\u202egnp",
    "https://example.com/*_~[x](https://evil.example)",
  ])("%j leads to its own host alone, in a sentence and in a table", (text) => {
    const host = readAddress(text)?.host;
    for (const page of [renderAddress(text), `| a |\n| - |\n| ${renderAddress(text)} |`]) {
      const targets = listTargets(page);
      expect(targets.map((target) => new URL(target).host)).toEqual([host]);
      expect(new URL(targets[0] ?? "").searchParams.toString()).toBe(readAddress(text)?.searchParams.toString());
    }
  });

  test("is shown as it is sent, so that no other script passes for a name", () => {
    expect(renderAddress("https://ex\u0430mple.com/")).toContain("xn\\-\\-");
  });

  test("never leads elsewhere, whatever its path holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (path) => {
        const targets = listTargets(renderAddress(`https://shop.example/${path}`));
        for (const target of targets) expect(new URL(target).host).toBe("shop.example");
      }),
    );
  });
});

describe("a commit", () => {
  test("leads to its page, by its first digits", () => {
    expect(renderCommit(SHA, "https://github.com", "octo/shop")).toBe(
      `[\`1f3c0a9\`](<https://github.com/octo/shop/commit/${SHA}>)`,
    );
  });

  test.each([
    ["main`", "https://github.com", "octo/shop"],
    [SHA, "javascript:x", "octo/shop"],
    [SHA, "https://github.com", "octo/shop/../../x"],
  ])("%j at %s of %s leads nowhere", (sha, server, repository) => {
    expect(listTargets(renderCommit(sha, server, repository))).toEqual([]);
  });
});
