import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { overlap } from "../image-tools/free-subnet.ts";
import { addressesOf, chooseSlot } from "./addresses.ts";
import { layoutOf } from "./layout.ts";

const networksOf = (slot: number) => {
  const { cable, pods, services, balancers } = addressesOf(slot);
  return [cable, pods, services, balancers];
};

describe("a cluster's addresses", () => {
  test("are those that nobody else has, or there are none", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const near = fc.tuple(fc.constantFrom(96, 244, 245, 246), fc.integer({ min: 0, max: 70 }), byte);
    const network = fc
      .tuple(near, fc.integer({ min: 18, max: 32 }))
      .map(([[b, c, d], bits]) => `10.${b}.${c}.${d}/${bits}`);
    fc.assert(
      fc.property(fc.array(network, { maxLength: 30 }), (taken) => {
        const free = Array.from({ length: 64 }, (_, slot) => slot).filter((slot) =>
          networksOf(slot).every((own) => !taken.some((other) => overlap(own, other))),
        );
        if (free.length === 0) expect(() => chooseSlot(taken)).toThrow("A cluster needs free networks");
        else expect(chooseSlot(taken)).toBe(free[0]);
      }),
    );
  });

  test("differ from those of every other cluster", () => {
    expect(networksOf(0).filter((own) => networksOf(1).some((other) => overlap(own, other)))).toEqual([]);
  });

  test("come with a name for an interface that the kernel takes, and that no other home has", () => {
    const [one, other] = [layoutOf("/home/runner/.cache/mayfly/cluster", 0), layoutOf("/home/runner/bed", 0)];
    expect(one.mark.length).toBeLessThanOrEqual(15);
    expect(one.mark).not.toBe(other.mark);
  });
});
