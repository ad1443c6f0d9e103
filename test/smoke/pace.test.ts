import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide, type Pace, type Sight } from "../../src/smoke/pace.ts";

const paces = fc.record({
  negated: fc.boolean(),
  timeout: fc.integer({ min: 1, max: 60 }),
  interval: fc.integer({ min: 1, max: 20 }),
  consistently: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })),
});
/** What the world shows, millisecond by millisecond; the last of it stays. */
const worlds = fc.array(fc.constantFrom<Sight>("holds", "not-yet", "never", "unseen"), { minLength: 1, maxLength: 60 });
/** Looks that come before their time, since something has changed. */
const wakes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 });

interface Course {
  readonly outcome: "passed" | "failed";
  /** When looks began, and whether the check was true then. */
  readonly looks: readonly { readonly at: number; readonly sight: Sight; readonly isTrue: boolean }[];
}

/** Looks whenever it is time to, as the engine does. */
function follow(pace: Pace, world: readonly Sight[], early: readonly number[]): Course {
  const looks: Course["looks"][number][] = [];
  const soon = early.values();
  let since: number | undefined;
  for (let at = 0; ; ) {
    const sight = world[Math.min(at, world.length - 1)] ?? "unseen";
    looks.push({ at, sight, isTrue: sight === (pace.negated ? "not-yet" : "holds") });
    const decision = decide(pace, since, sight, at);
    if (decision.outcome !== undefined) return { outcome: decision.outcome, looks };
    since = decision.since;
    expect(decision.nextIn).toBeGreaterThan(0);
    expect(decision.nextIn).toBeLessThanOrEqual(pace.interval);
    at += Math.min(decision.nextIn, soon.next().value ?? Number.POSITIVE_INFINITY);
  }
}

test("a check passes when it was true for long enough without a break that was seen, and begun in time", () => {
  fc.assert(
    fc.property(paces, worlds, wakes, (pace, world, early) => {
      const { outcome, looks } = follow(pace, world, early);
      const last = looks.at(-1);
      const over = last?.sight === "never";
      const lastBreak = looks.findLastIndex(({ isTrue }) => !isTrue);
      const run = looks.slice(lastBreak + 1);
      const [first] = run;
      if (outcome === "passed" && !over) {
        expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(pace.consistently);
        expect(first?.at).toBeLessThanOrEqual(pace.timeout);
      }
      if (outcome === "failed" && !over) {
        expect(last?.isTrue).toBe(false);
        expect(last?.at).toBeGreaterThanOrEqual(pace.timeout);
      }
    }),
  );
});

test("it is over by the sum of both times, and no earlier than it has to be", () => {
  fc.assert(
    fc.property(paces, worlds, wakes, (pace, world, early) => {
      const { looks } = follow(pace, world, early);
      expect(looks.at(-1)?.at).toBeLessThanOrEqual(pace.timeout + pace.consistently);
      // Whatever was seen before the end decided nothing.
      for (const { sight } of looks.slice(0, -1)) expect(sight).not.toBe("never");
    }),
  );
});

test("what never comes ends it at once: failed, or passed where it must not come", () => {
  fc.assert(
    fc.property(paces, fc.option(fc.nat(60), { nil: undefined }), fc.nat(90), (pace, since, at) => {
      expect(decide(pace, since, "never", at)).toEqual({ outcome: pace.negated ? "passed" : "failed" });
    }),
  );
});

test("a world that could not be asked proves nothing, neither for a check nor against it", () => {
  fc.assert(
    fc.property(paces, fc.option(fc.nat(60), { nil: undefined }), fc.nat(90), (pace, since, at) => {
      const decision = decide(pace, since, "unseen", at);
      expect(decision.outcome).toBe(at >= pace.timeout ? "failed" : undefined);
      expect("since" in decision ? decision.since : undefined).toBeUndefined();
    }),
  );
});

test("once it is true for long enough nobody looks any longer", () => {
  fc.assert(
    fc.property(paces, wakes, (pace, early) => {
      const { outcome, looks } = follow(pace, [pace.negated ? "not-yet" : "holds"], early);
      expect(outcome).toBe("passed");
      expect(looks.at(-1)?.at).toBe(Math.min(...looks.map(({ at }) => at).filter((at) => at >= pace.consistently)));
    }),
  );
});
