import { describe, expect, test } from "@jest/globals";
import { decide } from "../../src/preview/decide.ts";
import { type Change, EARLIER, facts, HEAD, LATER, OLD, STANDS } from "./facts.ts";

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
    [
      "stays where it was asked for again after its end was",
      { environment: STANDS, cause: "asked-destroy", wishedAt: new Date(0), wantedAt: EARLIER },
      "keep wanted-again",
    ],
    [
      "goes where its end was asked for last",
      { environment: STANDS, cause: "asked-destroy", wishedAt: LATER, wantedAt: EARLIER },
      "destroy asked",
    ],
    [
      "that nobody may look for is not called gone",
      { hidden: true, pull: { state: "closed" }, cause: "ended" },
      "keep unseen",
    ],
    [
      "of which a part may not be looked for stays whole",
      { environment: STANDS, hidden: true, pull: { state: "closed" }, cause: "ended" },
      "keep unseen",
    ],
    ["that nobody may look for is deployed all the same", { hidden: true }, "create new"],
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
