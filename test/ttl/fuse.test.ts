import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideFuse } from "../../src/ttl/fuse.ts";

const limits = { maxDeletions: 20, maxPercentage: 50 };

test.each([
  [0, 0, "holds"],
  [9, 9, "holds"],
  [10, 20, "holds"],
  [10, 19, "tripped"],
  [20, 40, "holds"],
  [21, 1000, "tripped"],
])("%i expired of %i marked: the fuse %s", (expired, marked, kind) => {
  expect(decideFuse(expired, marked, limits).kind).toBe(kind);
});

test("says which limit it was", () => {
  expect(decideFuse(21, 1000, limits)).toMatchObject({ limit: "max-deletions" });
  expect(decideFuse(10, 10, limits)).toMatchObject({ limit: "max-percentage" });
});

test("max-deletions 0 deletes nothing, ever", () => {
  expect(decideFuse(1, 100, { maxDeletions: 0, maxPercentage: 100 }).kind).toBe("tripped");
});

test("never lets more go than max-deletions, and more expired never mends a tripped fuse", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.nat(100), fc.nat(100), (expired, others, maxDeletions, maxPercentage) => {
      const own = { maxDeletions, maxPercentage };
      const fuse = decideFuse(expired, expired + others, own);
      if (fuse.kind === "holds") expect(expired).toBeLessThanOrEqual(maxDeletions);
      else expect(decideFuse(expired + 1, expired + 1 + others, own).kind).toBe("tripped");
    }),
  );
});
