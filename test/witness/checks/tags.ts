import { renderTagLine } from "../../../src/actions/ttl-reaper/mend-lines.ts";
import type { GroupFacts } from "../../../src/ttl/facts.ts";
import { decideFate, type Fate, type Policy } from "../../../src/ttl/fate.ts";
import type { Check } from "../check.ts";
import { asDocument, toFacts } from "../documents.ts";
import type { Stage } from "../stage.ts";

const policy: Policy = { namePrefix: undefined, protectedNames: [], graceMs: 0, horizonMs: 90 * 86_400_000 };

/** Edits tags with az, and with the very lines that the reaper prints for the fleet's odd groups. */
export async function prepareTags(stage: Stage): Promise<readonly Check<Stage>[]> {
  const { adapters, fleet } = stage;
  const { subscriptionId } = stage.team;
  const find = async (name: string): Promise<GroupFacts> => {
    const group = await adapters.groups.find(subscriptionId, name);
    if (group === undefined) throw new Error(`${name} is not there`);
    return group;
  };
  const show = async (name: string): Promise<GroupFacts> =>
    toFacts(await stage.az().ask("group", "show", "--name", name));
  const edited = stage.add("edited-by-az", { "Auto-Destroy": "false", owner: "mona" });
  const edit = (operation: string, ...tags: readonly string[]) =>
    stage.az().ask("tag", "update", "--resource-id", stage.idOf(edited), "--operation", operation, "--tags", ...tags);
  const tagsOf = (printed: unknown) => asDocument(asDocument(printed)["properties"])["tags"];

  const lines: Check<Stage>[] = [];
  for (const [name, why] of fleet.odd) {
    const group = await find(name);
    const fate = judge(group);
    if (fate.kind !== "keep" || fate.reason !== "odd") continue;
    const line = renderTagLine({ id: group.id, subscriptionId, name, fate });
    lines.push({
      name: `paste the reaper's line: ${why}`,
      az: async () => {
        await stage.az().paste(line);
        const tags = tagsOf(await stage.az().ask("tag", "list", "--resource-id", group.id));
        return { tags, mended: isMended(judge(await show(name))) };
      },
      adapter: async () => {
        const after = await find(name);
        return { tags: { ...after.tags }, mended: isMended(judge(after)) };
      },
      truth: () => ({ tags: stage.azure.arm.find(group.id)?.body["tags"], mended: true }),
    });
  }
  return [
    {
      name: "tag update: Merge",
      az: async () => tagsOf(await edit("Merge", "auto-destroy=true", "expires-at=2030-01-01T00:00:00Z")),
      adapter: async () => ({ ...(await find(edited)).tags }),
      truth: () => ({ "Auto-Destroy": "true", owner: "mona", "expires-at": "2030-01-01T00:00:00Z" }),
    },
    {
      name: "tag update: Delete",
      az: async () => tagsOf(await edit("Delete", "expires-at=2030-01-01T00:00:00Z")),
      adapter: async () => ({ ...(await find(edited)).tags }),
      truth: () => ({ "Auto-Destroy": "true", owner: "mona" }),
    },
    {
      name: "tag update: Replace",
      az: async () => tagsOf(await edit("Replace", "only=this one")),
      adapter: async () => ({ ...(await find(edited)).tags }),
      truth: () => ({ only: "this one" }),
    },
    ...lines,
  ];
}

/** By the tags alone: what else stands in the way is no matter of the printed line. */
function judge(group: GroupFacts): Fate {
  return decideFate(group, { locks: [], denyAssignments: [] }, policy, new Date());
}

function isMended(fate: Fate): boolean {
  return !(fate.kind === "keep" && fate.reason === "odd");
}
