import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Section, withinBudget } from "../../src/kit/markdown.ts";

const words = fc.string({ unit: fc.constantFrom("a", "é", "🦋", " ", "|"), maxLength: 60 });
const section: fc.Arbitrary<Section> = fc.record(
  {
    text: words,
    rows: fc.array(words, { maxLength: 12 }),
    omitted: fc.constant((n: number) => `_${n} groups are not shown_`),
  },
  { requiredKeys: ["text"] },
);
const sections = fc.array(section, { maxLength: 12 });

describe("a report within a budget", () => {
  test("is never over its bytes", () => {
    fc.assert(
      fc.property(sections, fc.nat({ max: 1500 }), (given, budget) => {
        expect(Buffer.byteLength(withinBudget(given, budget))).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 2000 },
    );
  });

  test("is whole where it fits", () => {
    fc.assert(
      fc.property(sections, (given) => {
        const whole = given.map(({ text, rows = [] }) => [text, ...rows].join("\n")).join("\n\n");
        expect(withinBudget(given, 100_000)).toBe(`${whole}\n`);
      }),
    );
  });

  test("says how many rows and sections are missing", () => {
    const rows = Array.from({ length: 100 }, (_, index) => `| row ${String(index).padStart(3, "0")} |`);
    const given = [
      { text: "# Head" },
      { text: "| Table |", rows },
      { text: "x".repeat(900) },
      { text: "y".repeat(900) },
      { text: "tail" },
    ];
    const report = withinBudget(given, 500);
    const shown = report.match(/^\| row \d+ \|$/gm) ?? [];
    expect(shown.length).toBeGreaterThan(20);
    expect(report).toContain(`… and ${100 - shown.length} more.`);
    expect(report).toContain("| row 000 |");
    expect(report).toMatch(/_[123] more sections? did not fit here\._\n$/);
  });

  test("gives rows up before it gives a later head up only when they are later", () => {
    const first = { text: "first", rows: ["1", "2", "3"] };
    const report = withinBudget([first, { text: "z".repeat(200) }], 130);
    expect(report).toBe("first\n1\n2\n3\n\n_1 more section did not fit here._\n");
  });

  test("fills the budget: one more row would not fit", () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `row ${index}`);
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 3000 }), (budget) => {
        const report = withinBudget([{ text: "head", rows }], budget);
        expect(Buffer.byteLength(report)).toBeGreaterThan(budget - 64 - 16);
      }),
    );
  });
});
