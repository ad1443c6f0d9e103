import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { fill } from "../../src/smoke/fill.ts";
import { readSpec } from "../../src/smoke/read-spec.ts";
import { anyCharacter } from "../any-character.ts";
import { anyMistake, anySpec, listPlaces, replaceAt } from "./any-spec.ts";

const DEFAULTS = { namespace: "default", timeout: 60_000, interval: 1_000 };
const read = (text: string, bindings: Readonly<Record<string, unknown>> = {}) =>
  readSpec({ file: "smoke.yaml", text }, bindings, DEFAULTS);
/** As YAML, with what would be filled in written as text. */
const write = (value: unknown) => stringify(value, { aliasDuplicateObjects: false }).replace(/\$+(?=\{)/g, "$&$&");

/** Problems have to be inside of the file, in its order, and each is told once. */
function expectPlaced(text: string, found: ReturnType<typeof read>): void {
  if (!("problems" in found)) return;
  const lines = text.split("\n");
  expect(found.problems.length).toBeGreaterThan(0);
  for (const { file, line, column, message } of found.problems) {
    expect(file).toBe("smoke.yaml");
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(Math.max(1, lines.length));
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
    expect(message).not.toMatch(/undefined|\[object|Invalid (?:type|key)/);
  }
  const told = found.problems.map((problem) => JSON.stringify(problem));
  expect(new Set(told).size).toBe(told.length);
}

describe("whatever stands in a file", () => {
  test("a spec that is right is read", () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        expect(read(write(spec))).toHaveProperty("value.steps.length", spec.spec.steps.length);
      }),
    );
  });

  test("a mistake at any place is told inside of the file, or is none", () => {
    fc.assert(
      fc.property(anySpec, fc.nat(), anyMistake, (spec, at, mistake) => {
        const places = listPlaces(spec);
        const text = write(replaceAt(spec, places[at % places.length] ?? [], mistake));
        expectPlaced(text, read(text));
      }),
      { numRuns: 150 },
    );
  });

  test("any value is refused with reasons", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = write(value);
        const found = read(text);
        expect(found).toHaveProperty("problems");
        expectPlaced(text, found);
      }),
    );
  });

  test("any text is refused with reasons", () => {
    const letters = fc.constantFrom(
      "\n",
      " ",
      ":",
      "-",
      "{",
      "}",
      "[",
      "]",
      "$",
      "&",
      "*",
      "!",
      "'",
      '"',
      "|",
      ">",
      "?",
      "#",
      "%",
      "\t",
      "\r",
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(letters, anyCharacter), maxLength: 60 }), (text) => {
        const found = read(text);
        expect(found).toHaveProperty("problems");
        if ("problems" in found) expect(found.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });
});

describe("whatever is filled in", () => {
  const value = fc.oneof(
    fc.string({ unit: fc.oneof(fc.constantFrom("$", "{", "}", "\n", ":", "-", '"'), anyCharacter), minLength: 1 }),
    fc.integer(),
    fc.boolean(),
  );
  const text = stringify({
    apiVersion: "mayfly/v1alpha1",
    kind: "SmokeTest",
    metadata: { name: "any" },
    spec: {
      steps: [
        {
          name: "one",
          try: [
            {
              http: {
                url: "http://a/",
                status: 200,
                requestBody: { whole: "${one}", part: "<${one}${two}>", all: "${both}" },
              },
            },
          ],
        },
      ],
    },
  });

  test("stands in its place and nowhere else, before and after the second filling", () => {
    fc.assert(
      fc.property(value, value, (one, two) => {
        const both = { one, list: [two, { two }] };
        const found = read(text, { one, two, both });
        const [check, ...others] = "value" in found ? (found.value.steps[0]?.try ?? []) : [];
        expect(others).toEqual([]);
        const payload = check !== undefined && "with" in check ? fill(check.with, { two: "never" }) : {};
        expect(payload).toMatchObject({ requestBody: { whole: one, part: `<${one}${two}>`, all: both } });
      }),
    );
  });
});
