import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Cause } from "../../src/preview/cause.ts";
import { decide, type PreviewFacts } from "../../src/preview/decide.ts";
import type { Environment } from "../../src/preview/environment.ts";
import type { PullRequest } from "../../src/preview/pull-request.ts";

const HEAD = "a".repeat(40);
const OLD = "b".repeat(40);
const NOW = new Date("2026-11-22T06:00:00Z");
const EARLIER = new Date("2026-11-22T05:00:00Z");
const LATER = new Date("2026-11-22T09:00:00Z");

const PULL: PullRequest = {
  number: 12,
  state: "open",
  merged: false,
  draft: false,
  title: "A shop",
  labels: [],
  author: "octo",
  headSha: HEAD,
  headRef: "shop",
  headRepository: "octo/shop",
  baseRef: "main",
  url: "https://github.com/octo/shop/pull/12",
};

const GROUP = {
  id: "/subscriptions/s/resourceGroups/pr-12",
  subscriptionId: "s",
  name: "pr-12",
  location: "westeurope",
  tags: {},
  managedBy: undefined,
  provisioningState: "Succeeded",
};

const STANDS: Environment = {
  name: "pr-12",
  groups: [GROUP],
  namespaces: [],
  expiresAt: LATER,
  headSha: OLD,
  deleting: false,
};

const FACTS: PreviewFacts = {
  repository: "octo/shop",
  pull: PULL,
  environment: undefined,
  seen: true,
  pinned: false,
  cause: "pushed",
  headSha: HEAD,
  approvedSha: undefined,
  destroyAskedAt: undefined,
  deploying: false,
  others: 0,
  ahead: 0,
  policy: { label: undefined, drafts: true, maxPreviews: 10 },
  now: NOW,
};

type Change = Partial<Omit<PreviewFacts, "pull" | "policy">> & {
  readonly pull?: Partial<PullRequest>;
  readonly policy?: Partial<PreviewFacts["policy"]>;
};

function facts({ pull, policy, ...change }: Change): PreviewFacts {
  return { ...FACTS, ...change, pull: { ...PULL, ...pull }, policy: { ...FACTS.policy, ...policy } };
}

const fork = { headRepository: "stranger/shop", author: "stranger" };
const current = { ...STANDS, headSha: HEAD };

describe("a pull request's environment", () => {
  test.each<readonly [string, Change, string]>([
    ["is made for a new pull request", {}, "create new"],
    ["is made for a command", { cause: "asked-deploy", headSha: undefined }, "create asked"],
    ["is brought to a new commit", { environment: STANDS }, "update new-head"],
    ["is deployed anew by a run that is started again", { environment: current, cause: "rerun" }, "update new-head"],
    ["is deployed anew on demand", { environment: current, cause: "asked-deploy" }, "update asked"],
    [
      "is deployed anew where nobody knows its commit",
      { environment: { ...STANDS, headSha: undefined } },
      "update new-head",
    ],
    ["stays where a label of ours finds it up to date", { environment: current, cause: "labelled" }, "keep up-to-date"],
    ["is brought up to date by the label", { environment: STANDS, cause: "labelled" }, "update new-head"],
    ["stays where another label comes", { environment: current, cause: "other" }, "keep up-to-date"],
    ["is not made by another label", { cause: "other" }, "keep not-about-previews"],
    ["stays in a run that only ends", { environment: STANDS, cause: "ended" }, "keep not-about-previews"],

    [
      "goes with the pull request",
      { environment: STANDS, pull: { state: "closed" }, cause: "ended" },
      "destroy closed",
    ],
    ["goes with it whatever the event", { environment: STANDS, pull: { state: "closed" } }, "destroy closed"],
    [
      "goes when an old run comes after the close",
      { environment: STANDS, pull: { state: "closed" }, headSha: OLD },
      "destroy closed",
    ],
    [
      "goes although somebody asks for it after the close",
      { environment: STANDS, pull: { state: "closed" }, cause: "asked-deploy" },
      "destroy closed",
    ],
    [
      "of a closed fork goes as well",
      { environment: STANDS, pull: { ...fork, state: "closed" }, cause: "ended" },
      "destroy closed",
    ],
    ["is nothing to destroy where none stands", { pull: { state: "closed" } }, "keep nothing-there"],
    ["that is just being deployed goes in its turn", { pull: { state: "closed" }, deploying: true }, "destroy closed"],
    ["is not destroyed unseen", { environment: STANDS, pull: { state: "closed" }, seen: false }, "keep unseen"],
    ["is not called gone unseen", { pull: { state: "closed" }, seen: false }, "keep unseen"],
    [
      "that is being deleted goes on going",
      { environment: { ...STANDS, deleting: true }, pull: { state: "closed" } },
      "destroy closed",
    ],

    ["goes on demand", { environment: STANDS, cause: "asked-destroy" }, "destroy asked"],
    [
      "goes on demand although it is pinned",
      { environment: STANDS, cause: "asked-destroy", pinned: true },
      "destroy asked",
    ],
    [
      "stays pinned when the pull request closes",
      { environment: STANDS, pull: { state: "closed" }, pinned: true },
      "keep pinned",
    ],
    ["stays destroyed on demand after a push", { destroyAskedAt: EARLIER }, "keep destroyed-on-demand"],
    [
      "stays destroyed on demand when the run is started again",
      { destroyAskedAt: EARLIER, cause: "rerun" },
      "keep destroyed-on-demand",
    ],
    ["comes back on demand", { destroyAskedAt: EARLIER, cause: "asked-deploy" }, "create asked"],
    ["comes back with the reopened pull request", { destroyAskedAt: EARLIER, cause: "reopened" }, "create new"],
    [
      "comes back with the label",
      { destroyAskedAt: EARLIER, cause: "labelled", policy: { label: "preview" }, pull: { labels: ["preview"] } },
      "create new",
    ],
    [
      "is destroyed to the end that was asked for",
      { destroyAskedAt: EARLIER, environment: { ...STANDS, expiresAt: EARLIER }, cause: "ended" },
      "destroy asked",
    ],
    [
      "is not destroyed on the word of a comment alone",
      { destroyAskedAt: EARLIER, environment: STANDS, cause: "ended" },
      "keep not-about-previews",
    ],
    [
      "that has expired is not destroyed by us without a wish",
      { environment: { ...STANDS, expiresAt: EARLIER }, cause: "ended" },
      "keep not-about-previews",
    ],

    [
      "goes with its label",
      { environment: STANDS, policy: { label: "preview" }, cause: "ended" },
      "destroy label-missing",
    ],
    [
      "stays with its label in another case",
      { environment: STANDS, policy: { label: "Preview" }, pull: { labels: ["pREVIEW"] }, cause: "ended" },
      "keep not-about-previews",
    ],
    [
      "is not made without the label",
      { policy: { label: "preview" }, pull: { labels: ["previews", "docs"] } },
      "keep label-missing",
    ],
    [
      "is not made without the label on demand either",
      { policy: { label: "preview" }, cause: "asked-deploy" },
      "keep label-missing",
    ],
    ["is not made for a draft", { policy: { drafts: false }, pull: { draft: true } }, "keep draft"],
    [
      "of what became a draft stays",
      { environment: STANDS, policy: { drafts: false }, pull: { draft: true } },
      "keep draft",
    ],
    [
      "is made for a draft on demand",
      { policy: { drafts: false }, pull: { draft: true }, cause: "asked-deploy" },
      "create asked",
    ],

    ["is left to the run of the newer commit", { headSha: OLD }, "keep superseded"],
    ["of a foreign commit waits", { pull: fork }, "wait foreign"],
    ["of Dependabot waits", { pull: { author: "dependabot[bot]" } }, "wait foreign"],
    ["of a fork that is gone waits", { pull: { headRepository: undefined } }, "wait foreign"],
    ["of a fork waits on demand without a commit", { pull: fork, cause: "asked-deploy" }, "wait foreign"],
    ["of an approved commit is made", { pull: fork, cause: "asked-deploy", approvedSha: HEAD }, "create asked"],
    [
      "of an approved commit is made, however it is written",
      { pull: fork, cause: "asked-deploy", approvedSha: HEAD.toUpperCase() },
      "create asked",
    ],
    [
      "of another commit than the approved one waits",
      { pull: fork, cause: "asked-deploy", approvedSha: OLD },
      "wait foreign",
    ],
    [
      "of ours waits as well where another commit was approved",
      { cause: "asked-deploy", approvedSha: OLD },
      "wait foreign",
    ],

    ["waits while its remains are deleted", { environment: { ...STANDS, deleting: true } }, "wait deleting"],
    ["is left alone where nobody sees", { seen: false }, "keep unseen"],
    ["waits for a place", { others: 10, ahead: 2 }, "wait queued"],
    ["keeps its place", { environment: STANDS, others: 10, ahead: 2 }, "update new-head"],
    ["takes the last place", { others: 9 }, "create new"],
  ])("%s", (_, change, expected) => {
    const { verdict, code } = decide(facts(change));
    expect(`${verdict} ${code}`).toBe(expected);
  });

  test("in the queue knows its position", () => {
    expect(decide(facts({ others: 10, ahead: 2 }))).toMatchObject({
      position: 3,
      reason: expect.stringContaining("position 3"),
    });
  });

  test("of a fork says the very command that lets it in", () => {
    expect(decide(facts({ pull: fork })).reason).toContain(`/preview ${HEAD}`);
  });
});

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
    title: fc.string({ unit: "binary" }),
    labels: fc.subarray(["preview", "docs", "Preview "]),
    author: fc.constantFrom("octo", "dependabot[bot]"),
    headSha: sha,
    headRef: fc.string({ unit: "binary" }),
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
  pinned: fc.boolean(),
  cause: fc.constantFrom(...CAUSES),
  headSha: maybe(sha),
  approvedSha: maybe(sha),
  destroyAskedAt: maybe(date),
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
      expect(given.seen).toBe(true);
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
