import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../../../src/actions/acr-import/outcome.ts";
import { parseImages } from "../../../src/actions/acr-import/parse-images.ts";
import type { ImageRecord } from "../../../src/actions/acr-import/record.ts";
import { renderSummary } from "../../../src/actions/acr-import/render-summary.ts";
import { renderTimeline } from "../../../src/actions/acr-import/render-timeline.ts";

const NOW = new Date("2026-11-21T09:17:00Z");
const DIGEST = `sha256:${"3e23e816".repeat(8)}`;
const ENDING = { dryRun: false, failure: undefined };

function record(line: string, outcome: Outcome, more: Partial<ImageRecord> & { readonly seconds?: number } = {}) {
  const [image] = parseImages([line]).images;
  if (image === undefined) throw new Error(line);
  const { seconds = 13, ...given } = more;
  const companions = { found: 0, copied: 0, note: undefined };
  const finishedAt = new Date(NOW.getTime() + seconds * 1000);
  return { image, registry: "mayfly.azurecr.io", outcome, companions, startedAt: NOW, finishedAt, ...given };
}

const APP = "ghcr.io/org/app:1";
const imported: Outcome = { kind: "imported", digest: DIGEST, replaced: undefined };
const rowOf = (markdown: string, words: string): string =>
  markdown.split("\n").find((line) => line.startsWith("|") && line.includes(words)) ?? "";

describe("the summary", () => {
  test("begins with what went wrong, in words that fit a cell", () => {
    const failed: Outcome = { kind: "failed", code: "import-denied", because: "ARM answered 403.\nTo do: az role x" };
    const summary = renderSummary([record(APP, imported), record("a.io/b:1", failed)], ENDING);
    expect(summary).toMatch(/^## ❌ 1 image could not be imported\n/);
    expect(summary.indexOf("`b:1`")).toBeLessThan(summary.indexOf("`org/app:1`"));
    expect(rowOf(summary, "❌ failed")).toMatch(/\| ARM answered 403\. \|$/);
    expect(rowOf(summary, "✅ imported")).toMatch(/\| imported sha256:3e23e8163e23 in 13s \|$/);
    expect(summary).toContain("```\nARM answered 403.\nTo do: az role x\n```");
  });

  test("says once what several images failed of", () => {
    const failed: Outcome = { kind: "failed", code: "import-denied", because: "no\nTo do: this" };
    const records = [record(APP, failed), record("a.io/b:1", failed)];
    const summary = renderSummary(records, ENDING);
    expect(summary.match(/To do: this/g)?.length).toBe(1);
    expect(summary).toContain("**`mayfly.azurecr.io/org/app:1`** and 1 more:");
  });

  test("has whole digests only where there is room for them", () => {
    const summary = renderSummary([record(`ghcr.io/org/app@${DIGEST}`, imported)], ENDING);
    expect(rowOf(summary, "✅")).not.toContain(DIGEST);
    expect(summary.split("<details>")[1]).toContain(DIGEST);
  });

  test.each([
    [
      "a dry run",
      { ...ENDING, dryRun: true },
      { kind: "would-import", digest: DIGEST, replaced: undefined } as const,
      "🔎 Dry run: 1 image would be imported",
    ],
    ["nothing to do", ENDING, { kind: "there", digest: DIGEST } as const, "✅ 1 image needed no import"],
    [
      "an import under way",
      ENDING,
      { kind: "unfinished", because: "late" } as const,
      "⏳ 1 image not proven to be there",
    ],
  ])("of %s says so", (_, ending, outcome, title) => {
    expect(renderSummary([record(APP, outcome)], ending)).toContain(`## ${title}\n`);
  });

  test("stays within its budget, and counts what it leaves out", () => {
    const records = Array.from({ length: 500 }, (_, n) => record(`ghcr.io/org/app:${n}`, imported));
    const summary = renderSummary(records, ENDING, 4_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(4_000);
    expect(summary).toMatch(/… and \d+ more, in the JSON report\./);
  });

  test("obeys nothing that a registry says", () => {
    const because = "| a | <img src=x> ::error:: @octo\n```\n## heading";
    const summary = renderSummary([record(APP, { kind: "failed", code: "x", because })], ENDING);
    expect(rowOf(summary, "❌")).not.toContain("<img");
    expect(rowOf(summary, "❌").match(/(?<!\\)\|/g)?.length).toBe(6);
    // Longer than any fence inside, so that nothing in it is more than text.
    expect(summary).toContain("````\n| a |");
  });
});

describe("the picture", () => {
  test("has a bar for each copy, by registry", () => {
    const picture = renderTimeline([
      record(APP, imported),
      record(`ghcr.io/org/app@${DIGEST}`, imported, { registry: "eu.azurecr.io" }),
      record(APP, { kind: "there", digest: DIGEST }, { registry: "eu.azurecr.io" }),
      record(APP, { kind: "failed", code: "x", because: "never begun" }, { registry: "nope", seconds: 0 }),
    ]);
    expect(picture.split("\n").slice(5, -1)).toEqual([
      "  section mayfly",
      "    org/app 1 :done, 2026-11-21T09:17:00, 2026-11-21T09:17:13",
      "  section eu",
      "    org/app 3e23e8163e23 :done, 2026-11-21T09:17:00, 2026-11-21T09:17:13",
    ]);
  });

  test("is left out when nothing was copied", () => {
    expect(renderTimeline([record(APP, { kind: "there", digest: DIGEST })])).toBe("");
  });
});
