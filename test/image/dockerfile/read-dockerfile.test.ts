import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readDockerfile } from "../../../src/image/dockerfile/read-dockerfile.ts";
import { anyCharacter } from "../../any-character.ts";

interface Row {
  readonly text: string;
  readonly syntax: string;
  readonly args: readonly (readonly [string, string])[];
  readonly stages: readonly {
    readonly name: string;
    readonly base: string;
    readonly line: number;
    readonly sources: readonly string[];
    readonly fetches: readonly string[];
  }[];
}

/** What BuildKit's own parser (v0.32.2: parser.Parse, instructions.Parse, parser.DetectSyntax) made of each text. */
const rows: readonly Row[] = JSON.parse(readFileSync(new URL("../fixtures/dockerfiles.json", import.meta.url), "utf8"));

describe("a Dockerfile", () => {
  test.each(rows.map((row, index) => ({ ...row, index })))("is read as BuildKit reads it: $index", (row) => {
    const { syntax = "", globalArgs, stages } = readDockerfile(row.text);
    expect(syntax).toBe(row.syntax);
    expect(globalArgs.map(({ name, value = "<none>" }) => [name, value])).toEqual(row.args);
    expect(
      stages.map(({ name = "", base, line, sources, fetches }) => ({
        name,
        base,
        line,
        sources: sources.map(({ from }) => from),
        fetches: fetches.map(({ url }) => url),
      })),
    ).toEqual(row.stages);
  });

  test.each([
    ["# syntax=docker/dockerfile:1\nFROM x", "docker/dockerfile:1"],
    ["#syntax = a/b:1 -x\nFROM x", "a/b:1"],
    ["# escape=`\n# syntax=a/b\nFROM x", "a/b"],
    ["#!/usr/bin/docker\n// syntax=a/b\nFROM x", "a/b"],
    ["# note\n# syntax=a/b\nFROM x", undefined],
    ["\n# syntax=a/b\nFROM x", undefined],
    ["FROM x\n# syntax=a/b", undefined],
  ])("%j has the frontend %s", (text, syntax) => {
    expect(readDockerfile(text).syntax).toBe(syntax);
  });

  test("knows its variables with their lines, in every stage", () => {
    const text = "ARG A=1\nFROM x\nENV B=2 \\\n  C=3\nARG D\nRUN <<EOF\nARG E=5\nEOF\n";
    expect(readDockerfile(text).variables).toEqual([
      { keyword: "ARG", name: "A", value: "1", line: 1 },
      { keyword: "ENV", name: "B", value: "2", line: 3 },
      { keyword: "ENV", name: "C", value: "3", line: 4 },
      { keyword: "ARG", name: "D", value: undefined, line: 5 },
    ]);
  });

  test("never fails, whatever the text", () => {
    const piece = fc.oneof(
      anyCharacter,
      fc.constantFrom("FROM ", "\n", "\\\n", "<<EOF", "--from=", "ARG ", "RUN ", "[", '"'),
    );
    fc.assert(
      fc.property(fc.string({ unit: piece }), (text) => {
        expect(readDockerfile(text).instructionCount).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
