import { describe, expect, test } from "@jest/globals";
import { renderDiff } from "../../../src/actions/terraform/render-diff.ts";
import { attribute } from "./stories.ts";

const LIMITS = { valueCharacters: 100, resourceCharacters: 1_000 };
const lines = (...attributes: Parameters<typeof renderDiff>[0]): readonly string[] =>
  renderDiff(attributes, LIMITS).split("\n");

describe("the diff of a resource", () => {
  test("has what goes and what comes, and first what forces a replacement", () => {
    const forced = { ...attribute("name", '"a"', '"b"'), forcesReplacement: true };
    expect(lines(attribute("size", "1", "2"), attribute("id", undefined, "(known after apply)"), forced)).toEqual([
      '- name = "a"',
      '+ name = "b" # forces replacement',
      "- size = 1",
      "+ size = 2",
      "+ id = (known after apply)",
    ]);
  });

  test("says once what nobody may see", () => {
    expect(lines(attribute("value", "(sensitive value)", "(sensitive value)"))).toEqual([
      "! value = (sensitive value)",
    ]);
  });

  test("shows of long values the lines that differ, and a few around them", () => {
    const before = ["1", "2", "3", "4", "old", "6", "7", "8", "9"];
    const after = before.with(4, "new");
    expect(lines(attribute("yaml", before.join("\n"), after.join("\n")))).toEqual([
      "! yaml =",
      "      …",
      "      3",
      "      4",
      "-     old",
      "+     new",
      "      6",
      "      7",
      "      …",
    ]);
    expect(lines(attribute("yaml", undefined, "a\nb"))).toEqual(["+ yaml =", "+     a", "+     b"]);
    expect(lines(attribute("yaml", "a\nb", undefined))).toEqual(["- yaml =", "-     a", "-     b"]);
  });

  test("keeps a name in its line", () => {
    expect(lines(attribute('tags["a\n- b"]', undefined, "1"))).toEqual(['+ tags["a - b"] = 1']);
  });

  test("ends between two attributes, and says how many are missing", () => {
    const many = Array.from({ length: 50 }, (_, index) => attribute(`a${index}`, undefined, "x".repeat(400)));
    const shown = lines(...many);
    expect(shown.join("\n").length).toBeLessThan(1_100);
    expect(shown[0]).toBe(`+ a0 = ${"x".repeat(100)}… (300 more characters)`);
    expect(shown.at(-1)).toBe(`# … and ${50 - shown.length + 1} more attributes`);
  });
});
