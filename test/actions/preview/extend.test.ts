import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { replaceExpiry } from "../../../src/actions/preview/change-expiry.ts";
import { renderComment } from "../../../src/actions/preview/render-comment.ts";
import { COMMENT_BUDGET } from "../../../src/kit/markdown.ts";
import { parseState } from "../../../src/preview/comment-state.ts";
import { anyStory } from "./any-story.ts";
import { createStage, group, namespace, play, type Stage, TAGS } from "./stage.ts";
import { NOW, row, story } from "./stories.ts";

const END = new Date(TAGS["expires-at"]);
const extend = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  play(stage, { command: "extend", "pull-request": "12", span: "24h", ...inputs });
const endsOf = (stage: Stage): readonly (string | undefined)[] => [
  ...stage.groups.map(({ tags }) => tags["expires-at"]),
  ...stage.namespaces.map(({ annotations }) => annotations["expires-at"]),
];
const living = (other: Partial<Stage> = {}): Stage => createStage({ groups: [group("shop-pr-12")], ...other });

describe("an environment that lives longer", () => {
  test("ends a span from now, in its groups and its namespaces", async () => {
    const stage = living({ namespaces: [namespace("pr-12-1")] });
    const { result, summary } = await extend(stage);
    expect(result.outputs["expires-at"]).toBe("2026-11-23T09:20:00Z");
    expect(summary).toContain("**pr-12** lives longer. Expires **23 Nov 2026, 09:20 UTC** (in 1d).");
    expect(endsOf(stage)).toEqual(["2026-11-23T09:20:00Z", "2026-11-23T09:20:00Z"]);
  });

  test("gets no more than max-ttl", async () => {
    const stage = living();
    await extend(stage, { "max-ttl": "8h" });
    expect(endsOf(stage)).toEqual(["2026-11-22T17:20:00Z"]);
  });

  test("is never brought forward", async () => {
    const stage = living();
    const { result } = await extend(stage, { span: "1h" });
    expect(endsOf(stage)).toEqual([TAGS["expires-at"]]);
    expect(result.outputs["expires-at"]).toBe(TAGS["expires-at"]);
  });

  test("tells its new end in the comment, and leaves all else there", async () => {
    const stage = living();
    const before = renderComment(
      story({ expiresAt: END, smoke: [row("GET /")], notes: ["Mind this."] }),
      COMMENT_BUDGET,
    );
    stage.comments.set(12, before);
    await extend(stage);
    const after = stage.comments.get(12) ?? "";
    expect(parseState(after)?.expiresAt).toEqual(new Date("2026-11-23T09:20:00Z"));
    expect(after).toContain(
      "Expires **23 Nov 2026, 09:20 UTC** (in 1d). Deleted by the sweep of 09:17 UTC on 24 Nov 2026",
    );
    const rest = (text: string) => text.split("\n").filter((line) => !/^Expires|^<!-- mayfly:state/.test(line));
    expect(rest(after)).toEqual(rest(before));
  });

  test("makes no comment where there is none, and fails by none that cannot be written", async () => {
    const stage = living({ down: new Set(["comments"]) });
    const { result, warnings } = await extend(stage);
    expect(result.failure).toBeUndefined();
    expect(warnings.join()).toContain('"comments: write"');
    expect(stage.comments.size).toBe(0);
  });
});

describe("more time is refused", () => {
  const refused: readonly (readonly [string, Partial<Stage>, string])[] = [
    ["to what does not stand", { groups: [] }, "preview-not-there"],
    [
      "to another repository's",
      { groups: [group("x", { tags: { ...TAGS, "mayfly-repository-id": "1" } })] },
      "preview-not-there",
    ],
    ["to what is being deleted", { groups: [group("x", { provisioningState: "Deleting" })] }, "environment-deleting"],
    [
      "to what has expired",
      { groups: [group("x", { tags: { ...TAGS, "expires-at": "2026-11-22T09:20:00Z" } })] },
      "preview-expired",
    ],
    [
      "to what has expired in part",
      {
        groups: [group("x")],
        namespaces: [namespace("pr-12-1", { annotations: { "expires-at": "2026-11-22T09:00:00Z" } })],
      },
      "preview-expired",
    ],
    ["to what has no end", { groups: [group("x", { tags: { ...TAGS, "auto-destroy": "false" } })] }, "preview-endless"],
    ["where nobody can look", { login: false }, "preview-unseen"],
  ];
  test.each(refused)("%s", async (_, other, code) => {
    const stage = living(other);
    const before = endsOf(stage);
    const { result } = await extend(stage);
    expect(result.failure?.code).toBe(code);
    expect(endsOf(stage)).toEqual(before);
  });

  test("without a span, and by a schedule that is none", async () => {
    for (const inputs of [{ span: "" }, { "cleanup-schedule": "hourly" }]) {
      expect((await extend(living(), inputs)).result.failure?.code).toBe("bad-input");
    }
  });

  test("where the reaper was quicker", async () => {
    const stage = living();
    let looks = 0;
    stage.onLook = () => {
      looks += 1;
      if (looks > 1) stage.groups[0] = group("shop-pr-12", { provisioningState: "Deleting" });
    };
    expect((await extend(stage)).result.failure?.code).toBe("environment-deleting");
  });
});

test("a new end is written into any comment once, and its state stays readable", () => {
  const told = {
    repository: "octo/shop",
    pullRequest: 12,
    environment: "pr-12",
    expiresAt: END,
    sweep: undefined,
    now: NOW,
  };
  fc.assert(
    fc.property(anyStory, fc.boolean(), (any, ended) => {
      const comment = { ...any, environment: "pr-12", phase: "ready" as const, expiresAt: ended ? END : undefined };
      const text = replaceExpiry(renderComment(comment, COMMENT_BUDGET), told);
      expect(text.match(/^Expires \*\*22 Nov 2026, 14:20 UTC\*\* \(in 5h\)\.$/gm)).toHaveLength(1);
      expect(parseState(text)?.expiresAt).toEqual(END);
    }),
    { numRuns: 25 },
  );
});
