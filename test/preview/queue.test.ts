import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { countAhead, holdsPlace, type Mark, parseMark, renderMark, sortQueue } from "../../src/preview/queue.ts";

const at = (text: string): Date => new Date(`2026-11-22T${text}Z`);

describe("the note in a check", () => {
  test("comes back as it was written", () => {
    const mark: Mark = { kind: "queued", at: at("05:00:00"), runId: 4711 };
    expect(renderMark(mark)).toBe("mayfly-queued:2026-11-22T05:00:00.000Z:4711");
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: at("00:00:00") }), fc.nat(), (time, runId) => {
        fc.pre(time.getUTCFullYear() < 10_000);
        expect(parseMark(renderMark({ kind: "started", at: time, runId }))).toEqual({
          kind: "started",
          at: time,
          runId,
        });
      }),
    );
  });

  test("is none in any other text", () => {
    for (const text of ["", "42", "mayfly-queued", "mayfly-queued::1", "mayfly-queued:2026-99-22T05:00:00Z:1", "x"]) {
      expect(parseMark(text)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => expect(parseMark(text)).toBeUndefined()));
  });
});

describe("the queue", () => {
  const queue = [
    { pullRequest: 30, at: at("05:00:00"), runId: 1 },
    { pullRequest: 10, at: at("05:10:00"), runId: 2 },
    { pullRequest: 20, at: at("05:00:00"), runId: 3 },
  ];

  test("is ordered by who waits longest, then by the number", () => {
    expect(sortQueue(queue).map(({ pullRequest }) => pullRequest)).toEqual([20, 30, 10]);
  });

  test("says how many come before one, whether it stands in it already or not", () => {
    expect(countAhead(queue, { pullRequest: 10, at: at("05:10:00") })).toBe(2);
    expect(countAhead(queue, { pullRequest: 40, at: at("05:05:00") })).toBe(2);
    expect(countAhead([], { pullRequest: 40, at: at("05:05:00") })).toBe(0);
    // Its own older entry is not before it.
    expect(countAhead(queue, { pullRequest: 20, at: at("05:20:00") })).toBe(2);
  });

  test("gives each of those that wait a place of its own", () => {
    const item = fc.record({ pullRequest: fc.integer({ min: 1 }), minute: fc.nat(5) });
    const items = fc.uniqueArray(item, { selector: ({ pullRequest }) => pullRequest, maxLength: 12 });
    fc.assert(
      fc.property(items, (entries) => {
        const all = entries.map(({ pullRequest, minute }) => ({
          pullRequest,
          at: new Date(minute * 60_000),
          runId: 1,
        }));
        const places = all.map((own) => countAhead(all, own));
        expect(places.toSorted((a, b) => a - b)).toEqual(all.map((_, index) => index));
      }),
    );
  });
});

test("a start holds its place for half an hour, and a queued one holds none", () => {
  const mark: Mark = { kind: "started", at: at("05:00:00"), runId: 1 };
  expect(holdsPlace(mark, at("05:29:59"))).toBe(true);
  expect(holdsPlace(mark, at("05:30:00"))).toBe(false);
  expect(holdsPlace({ ...mark, kind: "queued" }, at("05:01:00"))).toBe(false);
  expect(holdsPlace(undefined, at("05:01:00"))).toBe(false);
});
