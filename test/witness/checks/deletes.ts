import { renderBlockerLine } from "../../../src/actions/ttl-reaper/mend-lines.ts";
import { listBlockers } from "../../../src/ttl/blockers.ts";
import type { DeletionPlan } from "../../azure/arm/deletions.ts";
import type { Check } from "../check.ts";
import { asDocuments, withoutNames } from "../documents.ts";
import { follow } from "../follow.ts";
import type { Stage } from "../stage.ts";

const PROVIDERS = "/providers/Microsoft";

/** Deletes twins, one by az and one by the adapters, followed to the end; then each looks for the other's. */
export function prepareDeletes(stage: Stage): readonly Check<Stage>[] {
  const { adapters, fleet, team } = stage;
  const { subscriptionId } = team;
  const denied = [...fleet.odd].find(([, why]) => why === "denied")?.[0] ?? "";
  const az = (group: string) => stage.az().ask("group", "delete", "--yes", "--name", group);
  const refusal = async (group: string) =>
    withoutNames(await stage.az().refusal("group", "delete", "--yes", "--name", group), group);
  const exists = (group: string) => stage.az().ask("group", "exists", "--name", group);
  const there = async (group: string) => (await adapters.groups.find(subscriptionId, group)) !== undefined;
  const state = async (group: string) => (await adapters.groups.find(subscriptionId, group))?.provisioningState;
  const twins = (fate: string, plan: (group: string) => DeletionPlan) => {
    const [one, two] = [stage.add(`${fate}-az`), stage.add(`${fate}-adapter`)];
    for (const group of [one, two]) stage.azure.arm.planDeletion(stage.idOf(group), plan(stage.idOf(group)));
    return [one, two] as const;
  };
  const [goneAz, goneAdapter] = twins("gone", () => ({ kind: "gone" }));
  const [blockedAz, blockedAdapter] = twins("blocked", (id) => ({ kind: "blocked", by: addBlockers(stage, id) }));
  const [slowAz, slowAdapter] = twins("timeout", () => ({ kind: "timeout" }));
  const [backAz, backAdapter] = twins("came-back", () => ({ kind: "came-back" }));
  const stuck = stage.add("stuck");
  stage.azure.arm.planDeletion(stage.idOf(stuck), { kind: "stuck" });

  return [
    {
      name: "delete a group and follow it",
      az: async () => ((await az(goneAz)) === undefined ? "succeeded" : "said something"),
      adapter: () => follow(adapters, subscriptionId, goneAdapter),
      truth: () => "succeeded",
    },
    {
      name: "what the other has deleted",
      az: () => exists(goneAdapter),
      adapter: () => there(goneAz),
      truth: () => false,
    },
    {
      name: "delete a group that is not there",
      az: async () => (await stage.az().refusal("group", "delete", "--yes", "--name", goneAz)).code,
      adapter: async () => {
        const { kind } = await adapters.groups.delete(subscriptionId, goneAz, []);
        return kind === "absent" ? "ResourceGroupNotFound" : kind;
      },
    },
    {
      name: "delete a group with blockers",
      az: () => refusal(blockedAz),
      adapter: () => follow(adapters, subscriptionId, blockedAdapter),
    },
    {
      name: "its state afterwards",
      az: async () =>
        stage.az().ask("group", "show", "--name", blockedAdapter, "--query", "properties.provisioningState"),
      adapter: () => state(blockedAz),
      truth: () => "Succeeded",
    },
    {
      name: "paste the reaper's lines for blockers",
      az: async () => {
        const lines = listBlockers(await stage.az().refusal("group", "delete", "--yes", "--name", blockedAz)).map(
          renderBlockerLine,
        );
        for (const line of lines) await stage.az().paste(line ?? "false");
        return lines.map((line) => line?.split(" --ids")[0]);
      },
      truth: () => ["az network vnet show", "az network public-ip show", "az resource delete"],
    },
    {
      name: "what they have left",
      az: async () => resourceNames(await stage.az().ask("resource", "list", "--resource-group", blockedAz)),
      truth: () => ["net", "pip"],
    },
    {
      name: "delete a group that times out",
      az: () => refusal(slowAz),
      adapter: () => follow(adapters, subscriptionId, slowAdapter),
    },
    {
      name: "delete a group that comes back",
      az: async () => {
        await az(backAz);
        return exists(backAz);
      },
      adapter: async () => {
        await follow(adapters, subscriptionId, backAdapter);
        return there(backAdapter);
      },
      truth: () => true,
    },
    {
      name: "delete a group twice",
      az: async () => {
        await stage.az().ask("group", "delete", "--yes", "--no-wait", "--name", stuck);
        return refusal(stuck);
      },
      adapter: () => follow(adapters, subscriptionId, stuck),
    },
    {
      name: "its state meanwhile",
      az: () => stage.az().ask("group", "show", "--name", stuck, "--query", "properties.provisioningState"),
      adapter: () => state(stuck),
      truth: () => "Deleting",
    },
    {
      name: "delete a group under a deny assignment",
      az: () => refusal(denied),
      adapter: () => follow(adapters, subscriptionId, denied),
    },
    {
      name: "paste the reaper's line for the denial",
      az: async () => {
        const resource = stage.idOf(denied);
        const line = renderBlockerLine({ resource, code: "DenyAssignmentAuthorizationFailed", message: "" });
        const { value } = JSON.parse(await stage.az().paste(line ?? "false")) as { readonly value: unknown };
        return asDocuments(value).map(({ id }) => id);
      },
      adapter: async () => {
        const all = (await adapters.barriers.listDenyAssignments(subscriptionId)) ?? [];
        return all.filter(({ scope }) => scope === stage.idOf(denied)).map(({ id }) => id);
      },
    },
  ];
}

/** One of each kind of line: two commands that explain, and the one that deletes what is in the way. */
function addBlockers({ azure }: Stage, group: string) {
  const blockers = [
    {
      target: `${group}${PROVIDERS}.Network/virtualNetworks/net`,
      code: "InUseSubnetCannotBeDeleted",
      message: "Subnet 's' is in use.",
    },
    {
      target: `${group}${PROVIDERS}.Network/publicIPAddresses/pip`,
      code: "PublicIPAddressCannotBeDeleted",
      message: 'It says "no".',
    },
    { target: `${group}${PROVIDERS}.Storage/storageAccounts/data`, code: "AccountIsBusy", message: "Try again later." },
  ];
  for (const { target } of blockers) azure.arm.add(target, { location: "eastus" });
  return blockers;
}

function resourceNames(printed: unknown): readonly string[] {
  return asDocuments(printed)
    .map(({ name }) => String(name))
    .sort();
}
