import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseExpiry, renderExpiry } from "../../src/ttl/expiry.ts";

describe("an expiry that is read", () => {
  test.each([
    ["2026-11-21T13:00:00Z", "2026-11-21T13:00:00.000Z"],
    ["2026-11-21t13:00:00z", "2026-11-21T13:00:00.000Z"],
    ["  2026-11-21T13:00:00Z ", "2026-11-21T13:00:00.000Z"],
    ["2026-11-21T13:00:00.123456789Z", "2026-11-21T13:00:00.123Z"],
    ["2026-11-21T13:00:00+07:00", "2026-11-21T06:00:00.000Z"],
    ["2026-11-21T13:00:00-03:30", "2026-11-21T16:30:00.000Z"],
    ["2026-11-21T13:00:00+14:00", "2026-11-20T23:00:00.000Z"],
    ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ])("%s is %s", (text, utc) => {
    expect(parseExpiry(text)).toEqual({ at: new Date(utc) });
  });

  test("comes back as it was written, whatever the offset", () => {
    const moment = fc.date({
      min: new Date("2020-01-02T00:00:00Z"),
      max: new Date("2099-12-30T00:00:00Z"),
      noInvalidDate: true,
    });
    const offset = fc.integer({ min: -12 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moment, offset, (date, minutes) => {
        const at = new Date(Math.floor(date.getTime() / 1000) * 1000);
        const local = renderExpiry(new Date(at.getTime() + minutes * 60_000)).slice(0, -1);
        const size = Math.abs(minutes);
        const sign = minutes < 0 ? "-" : "+";
        const text = `${local}${sign}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
        expect(parseExpiry(text)).toEqual({ at });
        expect(parseExpiry(renderExpiry(at))).toEqual({ at });
      }),
    );
  });
});

describe("an expiry that is a doubt", () => {
  test.each([
    ["tomorrow 5", "not RFC 3339"],
    ["12", "not RFC 3339"],
    ["expires 2026", "not RFC 3339"],
    ["", "empty"],
    ["2026-02-30T00:00:00Z", "not on the calendar"],
    ["2026-02-29T00:00:00Z", "not on the calendar"],
    ["2026-13-01T00:00:00Z", "not on the calendar"],
    ["2026-00-10T00:00:00Z", "not on the calendar"],
    ["2026-11-21T13:00:00", "no offset"],
    ["2026-11-21", "without a time"],
    ["2026-11-21 13:00:00Z", "space"],
    ["21.11.2026", "cannot be told apart"],
    ["11/21/2026 13:00", "cannot be told apart"],
    ["2026-11-21T24:00:00Z", "not a time of day"],
    ["2026-11-21T23:59:60Z", "not a time of day"],
    ["2026-11-21T13:60:00Z", "not a time of day"],
    ["2026-11-21T13:00:00-00:00", "not an offset in use"],
    ["2026-11-21T13:00:00+14:01", "not an offset in use"],
    ["2026-11-21T13:00:00-12:01", "not an offset in use"],
    ["2026-11-21T13:00:00+01:60", "not an offset in use"],
    ["2026-11-21T13:00:00+0100", "not RFC 3339"],
    ["2026-11-21T13:00Z", "not RFC 3339"],
    ["2019-12-31T23:59:59Z", "before 2020"],
    ["0001-01-01T00:00:00Z", "before 2020"],
    ["٢٠٢٦-11-21T13:00:00Z", "not RFC 3339"],
    ["1795266000", "not RFC 3339"],
  ])("%s: %s", (text, problem) => {
    expect(parseExpiry(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test("no text at all makes it throw, and what it reads is a real moment", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/)),
        (text) => {
          const expiry = parseExpiry(text);
          if ("at" in expiry) expect(Number.isNaN(expiry.at.getTime())).toBe(false);
          else expect(expiry.problem).not.toBe("");
        },
      ),
    );
  });
});
