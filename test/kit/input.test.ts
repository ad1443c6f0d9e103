import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  choice,
  duration,
  Expected,
  flag,
  type Input,
  lines,
  pairs,
  quantity,
  script,
  secret,
  text,
} from "../../src/kit/input.ts";
import { yamlBlock } from "../../src/kit/yaml-block.ts";
import { anyCharacter } from "../any-character.ts";

const description = "An input.";

interface Case {
  readonly name: string;
  readonly input: Input<unknown>;
  readonly given: string;
  readonly value: unknown;
}

const readable: readonly Case[] = [
  { name: "a text", input: text({ description }), given: "a b", value: "a b" },
  { name: "a text that matches", input: text({ description, pattern: /^\d+$/ }), given: "12", value: "12" },
  { name: "a script of several lines", input: script({ description }), given: "a\r\n\n # b\nc", value: "a\n\n # b\nc" },
  { name: "true in any case", input: flag({ description, default: "false" }), given: "True", value: true },
  { name: "false", input: flag({ description, default: "true" }), given: "false", value: false },
  { name: "a choice", input: choice("report", "delete")({ description }), given: "delete", value: "delete" },
  {
    name: "lines without blanks, comments and carriage returns",
    input: lines({ description }),
    given: "one\r\n\n  two # kept \n# not kept\n",
    value: ["one", "two # kept"],
  },
  { name: "no lines", input: lines({ description }), given: "", value: [] },
  {
    name: "pairs, split at the first =",
    input: pairs({ description }),
    given: "a=b=c\nd = e ",
    value: { a: "b=c", d: "e" },
  },
  { name: "a pair with an empty value", input: pairs({ description }), given: "a=", value: { a: "" } },
  { name: "a duration, in milliseconds", input: duration({ description }), given: "1h30m", value: 5_400_000 },
  {
    name: "a duration at both of its bounds",
    input: duration({ description, min: "1h", max: "60m" }),
    given: "1h",
    value: 3_600_000,
  },
  {
    name: "a quantity at its bound",
    input: quantity({ description, unit: "groups", min: 0, max: 20 }),
    given: "20",
    value: 20,
  },
  { name: "a secret as it is", input: secret({ description }), given: "s=e#cret", value: "s=e#cret" },
  {
    name: "a YAML mapping",
    input: yamlBlock({ description }),
    given: "a: [1, two]\nb: {c: null}",
    value: { a: [1, "two"], b: { c: null } },
  },
  { name: "an empty YAML block", input: yamlBlock({ description }), given: "# nothing", value: {} },
];

const unreadable: readonly (Omit<Case, "value"> & { readonly expected: string })[] = [
  { name: "a text of two lines", input: text({ description }), given: "a\nb", expected: "a single line" },
  {
    name: "a text that does not match",
    input: text({ description, pattern: /^\d+$/, expected: "a number" }),
    given: "1x",
    expected: "a number",
  },
  { name: "yes for a flag", input: flag({ description, default: "true" }), given: "yes", expected: "true or false" },
  {
    name: "a choice that is none",
    input: choice("report", "delete")({ description }),
    given: "Delete",
    expected: "one of report, delete",
  },
  {
    name: "one line that does not match",
    input: lines({ description, pattern: /^[a-z]+$/, expected: "a name" }),
    given: "a\nB\nc",
    expected: 'a name on each line, not "B"',
  },
  {
    name: "only comments where lines are required",
    input: lines({ description, required: true }),
    given: "# a",
    expected: "at least one line",
  },
  {
    name: "a pair without =",
    input: pairs({ description }),
    given: "a=1\nb",
    expected: 'key=value on each line, not "b"',
  },
  {
    name: "a pair without key",
    input: pairs({ description }),
    given: "=1",
    expected: 'key=value on each line, not "=1"',
  },
  {
    name: "a key twice",
    input: pairs({ description }),
    given: "a=1\na=1",
    expected: 'each key once, but "a" stands twice',
  },
  {
    name: "a number without unit as a duration",
    input: duration({ description }),
    given: "90",
    expected: "a duration such as 90s, 30m, 8h, 1h30m or 7d",
  },
  { name: "too short a duration", input: duration({ description, min: "1h" }), given: "59m", expected: "at least 1h" },
  { name: "too long a duration", input: duration({ description, max: "1h" }), given: "61m", expected: "at most 1h" },
  ...["21", "-1", "1.5", "1e1", "0x1", "", " ", "twenty"].map((given) => ({
    name: `${JSON.stringify(given)} as a quantity`,
    input: quantity({ description, unit: "groups", min: 0, max: 20 }),
    given,
    expected: "a whole number of groups from 0 to 20",
  })),
  { name: "a YAML list", input: yamlBlock({ description }), given: "- a", expected: "a YAML mapping (key: value)" },
  { name: "a YAML text", input: yamlBlock({ description }), given: "a", expected: "a YAML mapping (key: value)" },
  {
    name: "broken YAML, with its place",
    input: yamlBlock({ description }),
    given: "a: 1\nb: [",
    expected: "YAML, but at line 2, column 5: ",
  },
  {
    name: "a YAML key twice",
    input: yamlBlock({ description }),
    given: "a: 1\na: 2",
    expected: "YAML, but at line 2, column 1: ",
  },
  {
    name: "YAML that unfolds to more than it says",
    input: yamlBlock({ description }),
    given: "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    expected: "YAML without aliases (*name)",
  },
];

test.each(readable)("reads $name", ({ input, given, value }) => {
  expect(input.read(given)).toEqual(value);
});

test.each(unreadable)("refuses $name", ({ input, given, expected }) => {
  expect(() => input.read(given)).toThrow(Expected);
  expect(() => input.read(given)).toThrow(expected);
});

describe("for any text", () => {
  const anyInput = fc.constantFrom<Input<unknown>>(
    text({ description, pattern: /^a/ }),
    flag({ description, default: "true" }),
    choice("a", "b")({ description }),
    lines({ description, pattern: /^a/ }),
    pairs({ description }),
    duration({ description, min: "1s", max: "1h" }),
    quantity({ description, unit: "x", min: -1, max: 1 }),
    yamlBlock({ description }),
  );

  test("a reader gives a value or says what it expected, and fails in no other way", () => {
    fc.assert(
      fc.property(anyInput, fc.string({ unit: anyCharacter, maxLength: 40 }), (input, given) => {
        try {
          return input.read(given) !== undefined;
        } catch (error) {
          return error instanceof Expected && error.message !== "";
        }
      }),
    );
  });

  test("a YAML block fails in no other way either, whatever signs it holds", () => {
    const yamlish = fc.string({ unit: fc.constantFrom(..."ab:&*-[]{}!|>'\"%#?, \n"), maxLength: 30 });
    const { read } = yamlBlock({ description });
    fc.assert(
      fc.property(yamlish, (given) => {
        try {
          return typeof read(given) === "object";
        } catch (error) {
          return error instanceof Expected;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("pairs that were written can be read, whatever their values are", () => {
    const key = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
    const value = fc.stringMatching(/^[\w=#:|&*]{0,12}$/);
    fc.assert(
      fc.property(fc.dictionary(key, value), (record) => {
        const given = Object.entries(record).map(([name, content]) => `${name}=${content}`);
        expect(pairs({ description }).read(given.join("\n"))).toEqual({ ...record });
      }),
    );
  });
});
