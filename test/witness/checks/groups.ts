import type { GroupFacts } from "../../../src/ttl/facts.ts";
import { findTag, MARK } from "../../../src/ttl/tags.ts";
import type { Check } from "../check.ts";
import { asDocument, asDocuments, byId, toFacts } from "../documents.ts";
import type { Stage } from "../stage.ts";

const listAll = async ({ adapters, team }: Stage): Promise<readonly GroupFacts[]> => {
  const groups: GroupFacts[] = [];
  for await (const group of adapters.groups.list(team.subscriptionId)) groups.push(group);
  return byId(groups);
};

/** Adds what the fleet lacks, and reads groups in every way that both know. */
export function prepareGroups(stage: Stage): readonly Check<Stage>[] {
  const { azure, team, fleet } = stage;
  // ARM folds the case of tag names and keeps that of values.
  stage.add("tag-name-in-capitals", { "AUTO-DESTROY": "true" });
  stage.add("tag-value-in-capitals", { "auto-destroy": "TRUE" });
  stage.add("with.every_character-(of-a-name)", { "auto-destroy": "true", "a tag": "a 'value', ünd \"more\"" });
  const all = () => azure.arm.groups(team.subscriptionId).length;
  const odd = [...fleet.odd].map(([name, why]) => ({ name, why }));
  const shown = [
    ...odd.filter(({ why }) => /casings|managed|being deleted/.test(why)),
    ...[{ name: "with.every_character-(of-a-name)", why: "every character" }],
  ];

  return [
    {
      name: "list groups by tag",
      az: async () =>
        asDocuments(await stage.az().ask("group", "list", "--tag", `${MARK}=true`))
          .map(({ name }) => String(name))
          .sort(),
      adapter: async () =>
        (await listAll(stage))
          .filter(({ tags }) => {
            const tag = findTag(tags, MARK);
            return tag.kind === "found" && tag.value === "true";
          })
          .map(({ name }) => name)
          .sort(),
      truth: () => {
        const untrue = odd.filter(({ why }) => why === "auto-destroy is false").map(({ name }) => name);
        const tagged = [...fleet.expired, ...fleet.alive, ...fleet.odd.keys()].filter((name) => !untrue.includes(name));
        return [...tagged, "tag-name-in-capitals", "with.every_character-(of-a-name)"].sort();
      },
    },
    {
      name: "list groups, whole",
      az: async () => byId(asDocuments(await stage.az().ask("group", "list")).map(toFacts)),
      adapter: () => listAll(stage),
    },
    {
      name: "count groups",
      az: async () => asDocuments(await stage.az().ask("group", "list")).length,
      adapter: async () => (await listAll(stage)).length,
      truth: all,
    },
    ...shown.map(
      ({ name, why }): Check<Stage> => ({
        name: `show a group: ${why}`,
        az: async () => toFacts(await stage.az().ask("group", "show", "--name", name)),
        adapter: ({ adapters }) => adapters.groups.find(team.subscriptionId, name),
      }),
    ),
    {
      name: "list groups, throttled once",
      az: async () => {
        throttleOnce(stage);
        return asDocuments(await stage.az().ask("group", "list")).length;
      },
      adapter: async () => {
        throttleOnce(stage);
        return (await listAll(stage)).length;
      },
      truth: all,
    },
    {
      name: "show a group that is not there",
      az: async () => (await stage.az().refusal("group", "show", "--name", "never")).code,
      adapter: async ({ adapters }) =>
        (await adapters.groups.find(team.subscriptionId, "never")) === undefined ? "ResourceGroupNotFound" : "there",
    },
    {
      name: "a group exists, another does not",
      az: async () => [
        await stage.az().ask("group", "exists", "--name", "tag-name-in-capitals"),
        await stage.az().ask("group", "exists", "--name", "never"),
      ],
      adapter: async ({ adapters }) => [
        (await adapters.groups.find(team.subscriptionId, "tag-name-in-capitals")) !== undefined,
        (await adapters.groups.find(team.subscriptionId, "never")) !== undefined,
      ],
      truth: () => [true, false],
    },
    {
      name: "create a group with tags",
      az: async () => {
        const tags = ["--tags", "auto-destroy=true", "expires-at=2030-01-01T00:00:00Z"];
        const made = await stage
          .az()
          .ask("group", "create", "--name", "made-by-az", "--location", "westeurope", ...tags);
        return { ...toFacts(made), type: asDocument(made)["type"] };
      },
      adapter: async ({ adapters }) => ({
        ...(await adapters.groups.find(team.subscriptionId, "made-by-az")),
        type: "Microsoft.Resources/resourceGroups",
      }),
    },
  ];
}

function throttleOnce({ azure }: Stage): void {
  const when = { method: "GET", path: /\/resourcegroups$/i };
  azure.faults.add({ name: "throttled list", when, times: 1 }, { kind: "throttle", seconds: 1 });
}
