import { renderBlockerLine } from "../../../src/actions/ttl-reaper/mend-lines.ts";
import { listBlockers } from "../../../src/ttl/blockers.ts";
import type { Check } from "../check.ts";
import { asDocument, asDocuments, byId, toLock } from "../documents.ts";
import type { Stage } from "../stage.ts";

/** Locks at each scope: made by az, seen by both, in the way of both, removed by the line that the reaper prints. */
export function prepareLocks(stage: Stage): readonly Check<Stage>[] {
  const { azure, adapters, team, subscription } = stage;
  const group = stage.add("locked-by-az");
  const network = `${stage.idOf(group)}/providers/Microsoft.Network/virtualNetworks/net`;
  azure.arm.add(network, { location: "eastus" });
  const level = ["--lock-type", "CanNotDelete"];
  const resource = ["--resource-name", "net", "--resource-type", "Microsoft.Network/virtualNetworks"];
  const scopes = [
    { at: "group", scope: stage.idOf(group), where: ["--resource-group", group] },
    { at: "child", scope: network, where: ["--resource-group", group, ...resource] },
    { at: "subscription", scope: subscription, where: [] },
  ];
  const listed = async () => byId(await adapters.barriers.listLocks(team.subscriptionId));

  return [
    ...scopes.flatMap(({ at, scope, where }): readonly Check<Stage>[] => [
      {
        name: `create a lock: ${at}`,
        az: async () => {
          await stage.az().ask("lock", "create", "--name", `by-az-${at}`, ...level, "--notes", "it's ours", ...where);
          return byId(asDocuments(await stage.az().ask("lock", "list")).map(toLock));
        },
        adapter: listed,
        truth: () => byId(storedLocks(stage)),
      },
      {
        name: `delete a locked group: ${at}`,
        az: () => stage.az().refusal("group", "delete", "--yes", "--name", group),
        adapter: async () => (await refuse(stage, group)).fault,
      },
      {
        name: `paste the reaper's line for the lock: ${at}`,
        az: async () => {
          const ids = await pasteLockLines(stage, group);
          const left = asDocuments(await stage.az().ask("lock", "list")).map(toLock);
          return {
            removed: ids.includes(`${scope}/providers/Microsoft.Authorization/locks/by-az-${at}`.toLowerCase()),
            left: byId(left),
          };
        },
        adapter: async () => ({ removed: true, left: await listed() }),
      },
    ]),
    {
      name: "create and delete a lock by name",
      az: async () => {
        await stage.az().ask("lock", "create", "--name", "short", "--lock-type", "ReadOnly", "--resource-group", group);
        await stage.az().ask("lock", "delete", "--name", "short", "--resource-group", group);
        return byId(asDocuments(await stage.az().ask("lock", "list")).map(toLock));
      },
      adapter: listed,
    },
    {
      name: "deny assignments",
      az: async () => {
        const url = `${subscription}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01`;
        const { value } = asDocument(await stage.az().ask("rest", "--method", "get", "--url", url));
        return asDocuments(value).map(({ id, properties }) => {
          const { denyAssignmentName, scope } = asDocument(properties);
          return { id, name: denyAssignmentName, scope };
        });
      },
      adapter: () => adapters.barriers.listDenyAssignments(team.subscriptionId),
    },
  ];
}

/** Follows the line to its end: what stands behind its `# then:` is pasted for each id that it has printed. */
async function pasteLockLines(stage: Stage, group: string): Promise<readonly string[]> {
  const fault = await stage.az().refusal("group", "delete", "--yes", "--name", group);
  const lines = listBlockers(fault).map(renderBlockerLine);
  const pasted: string[] = [];
  for (const line of lines) {
    const then = /# then: (.*)<lock id>$/.exec(line ?? "")?.[1];
    if (line === undefined || then === undefined) throw new Error(`no line for the lock in ${JSON.stringify(fault)}`);
    const ids = (await stage.az().paste(line)).split("\n").filter((id) => id.includes("/by-az-"));
    for (const id of ids) await stage.az().paste(`${then}${id}`);
    pasted.push(...ids.map((id) => id.toLowerCase()));
  }
  return pasted;
}

async function refuse(stage: Stage, group: string) {
  const answer = await stage.adapters.groups.delete(stage.team.subscriptionId, group, []);
  if (answer.kind !== "refused") throw new Error(`${group} was to be refused, and is ${answer.kind}`);
  return answer;
}

function storedLocks({ azure, subscription }: Stage) {
  return azure.arm.store.list("Microsoft.Authorization/locks", subscription).map(({ id, name, scope, body }) => {
    const { level } = asDocument(body["properties"]);
    return { id, name, level: String(level), scope };
  });
}
