import { describe, expect, test } from "@jest/globals";
import { foldJournal, type JournalEvent, type Story } from "../../../src/actions/ttl-reaper/journal.ts";
import type { Outcome } from "../../../src/actions/ttl-reaper/outcome.ts";
import type { Plan, PlanEntry } from "../../../src/actions/ttl-reaper/plan.ts";
import { renderSummary } from "../../../src/actions/ttl-reaper/render-summary.ts";
import { renderTimeline } from "../../../src/actions/ttl-reaper/render-timeline.ts";

const NOW = new Date("2026-11-21T09:17:00Z");
const SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000001";
const idOf = (name: string): string => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`;
const hours = (count: number): Date => new Date(NOW.getTime() + count * 3_600_000);
const entry = (name: string, fate: PlanEntry["fate"]): PlanEntry => ({
  id: idOf(name),
  subscriptionId: SUBSCRIPTION,
  name,
  fate,
});
const expired = (name: string, since: number): PlanEntry => entry(name, { kind: "expired", expiresAt: hours(-since) });

function storyOf(entries: readonly PlanEntry[], outcomes: Readonly<Record<string, Outcome>>, dryRun = false): Story {
  const policy = { namePrefix: undefined, protectedNames: [], graceMs: 0, horizonMs: 1 };
  const subscriptions = [{ id: SUBSCRIPTION, groups: entries.length, outOfScope: 0, denyAssignments: [] }];
  const fuse = { kind: "holds" } as const;
  const unlisted = { kept: 0, odd: 0 };
  const plan: Plan = { now: NOW, dryRun, policy, subscriptions, entries, unlisted, marked: entries.length, fuse };
  const told = Object.entries(outcomes).map(
    ([name, outcome]): JournalEvent => ({ type: "outcome", id: idOf(name), at: NOW, outcome }),
  );
  return foldJournal([{ type: "plan", plan }, ...told, { type: "end", at: NOW, because: "" }]);
}

const rowOf = (markdown: string, name: string): string =>
  markdown.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";

describe("the summary", () => {
  test("names what keeps a group without the ids that its reader knows", () => {
    const keep = (because: string, reason: "locked" | "managed") =>
      ({ kind: "keep", reason, because, expiresAt: hours(-1) }) as const;
    const elsewhere = "/subscriptions/other/resourceGroups/shop/providers/Microsoft.Web/sites/a";
    const summary = renderSummary(
      storyOf(
        [
          entry("pr-1", keep(`CanNotDelete lock "keep" on ${idOf("PR-1").toUpperCase()}`, "locked")),
          entry(
            "pr-2",
            keep(`ReadOnly lock "k" on ${idOf("pr-2")}/providers/Microsoft.Storage/storageAccounts/d`, "locked"),
          ),
          entry("pr-3", keep(`it is managed by ${idOf("shop")}/providers/Microsoft.Web/sites/a`, "managed")),
          entry("pr-4", keep(`it is managed by ${elsewhere}`, "managed")),
        ],
        {},
      ),
    );
    expect(rowOf(summary, "pr-1")).toContain('lock "keep" on the group |');
    expect(rowOf(summary, "pr-2")).toContain('lock "k" on Microsoft.Storage/storageAccounts/d |');
    expect(rowOf(summary, "pr-3")).toContain("managed by Microsoft.Web/sites/a in shop |");
    expect(rowOf(summary, "pr-4")).toContain(elsewhere);
  });

  test("writes dates that no table cell breaks", () => {
    const summary = renderSummary(storyOf([expired("pr-1", 5)], {}, true));
    expect(rowOf(summary, "pr-1")).toBe(
      "| `pr-1` | 21&nbsp;Nov&nbsp;2026,&nbsp;04:17<br>5h&nbsp;ago | 🔎 would be deleted | its time has passed |",
    );
  });

  test("says once that a group was left alone, and why", () => {
    const summary = renderSummary(storyOf([expired("pr-1", 5)], { "pr-1": { kind: "changed", because: "it moved" } }));
    expect(rowOf(summary, "pr-1")).toMatch(/⏭️ left alone \| changed since the plan: it moved \|$/);
  });

  test("keeps the command that mends a blocker in the blocker's own item", () => {
    const network = `${idOf("pr-1")}/providers/Microsoft.Network/virtualNetworks/net`;
    const blockers = [{ resource: network, code: "InUseSubnetCannotBeDeleted", message: "Subnet a is in use." }];
    const summary = renderSummary(storyOf([expired("pr-1", 5)], { "pr-1": { kind: "rolled-back", blockers } }));
    expect(summary).toContain(
      [
        "- `InUseSubnetCannotBeDeleted` `Microsoft.Network/virtualNetworks/net`: Subnet a is in use.",
        "",
        "  ```sh",
        `  az network vnet show --ids ${network} --query 'subnets[].ipConfigurations[].id' --output tsv`,
        "  ```",
      ].join("\n"),
    );
  });
});

describe("the picture", () => {
  const sections = (markdown: string): readonly string[] => markdown.match(/(?<=section ).*/g) ?? [];

  test("says in its sections what became of the groups", () => {
    const story = storyOf(
      [
        expired("a", 30),
        expired("b", 20),
        expired("c", 10),
        expired("d", 9),
        entry("e", { kind: "keep", reason: "locked", because: "lock", expiresAt: hours(-8) }),
        entry("f", { kind: "keep", reason: "not-yet", because: "time", expiresAt: hours(2) }),
        entry("g", { kind: "keep", reason: "odd", because: "tags" }),
      ],
      {
        a: { kind: "gone" },
        b: { kind: "rolled-back", blockers: [] },
        c: { kind: "changed", because: "edit" },
        d: { kind: "still-deleting", because: "late" },
      },
    );
    const picture = renderTimeline(story);
    expect(sections(picture)).toEqual(["Deleted", "Not deleted", "Being deleted", "Left alone", "Kept", "Next"]);
    expect(picture).toContain("    a :done, 2026-11-20T03:17, 2026-11-21T09:17");
    expect(picture).toContain("    f :2026-11-21T09:17, 2026-11-21T11:17");
    expect(picture).not.toContain("    g :");
  });

  test("of a dry run shows what would go, the most overdue first, and how many more there are", () => {
    const entries = Array.from({ length: 12 }, (_, index) => expired(`pr-${index}`, index + 1));
    const picture = renderTimeline(storyOf(entries, {}, true));
    expect(sections(picture)).toEqual(["Would go 10/12"]);
    expect(picture.match(/pr-\d+/g)?.slice(0, 2)).toEqual(["pr-11", "pr-10"]);
  });

  test("is left out when nothing has a time", () => {
    expect(renderTimeline(storyOf([entry("g", { kind: "keep", reason: "odd", because: "tags" })], {}))).toBe("");
  });
});
