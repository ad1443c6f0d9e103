import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  decideMove,
  decideStep,
  type Mode,
  type Standing,
  type Step,
} from "../../../src/actions/acr-import/decide-step.ts";
import type { AcrManifest, AcrTag } from "../../../src/registry/registry.ts";

const digest = fc.constantFrom("sha256:aa", "sha256:bb", "sha256:cc");
const standings: fc.Arbitrary<Standing> = fc.record({
  wanted: digest,
  standing: fc.option(digest, { nil: undefined }),
  mode: fc.constantFrom<Mode>("write-once", "skip", "force"),
  broken: fc.boolean(),
});
const locks = { writeEnabled: fc.boolean(), deleteEnabled: fc.boolean(), createdAt: fc.constant(undefined) };
const repositories = fc.option(fc.record({ writeEnabled: fc.boolean(), deleteEnabled: fc.boolean() }), {
  nil: undefined,
});
const tags: fc.Arbitrary<AcrTag | undefined> = fc.option(
  fc.record({ name: fc.constant("1"), digest, updatedAt: fc.constant(undefined), ...locks }),
  { nil: undefined },
);
const manifests: fc.Arbitrary<AcrManifest | undefined> = fc.option(
  fc.record({
    digest,
    mediaType: fc.constant(""),
    tags: fc.constant([]),
    references: fc.constant([]),
    size: fc.constant(1),
    ...locks,
  }),
  { nil: undefined },
);

const RUNS = { numRuns: 20_000 };

test("what stands there already is never imported, and never called anything but there", () => {
  fc.assert(
    fc.property(standings, (given) => {
      const step = decideStep({ ...given, standing: given.wanted });
      expect(step).toEqual({ kind: "end", outcome: { kind: "there", digest: given.wanted } });
    }),
  );
});

test("without a look at the lock, ARM may never move a tag", () => {
  fc.assert(
    fc.property(standings, (given) => {
      const step = decideStep(given);
      if (step.kind === "import") expect([step.force, given.standing]).toEqual([false, undefined]);
    }),
    RUNS,
  );
});

test("another digest is replaced only in mode force, and only when tag and image are seen to be unlocked", () => {
  let moved = 0;
  fc.assert(
    fc.property(standings, repositories, tags, manifests, (given, repository, tag, manifest) => {
      const first = decideStep(given);
      const step: Step = first.kind === "look-at-lock" ? decideMove(given, { repository, tag, manifest }) : first;
      if (step.kind !== "import" || !step.force) return;
      moved += 1;
      expect(repository?.writeEnabled).toBe(true);
      expect(tag?.writeEnabled).toBe(true);
      const loses = given.standing ?? (tag?.digest === given.wanted ? undefined : tag?.digest);
      if (loses !== undefined) expect(given.mode).toBe("force");
      if (given.standing === undefined) return;
      expect(tag?.digest).toBe(given.standing);
      expect(manifest?.writeEnabled).toBe(true);
    }),
    RUNS,
  );
  // Refusing everything would pass the above.
  expect(moved).toBeGreaterThan(100);
});

test("every other digest under a tag is told whole", () => {
  fc.assert(
    fc.property(standings, (given) => {
      const step = decideStep({ ...given, mode: "write-once" });
      if (step.kind !== "end" || step.outcome.kind !== "failed") return;
      expect(step.outcome.because).toContain(given.standing);
      expect(step.outcome.because).toContain(given.wanted);
    }),
  );
});
