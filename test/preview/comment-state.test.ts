import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CommentState, NO_STATE, parseState, renderState } from "../../src/preview/comment-state.ts";
import { anyCharacter } from "../any-character.ts";

const character = fc.oneof(fc.constantFrom(..."-<>!\n\r"), anyCharacter);
const SHA = "0123456789abcdef0123456789abcdef01234567";
const FULL: CommentState = {
  phase: "ready",
  headSha: SHA,
  url: "https://pr-12.preview.example.com/a--b?c=<d>-->",
  expiresAt: new Date("2026-11-23T05:00:00Z"),
  queuedAt: new Date("2026-11-22T05:00:00.123Z"),
  destroyAskedAt: new Date("2026-11-22T06:00:00Z"),
  wantedAt: new Date("2026-11-22T07:00:00Z"),
  cluster: "aks-shared_1",
  namespace: "pr-12-599293758",
};

describe("the state in a comment", () => {
  test("comes back as it was written, wherever it stands", () => {
    expect(parseState(`<!-- mayfly:preview:pr-12 -->\n${renderState(FULL)}\n## Ready`)).toEqual(FULL);
    expect(parseState(renderState(NO_STATE))).toEqual(NO_STATE);
  });

  test("ends where it ends, whatever stands in it", () => {
    const rendered = renderState(FULL);
    expect(rendered.indexOf("-->")).toBe(rendered.length - 3);
    expect(rendered.slice(4, -3)).not.toMatch(/--|[<>]/);
    expect(rendered).not.toContain("\n");
  });

  test("is one HTML comment for any address", () => {
    fc.assert(
      fc.property(fc.string({ unit: character }), (text) => {
        const rendered = renderState({ ...NO_STATE, url: text });
        expect(rendered.slice(4, -3)).not.toMatch(/--|[<>]/);
        expect(rendered.indexOf("-->")).toBe(rendered.length - 3);
      }),
    );
  });

  test.each([
    ["nothing", ""],
    ["another comment", "<!-- mayfly:preview:pr-12 -->"],
    ["one that does not end", '<!-- mayfly:state {"v":1}'],
    ["no JSON", "<!-- mayfly:state {v:1} -->"],
    ["a list", "<!-- mayfly:state [1] -->"],
    ["a text", '<!-- mayfly:state "x" -->'],
    ["null", "<!-- mayfly:state null -->"],
    ["one that is too long", `<!-- mayfly:state {"url":"${"x".repeat(9_000)}"} -->`],
  ])("is none in %s", (_, body) => {
    expect(parseState(body)).toBeUndefined();
  });

  test("gives up what is not in its form, and keeps the rest", () => {
    const odd = {
      v: 99,
      phase: 7,
      headSha: "HEAD; rm -rf /",
      url: "javascript:alert(1)",
      expiresAt: "tomorrow",
      queuedAt: "2026-13-45T99:00:00Z",
      destroyAskedAt: "2026-11-22T06:00:00Z",
      wantedAt: "now",
      cluster: "aks; rm",
      namespace: "../kube-system",
      more: { constructor: 1 },
    };
    expect(parseState(`<!-- mayfly:state ${JSON.stringify(odd)} -->`)).toEqual({
      ...NO_STATE,
      destroyAskedAt: new Date("2026-11-22T06:00:00Z"),
    });
  });

  test("of anything at all is read without an error", () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ unit: character }), (json, text) => {
        parseState(`<!-- mayfly:state ${json} -->${text}`);
        parseState(text);
      }),
    );
  });
});
