import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideExpiry } from "../../src/ttl/lifetime.ts";

const now = new Date("2026-11-21T12:00:00Z");
const hours = (count: number): number => count * 3_600_000;
const base = { now, ttl: hours(8), maxTtl: undefined, live: undefined, keep: false };

describe("the end of an environment", () => {
  test("is a ttl from now when there is none yet", () => {
    expect(decideExpiry(base)).toEqual(new Date("2026-11-21T20:00:00Z"));
  });

  test("is brought back, never forward", () => {
    expect(decideExpiry({ ...base, live: new Date("2026-11-21T13:00:00Z") })).toEqual(new Date("2026-11-21T20:00:00Z"));
    const later = new Date("2026-11-25T00:00:00Z");
    expect(decideExpiry({ ...base, live: later })).toEqual(later);
  });

  test("is capped, and what somebody set beyond the cap stays", () => {
    expect(decideExpiry({ ...base, maxTtl: hours(2) })).toEqual(new Date("2026-11-21T14:00:00Z"));
    const later = new Date("2026-11-25T00:00:00Z");
    expect(decideExpiry({ ...base, maxTtl: hours(2), live: later })).toEqual(later);
  });

  test("stays as it is where that is asked, and is made where there is none", () => {
    const live = new Date("2026-11-21T12:20:00Z");
    expect(decideExpiry({ ...base, live, keep: true })).toEqual(live);
    expect(decideExpiry({ ...base, keep: true })).toEqual(new Date("2026-11-21T20:00:00Z"));
  });

  test("is never earlier than the live one, and in whole seconds", () => {
    const millisecond = fc.integer({ min: 0, max: hours(24 * 365) });
    fc.assert(
      fc.property(
        millisecond,
        millisecond,
        fc.option(millisecond),
        fc.option(millisecond),
        fc.boolean(),
        (...given) => {
          const [at, ttl, maxTtl, live, keep] = given;
          const start = now.getTime();
          const liveAt = live === null ? undefined : new Date(Math.floor((start + live) / 1000) * 1000);
          const facts = { now: new Date(start + at), ttl, maxTtl: maxTtl ?? undefined, live: liveAt, keep };
          const end = decideExpiry(facts).getTime();
          expect(end).toBeGreaterThanOrEqual(liveAt?.getTime() ?? 0);
          expect(end % 1_000).toBe(0);
          const cap = facts.now.getTime() + Math.min(ttl, maxTtl ?? ttl) + 1_000;
          expect(end).toBeLessThanOrEqual(Math.max(cap, liveAt?.getTime() ?? 0));
        },
      ),
    );
  });
});
