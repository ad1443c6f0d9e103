import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { harmless } from "../../src/kit/harmless.ts";
import { splitLines } from "../../src/kit/split-lines.ts";
import { cpuMs } from "../cpu-ms.ts";

/** The lines of bytes that come in chunks, cut at these places. */
function read(bytes: Buffer, cuts: readonly number[] = []): readonly string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  places.forEach((from, index) => {
    splitter.write(bytes.subarray(from, places[index + 1]));
  });
  splitter.end();
  return lines;
}

const pieces = fc.array(fc.constantFrom("a", "ä", "😀", "\n", "\r", "\r\n", " ", "::error::x"), { maxLength: 30 });
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

describe("lines", () => {
  test("are the same wherever the chunks part, in the middle of a character too", () => {
    fc.assert(
      fc.property(pieces, cuts, (parts, places) => {
        const bytes = Buffer.from(parts.join(""));
        expect(read(bytes, places)).toEqual(read(bytes));
      }),
    );
  });

  test("hold everything that was printed, and nothing twice", () => {
    fc.assert(
      fc.property(pieces, cuts, (parts, places) => {
        const text = parts.join("");
        const expected = text.split(/[\r\n]/).map((line) => harmless(line));
        expect(read(Buffer.from(text), places).join("")).toBe(expected.join(""));
      }),
    );
  });

  test("end at every kind of break; an empty one counts, but not between the steps of a progress bar", () => {
    expect(read(Buffer.from("a\n\nb\r\nc\r10 %\r\r20 %\r\nd"))).toEqual(["a", "", "b", "c", "10 %", "20 %", "d"]);
    expect(read(Buffer.from(""))).toEqual([]);
    expect(read(Buffer.from("a\n"))).toEqual(["a"]);
  });

  test("cannot command the runner or the terminal", () => {
    expect(read(Buffer.from("::add-mask::x\n\u001b[31mred\u001b[0m ##[error]\n"))).toEqual([
      ": :add-mask::x",
      "red ## [error]",
    ]);
  });

  test("that never end are given out in pieces of a bounded length, whole characters in each", () => {
    const lines: string[] = [];
    const splitter = splitLines((line) => lines.push(line));
    const chunk = Buffer.from("😀".repeat(20_000));
    for (let count = 0; count < 60; count += 1) splitter.write(chunk);
    splitter.end();
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(1_048_576);
    expect(lines.every((line) => line.isWellFormed())).toBe(true);
    expect(lines.join("")).toHaveLength(60 * 40_000);
  });

  test("that come byte by byte cost no more than their length", () => {
    const bytes = Buffer.alloc(400_000, "x");
    const lines: string[] = [];
    const splitter = splitLines((line) => lines.push(line));
    const before = cpuMs();
    for (let index = 0; index < bytes.length; index += 1) splitter.write(bytes.subarray(index, index + 1));
    splitter.end();
    expect(lines[0]).toHaveLength(400_000);
    expect(cpuMs() - before).toBeLessThan(5_000);
  });
});
