import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isSameCpu, isSameMemory, parseCpuMax, parseCpuQuota, parseMemoryLimit } from "../../src/smoke/cgroup.ts";

test.each<[string, number | undefined]>([
  ["50000 100000\n", 0.5],
  ["200000 100000", 2],
  ["max 100000\n", Infinity],
  ["max", undefined],
  ["", undefined],
  ["50000 0", undefined],
  ["50000 100000 1", undefined],
  ["cat: can't open", undefined],
])("cpu.max %j is %p cores", (text, cores) => {
  expect(parseCpuMax(text)).toBe(cores);
});

test.each<[string, string, number | undefined]>([
  ["50000\n", "100000\n", 0.5],
  ["-1\n", "100000\n", Infinity],
  ["0", "100000", undefined],
  ["50000", "", undefined],
])("a quota of %j in %j is %p cores", (quota, period, cores) => {
  expect(parseCpuQuota(quota, period)).toBe(cores);
});

test.each<[string, number | undefined]>([
  ["268435456\n", 268_435_456],
  ["max\n", Infinity],
  ["9223372036854771712\n", Infinity],
  ["9223372036854710272\n", Infinity],
  ["-1", Infinity],
  ["0", 0],
  ["", undefined],
  ["256Mi", undefined],
])("a memory limit of %j is %p bytes", (text, bytes) => {
  expect(parseMemoryLimit(text)).toBe(bytes);
});

describe("isSameCpu", () => {
  test.each<[number, number, boolean]>([
    [0.5, 0.5, true],
    [0.5, 0.25, false],
    [0.5, Infinity, false],
    [0.125, 0.13, true],
    [0.125, 0.12, false],
    [0.005, 0.01, true],
    [0.005, 0.005, false],
    [2, 2, true],
    [2, 2.01, false],
    [1 / 3, 0.33333, true],
  ])("asked for %d, %d is the same: %p", (wanted, seen, same) => {
    expect(isSameCpu(wanted, seen)).toBe(same);
  });

  test("what the kubelet makes of millicores is the same, and of two more is not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 64_000 }), (millicores) => {
        const quota = (milli: number): string => `${Math.trunc((milli * 100_000) / 1_000)} 100000`;
        expect(isSameCpu(millicores / 1_000, parseCpuMax(quota(millicores)) ?? 0)).toBe(true);
        fc.pre((millicores + 2) % 10 !== 0);
        expect(isSameCpu(millicores / 1_000, parseCpuMax(quota(millicores + 2)) ?? 0)).toBe(false);
      }),
    );
  });
});

describe("isSameMemory", () => {
  test.each<[number, number, boolean]>([
    [268_435_456, 268_435_456, true],
    [1_000_000, 999_424, true],
    [1_000_000, 983_040, true],
    [1_000_000, 1_003_520, false],
    [268_435_456, 134_217_728, false],
    [268_435_456, Infinity, false],
  ])("asked for %d, %d is the same: %p", (wanted, seen, same) => {
    expect(isSameMemory(wanted, seen)).toBe(same);
  });
});
