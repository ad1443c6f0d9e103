import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseQuantity, renderBytes, renderCores } from "../../src/smoke/quantity.ts";

describe("parseQuantity", () => {
  test.each<[string | number, number]>([
    ["500m", 0.5],
    ["1", 1],
    [2, 2],
    ["0.1", 0.1],
    ["100m", 0.1],
    ["1.5", 1.5],
    [".5", 0.5],
    ["5.", 5],
    ["256Mi", 268_435_456],
    ["1Ki", 1024],
    ["1k", 1000],
    ["128M", 128_000_000],
    ["2Gi", 2_147_483_648],
    ["1E", 1e18],
    ["1e3", 1000],
    ["1E3", 1000],
    ["12e-1", 1.2],
    ["250u", 0.00025],
    ["10n", 1e-8],
    ["-1", -1],
    ["+1Mi", 1_048_576],
    [" 1 ", 1],
  ])("%s is %d", (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  test.each([
    "",
    "m",
    "1 Mi",
    "1K",
    "1mi",
    "1ki",
    "one",
    "1.2.3",
    "0x10",
    "Infinity",
    "1e",
    "1e3Mi",
    "1e999",
    "NaN",
    "--1",
  ])("%j is none", (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  test("a number that is no number is none", () => {
    expect(parseQuantity(Number.NaN)).toBeUndefined();
    expect(parseQuantity(Infinity)).toBeUndefined();
  });
});

describe("renderCores and renderBytes", () => {
  test.each<[number, string]>([
    [0.5, "500m"],
    [2, "2"],
    [0.125, "125m"],
    [0.333, "333m"],
    [0.0005, "0.5m"],
    [1.25, "1250m"],
    [Infinity, "unlimited"],
  ])("%d cores are %s", (cores, told) => {
    expect(renderCores(cores)).toBe(told);
  });

  test.each<[number, string]>([
    [268_435_456, "256Mi"],
    [1_000, "1000"],
    [1_024, "1Ki"],
    [0, "0"],
    [Infinity, "unlimited"],
  ])("%d bytes are %s", (bytes, told) => {
    expect(renderBytes(bytes)).toBe(told);
  });

  test("what is written is read as the same again", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (bytes, millicores) => {
        expect(parseQuantity(renderBytes(bytes))).toBe(bytes);
        expect(parseQuantity(renderCores(millicores / 1_000))).toBeCloseTo(millicores / 1_000, 9);
      }),
    );
  });
});
