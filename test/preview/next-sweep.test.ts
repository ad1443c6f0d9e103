import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findNextSweep } from "../../src/preview/next-sweep.ts";

const sweepAt = (schedule: string, from: string): string | undefined =>
  findNextSweep(schedule, new Date(from))?.at.toISOString();

describe("the sweep that deletes what has expired", () => {
  test.each([
    ["17 9 * * *", "2026-11-22T14:20:00Z", "2026-11-23T09:17:00.000Z"],
    ["17 9 * * *", "2026-11-22T09:17:00Z", "2026-11-22T09:17:00.000Z"],
    ["17 9 * * *", "2026-11-22T09:17:00.5Z", "2026-11-23T09:17:00.000Z"],
    ["17 * * * *", "2026-12-31T23:18:00Z", "2027-01-01T00:17:00.000Z"],
    ["0 6,18 * * MON-FRI", "2026-11-21T00:00:00Z", "2026-11-23T06:00:00.000Z"],
    ["0 0 13 * 5", "2026-11-22T00:00:00Z", "2026-11-27T00:00:00.000Z"],
    [" 5 4 * jan sun ", "2026-11-22T00:00:00Z", "2027-01-03T04:05:00.000Z"],
  ])("of %j from %s on is at %s", (schedule, from, at) => {
    expect(sweepAt(schedule, from)).toBe(at);
  });

  test("is none for a day that never comes", () => {
    expect(sweepAt("0 0 30 2 *", "2026-11-22T00:00:00Z")).toBeUndefined();
  });

  test.each(["", "@daily", "* * * * * *", "17 9 * *", "61 9 * * *", "0 0 L * *", "0 0 15W * *", "0 0 * * FRI#2", "a"])(
    "is not guessed from %j, which GitHub does not know",
    (schedule) => {
      expect(() => findNextSweep(schedule, new Date("2026-11-22T00:00:00Z"))).toThrow();
    },
  );

  test("is never before the end, and at most a day after it for a daily schedule", () => {
    const from = fc.date({ min: new Date("2024-01-01"), max: new Date("2099-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(from, fc.nat({ max: 59 }), fc.nat({ max: 23 }), (end, minute, hour) => {
        const at = findNextSweep(`${minute} ${hour} * * *`, end)?.at ?? new Date(Number.NaN);
        expect(at.getTime()).toBeGreaterThanOrEqual(end.getTime());
        expect(at.getTime() - end.getTime()).toBeLessThanOrEqual(86_400_000);
        expect([at.getUTCHours(), at.getUTCMinutes()]).toEqual([hour, minute]);
      }),
    );
  });
});
