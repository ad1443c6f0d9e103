import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Cause } from "../../src/preview/cause.ts";
import { decide, type PreviewFacts } from "../../src/preview/decide.ts";
import { anyCharacter } from "../any-character.ts";
import { EARLIER, GROUP, HEAD, LATER, NOW, OLD, STANDS } from "./facts.ts";

const CAUSES: readonly Cause[] = [
  ...(["ended", "pushed", "reopened", "labelled", "ready", "rerun", "asked-deploy", "asked-destroy", "other"] as const),
];
const sha = fc.constantFrom(HEAD, OLD);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const date = fc.constantFrom(EARLIER, NOW, LATER);

const anyFacts: fc.Arbitrary<PreviewFacts> = fc.record({
  repository: fc.constant("octo/shop"),
  pull: fc.record({
    number: fc.constant(12),
    state: fc.constantFrom("open" as const, "closed" as const),
    merged: fc.boolean(),
    draft: fc.boolean(),
    title: fc.string({ unit: anyCharacter }),
    labels: fc.subarray(["preview", "docs", "Preview "]),
    author: fc.constantFrom("octo", "dependabot[bot]"),
    headSha: sha,
    headRef: fc.string({ unit: anyCharacter }),
    headRepository: fc.constantFrom("octo/shop", "Octo/Shop", "stranger/shop", undefined),
    baseRef: fc.constant("main"),
    url: fc.constant(""),
  }),
  environment: maybe(
    fc.record({
      name: fc.constant("pr-12"),
      groups: fc.constant([GROUP]),
      namespaces: fc.constant([]),
      expiresAt: maybe(date),
      headSha: maybe(sha),
      deleting: fc.boolean(),
    }),
  ),
  seen: fc.boolean(),
  hidden: fc.boolean(),
  pinned: fc.boolean(),
  cause: fc.constantFrom(...CAUSES),
  headSha: maybe(sha),
  approvedSha: maybe(sha),
  destroyAskedAt: maybe(date),
  wantedAt: maybe(date),
  wishedAt: maybe(date),
  deploying: fc.boolean(),
  others: fc.nat(4),
  ahead: fc.nat(4),
  policy: fc.record({
    label: fc.constantFrom(undefined, "preview", "PREVIEW"),
    drafts: fc.boolean(),
    maxPreviews: fc.integer({ min: 1, max: 3 }),
  }),
  now: fc.constant(NOW),
});

const deploys = ({ verdict }: { readonly verdict: string }): boolean => verdict === "create" || verdict === "update";
const hasLabel = ({ pull, policy }: PreviewFacts): boolean =>
  policy.label === undefined || pull.labels.some((one) => one.trim().toLowerCase() === policy.label?.toLowerCase());

describe("whatever is known", () => {
  const always = (claim: (given: PreviewFacts) => void): void =>
    fc.assert(fc.property(anyFacts, claim), { numRuns: 2_000 });

  test("nothing is destroyed but what is closed, lost its label, or somebody wants gone; and only seen", () => {
    always((given) => {
      if (decide(given).verdict !== "destroy") return;
      const { pull, cause, environment, destroyAskedAt } = given;
      const finished = destroyAskedAt !== undefined && (environment?.expiresAt ?? LATER) <= NOW;
      expect(given.seen && !given.hidden).toBe(true);
      expect(pull.state === "closed" || !hasLabel(given) || cause === "asked-destroy" || finished).toBe(true);
      expect(environment !== undefined || given.deploying).toBe(true);
      if (given.pinned && environment !== undefined) expect(cause).toBe("asked-destroy");
    });
  });

  test("of a foreign pull request only the approved commit is deployed, and only as long as it is the newest", () => {
    always((given) => {
      if (!deploys(decide(given))) return;
      const { pull, approvedSha } = given;
      const foreign = pull.headRepository?.toLowerCase() !== "octo/shop" || pull.author === "dependabot[bot]";
      if (foreign) expect(approvedSha).toBe(pull.headSha);
      if (approvedSha !== undefined) expect(approvedSha).toBe(pull.headSha);
    });
  });

  test("a closed, superseded, unlabelled or unseen pull request deploys nothing", () => {
    always((given) => {
      if (!deploys(decide(given))) return;
      expect(given.pull.state).toBe("open");
      expect(given.headSha ?? given.pull.headSha).toBe(given.pull.headSha);
      expect(hasLabel(given)).toBe(true);
      expect(given.seen).toBe(true);
      expect(given.environment?.deleting ?? false).toBe(false);
      expect(["ended", "other", "asked-destroy"]).not.toContain(given.cause);
    });
  });

  test("the cap holds, and what stands is never thrown out by it", () => {
    always((given) => {
      const { verdict, code } = decide(given);
      if (verdict === "create") expect(given.others).toBeLessThan(given.policy.maxPreviews);
      if (code === "queued") expect(given.environment).toBeUndefined();
      if (verdict === "create") expect(given.environment).toBeUndefined();
      if (verdict === "update") expect(given.environment).toBeDefined();
    });
  });

  test("what a person wanted gone is not made again by a push or a run that is started again", () => {
    always((given) => {
      if (given.destroyAskedAt === undefined || !deploys(decide(given))) return;
      expect(["asked-deploy", "reopened", "labelled"]).toContain(given.cause);
      const later = given.wishedAt === undefined || given.wishedAt >= given.destroyAskedAt;
      // Nobody asked for it tomorrow, whatever a comment says.
      expect(later || given.destroyAskedAt > NOW).toBe(true);
    });
  });

  test("an end that a person asked for yields to a later wish, and to nothing else that a comment says", () => {
    always((given) => {
      if (given.cause !== "asked-destroy" || given.pull.state === "closed" || !hasLabel(given)) return;
      const { code } = decide({ ...given, destroyAskedAt: undefined });
      const { wantedAt, wishedAt } = given;
      const later = wantedAt !== undefined && wishedAt !== undefined && wantedAt > wishedAt && wantedAt <= NOW;
      expect(code === "wanted-again").toBe(later);
    });
  });

  test("the same facts come to the same, and what was just deployed is not destroyed by the same run", () => {
    always((given) => {
      const first = decide(given);
      expect(decide(given)).toEqual(first);
      if (!deploys(first)) return;
      const stands = { ...STANDS, headSha: given.pull.headSha };
      const again = decide({ ...given, environment: stands, destroyAskedAt: undefined, others: 99 });
      expect(["update", "keep"]).toContain(again.verdict);
    });
  });

  test("there is a reason, in one line", () => {
    always((given) => expect(decide(given).reason).toMatch(/^[A-Z0-9].*\.$/));
  });
});
