import { describe, expect, test } from "@jest/globals";
import { renderTagLine } from "../../../src/actions/ttl-reaper/mend-lines.ts";
import { decideFate } from "../../../src/ttl/fate.ts";

const NOW = new Date("2026-11-21T09:17:00Z");
const ID = "/subscriptions/s/resourceGroups/shop-(1)";

function lineFor(tags: Readonly<Record<string, string>>): string {
  const group = { id: ID, subscriptionId: "s", name: "shop-(1)", location: "eastus", tags, managedBy: undefined };
  const policy = { namePrefix: undefined, protectedNames: [], graceMs: 0, horizonMs: 90 * 86_400_000 };
  const barriers = { locks: [], denyAssignments: [] };
  const fate = decideFate({ ...group, provisioningState: "Succeeded" }, barriers, policy, NOW);
  if (fate.kind !== "keep") throw new Error(`expected an odd group, got ${fate.kind}`);
  return renderTagLine({ id: ID, subscriptionId: "s", name: group.name, fate });
}

const update = (operation: string, tag: string) =>
  `az tag update --resource-id '${ID}' --operation ${operation} --tags ${tag}`;

describe("the line that mends tags", () => {
  test.each([
    ["yes", "true"],
    ["no", "false"],
    ["never", "false"],
    ["", "false"],
  ])("takes auto-destroy=%s for %s: it dooms nobody who did not say so", (value, meant) => {
    expect(lineFor({ "auto-destroy": value, "expires-at": "2026-11-20T09:17:00Z" })).toBe(
      update("Merge", `auto-destroy=${meant}`),
    );
  });

  test("keeps the value that lets the group live longest where a tag stands twice", () => {
    const [early, late] = ["2026-11-20T09:17:00Z", "2026-12-20T09:17:00+01:00"];
    expect(lineFor({ "auto-destroy": "true", "expires-at": early, "Expires-At": late })).toContain(
      update("Merge", "expires-at=2026-12-20T08:17:00Z"),
    );
    expect(lineFor({ "auto-destroy": "true", "expires-at": early, "Expires-At": "2099-01-01T00:00:00Z" })).toContain(
      update("Merge", "expires-at=2027-02-19T09:17:00Z"),
    );
    const marks = lineFor({ "auto-destroy": "true", "Auto-Destroy": "false", "expires-at": late });
    expect(marks).toBe(`${update("Delete", "Auto-Destroy=false")} && ${update("Merge", "auto-destroy=false")}`);
  });

  test("merges what is missing, a day ahead", () => {
    expect(lineFor({ "auto-destroy": "true" })).toBe(update("Merge", "expires-at=2026-11-22T09:17:00Z"));
  });

  test("takes the other casing away first, since a merge would leave it", () => {
    const tags = { "auto-destroy": "true", "expires-at": "2026-11-20T09:17:00Z", "Expires-At": "it's late" };
    expect(lineFor(tags)).toBe(
      [update("Delete", `'Expires-At=it'\\''s late'`), update("Merge", "expires-at=2026-11-22T09:17:00Z")].join(" && "),
    );
  });
});
