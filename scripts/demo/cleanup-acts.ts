import { asObject } from "../../test/azure/wire.ts";
import type { Act, Inventory, Part, Scene, Stage } from "./act.ts";
import { addCleanupFleet, renderInstant } from "./cleanup-fleet.ts";
import { runCleanup, type Trigger } from "./cleanup-run.ts";
import { listFaults, type Story } from "./outcome.ts";
import { REPOSITORY, type Theatre } from "./theatre.ts";

const HOUR_MS = 3_600_000;
const GROUPS: Part = { title: "Resource group", noun: "group" };

/** Three runs of the nightly cleanup over one fleet: looked at first, then for real, then again once a fault is mended. */
export function listCleanupActs(theatre: Theatre): readonly Act[] {
  const { azure, team } = theatre;
  const fleet = addCleanupFleet(azure, team.subscriptionId, REPOSITORY.id);
  const idOf = (name: string): string => `/subscriptions/${team.subscriptionId}/resourceGroups/${name}`;
  const perform = (trigger: Trigger, story: Story) => (stage: Stage) => performRun(theatre, trigger, story, stage);
  const total = fleet.gone.length + fleet.blocked.length + fleet.extended.length;

  return [
    {
      name: "A dry run by hand",
      story: `Somebody presses "Run workflow" with dry-run ticked. ${total} groups have expired; each is shown with the reason why it would go or stay, and nothing is deleted.`,
      needs: [],
      run: perform(
        { number: 41, event: "workflow_dispatch", inputs: { "dry-run": true } },
        { conclusion: "success", gone: [], asked: 0 },
      ),
    },
    {
      name: "The nightly run",
      story: `The schedule fires, and nobody watches. ${fleet.gone.length} groups go. In the last second an owner extends one: it stays. One cannot be deleted, since a network card of another team sits in its subnet: the run says so, goes on with the others, and ends red.`,
      needs: [],
      run: async (stage) => {
        for (const name of fleet.extended) extendInTheLastSecond(theatre, idOf(name));
        const asked = fleet.gone.length + fleet.blocked.length;
        return await perform(
          { number: 42, event: "schedule" },
          { conclusion: "failure", gone: fleet.gone, asked },
        )(stage);
      },
    },
    {
      name: "The morning after",
      story:
        "The card is out of the subnet, and somebody runs the workflow again: it deletes what was left, and nothing else.",
      needs: [],
      run: async (stage) => {
        for (const name of fleet.blocked) azure.arm.planDeletion(idOf(name), { kind: "gone" });
        const story: Story = { conclusion: "success", gone: fleet.blocked, asked: fleet.blocked.length };
        return await perform({ number: 43, event: "workflow_dispatch" }, story)(stage);
      },
    },
  ];
}

/** The owner's edit comes after the plan, just before the reaper looks at the group for the last time. */
function extendInTheLastSecond({ azure }: Theatre, id: string): void {
  const path = new RegExp(`/${id.split("/").at(-1)}$`, "i");
  const later = renderInstant(new Date(azure.clock.time() + 48 * HOUR_MS));
  azure.faults.add(
    { name: "its owner extends it", when: { method: "GET", path }, times: 1 },
    { kind: "meanwhile", run: () => azure.arm.tag(id, { "expires-at": later }) },
  );
}

async function performRun(theatre: Theatre, trigger: Trigger, story: Story, stage: Stage): Promise<Scene> {
  const { azure } = theatre;
  const before = listGroups(theatre);
  const from = azure.traffic.requests.length;
  const run = await runCleanup(theatre, trigger, stage);
  const requests = azure.traffic.requests.slice(from);
  const after = listGroups(theatre);
  return { run, part: GROUPS, before, after, requests, faults: listFaults(story, { run, before, after, requests }) };
}

/** The groups of the subscription as ARM has them now. */
function listGroups({ azure, team }: Theatre): readonly Inventory[] {
  const groups = azure.arm.groups(team.subscriptionId);
  return groups.map(({ id, name, body }) => {
    const tags = asObject(body["tags"]) ?? {};
    const shown = Object.entries(tags).filter(([tag]) => /^(?:auto-destroy|expires.at)$/.test(tag));
    const locked = azure.arm.store.list("Microsoft.Authorization/locks", id).length > 0;
    const notes = [
      ...shown.map(([tag, value]) => (tag === "auto-destroy" ? `${tag}=${value}` : `${tag} ${value}`)),
      ...(locked ? ["locked"] : []),
      ...(body["managedBy"] === undefined ? [] : ["managed"]),
    ];
    return { name, note: notes.join(" · ") || "no tags of ours" };
  });
}
