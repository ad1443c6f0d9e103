import { describe, expect, test } from "@jest/globals";
import type { Outcome } from "../../../src/actions/acr-purge/outcome.ts";
import type { RepositoryPlan } from "../../../src/actions/acr-purge/plan.ts";
import { renderSummary } from "../../../src/actions/acr-purge/render-summary.ts";
import type { Story } from "../../../src/actions/acr-purge/story.ts";
import type { AcrManifest } from "../../../src/registry/registry.ts";
import { digestOf } from "./simulated-repository.ts";

const DIGEST = digestOf("image");
const manifest: AcrManifest = {
  digest: DIGEST,
  mediaType: "",
  tags: [],
  references: [],
  size: 1,
  createdAt: undefined,
  writeEnabled: true,
  deleteEnabled: true,
};

function storyOf(more: Partial<Story> = {}, plan: Partial<RepositoryPlan> = {}): Story {
  const seen: RepositoryPlan = {
    name: "team/app",
    state: "seen",
    tags: [{ name: "pr-12", digest: DIGEST }],
    manifests: [manifest],
    stays: [],
    referrers: new Map(),
    ...plan,
  };
  return {
    environment: "pr-12",
    registry: { id: undefined, name: "mayfly", loginServer: "mayfly.azurecr.io" },
    dryRun: false,
    plans: [seen],
    fuse: { kind: "holds" },
    records: [],
    cutShort: "",
    failure: undefined,
    ...more,
  };
}

const became = (tag: Outcome, image: Outcome): Story["records"] => [
  { item: { repository: "team/app", kind: "tag", name: "pr-12", digest: DIGEST }, outcome: tag },
  { item: { repository: "team/app", kind: "manifest", name: DIGEST, digest: DIGEST }, outcome: image },
];
const removed: Outcome = { kind: "removed", windowMs: 12 };
const rowOf = (markdown: string, words: string): string =>
  markdown.split("\n").find((line) => line.startsWith("|") && line.includes(words)) ?? "";

describe("the summary", () => {
  test.each<readonly [string, Story]>([
    ["✅ pr-12 is gone from the registry", storyOf({ records: became(removed, removed) })],
    ["✅ pr-12 had nothing to remove", storyOf({}, { tags: [], manifests: [] })],
    ["🔎 Dry run: 2 tags and manifests of pr-12 would go", storyOf({ dryRun: true })],
    [
      "✅ pr-12 is gone from the registry, but for 1 locked",
      storyOf({ records: became(removed, { kind: "locked", because: "405" }) }),
    ],
    [
      "❌ 1 of pr-12 could not be removed",
      storyOf({ records: became(removed, { kind: "failed", code: "purge-failed", because: "reset" }) }),
    ],
    [
      "⏳ 1 of pr-12 are left for the next run",
      storyOf({ records: became(removed, { kind: "not-started", because: "late" }), cutShort: "late" }),
    ],
    ["⛔ The fuse tripped: nothing was removed", storyOf({ fuse: { kind: "tripped", because: "too many" } })],
  ])("is headed %s", (title, story) => {
    expect(renderSummary(story)).toContain(`## ${title}\n`);
  });

  test("says of each tag and manifest what became of it, and why", () => {
    const kept: Outcome = { kind: "kept", because: `the index ${digestOf("index")} is made of it` };
    const summary = renderSummary(storyOf({ records: became(removed, kept) }));
    expect(rowOf(summary, "`pr-12`")).toBe("| `team/app` | tag | `pr-12` | ✅ removed | on sha256:696d61676500 |");
    expect(rowOf(summary, "manifest")).toMatch(/🟢 kept \| the index sha256:696e64657800 is made of it \|$/);
  });

  test("of a dry run says what would go, and how to let it go", () => {
    const summary = renderSummary(storyOf({ dryRun: true }));
    expect(rowOf(summary, "`pr-12`")).toContain("🔎 would go");
    expect(summary).toContain("Set `dry-run: false` to carry this out.");
  });

  test("shows the lines that mend a denial, once", () => {
    const denied: Outcome = {
      kind: "failed",
      code: "registry-denied",
      because: "may not delete\naz role assignment x",
    };
    const summary = renderSummary(storyOf({ records: became(denied, denied) }));
    expect(summary.match(/az role assignment x/g)?.length).toBe(1);
    expect(rowOf(summary, "`pr-12`")).toMatch(/may not delete \|$/);
  });

  test("stays within its budget, and obeys nothing that a registry says", () => {
    const because = "<img src=x> | @octo";
    const stays = Array.from({ length: 2_000 }, (_, n) => ({
      kind: "tag" as const,
      name: `pr-12-${String(n).padStart(7, "0")}`,
      because,
      locked: true,
    }));
    const summary = renderSummary(storyOf({}, { stays }), 8_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(8_000);
    expect(summary).not.toContain("<img");
    expect(summary).toMatch(/… and \d+ more/);
  });
});
