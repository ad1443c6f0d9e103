import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderSummary } from "../../../src/actions/helm-deploy/render-summary.ts";
import { anyCharacter } from "../../any-character.ts";
import { expectHarmless, expectPicture, HOSTILE } from "../hostile-page.ts";
import { release, story } from "./stories.ts";

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
    const summary = renderSummary(story("x", { releases: [release("shop", { parts })], smokes: [] }), 1_048_576);

    const picture = /```mermaid\n([\s\S]*?)\n```/.exec(summary)?.[1] ?? "";
    expectPicture(picture);
    expect(picture).toContain("Pod/pod-1234 ");
    expect(summary).toContain("`Pod/pod-2999`");
  });
});
