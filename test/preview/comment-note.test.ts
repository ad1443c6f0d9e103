import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { addNote } from "../../src/preview/comment-note.ts";
import { anyCharacter } from "../any-character.ts";

const character = fc.oneof(fc.constantFrom(..."-<>|`\n\r"), anyCharacter);
const BODY = "<!-- mayfly:preview:pr-12 -->\n## Ready\n\n| a | b |\n| --- | --- |";

test("a note stands at the end, alone, and all else stays", () => {
  const first = addNote(BODY, "Once", 65_536) ?? "";
  expect(first.startsWith(`${BODY}\n\n`)).toBe(true);
  const second = addNote(first, "Twice", 65_536) ?? "";
  expect(second.startsWith(`${BODY}\n\n`)).toBe(true);
  expect(second).toContain("> Twice");
  expect(second).not.toContain("Once");
});

test("a note is one line, whatever it is, and fits or is left out", () => {
  fc.assert(
    fc.property(fc.string({ unit: character }), fc.nat(400), (text, budget) => {
      const whole = addNote(BODY, text, budget);
      if (whole === undefined) return;
      expect(whole.length).toBeLessThanOrEqual(budget);
      expect(whole.slice(BODY.length).split(/\r\n|\r|\n/)).toHaveLength(7);
    }),
  );
  expect(addNote(BODY, "x", 50)).toBeUndefined();
});
