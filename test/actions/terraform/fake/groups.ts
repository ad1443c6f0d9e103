import type { AzureWorld } from "../../../../src/actions/terraform/world.ts";
import type { GroupFacts } from "../../../../src/ttl/facts.ts";

export const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";

type Tags = Readonly<Record<string, string>>;

/** A subscription's resource groups: what terraform makes there is what the action finds. */
export interface Groups {
  readonly api: AzureWorld["groups"];
  readonly all: Map<string, GroupFacts>;
  /** What was searched for, as `name=value`. */
  readonly lists: string[];
  /** Each PATCH of tags. */
  readonly patches: { readonly name: string; readonly tags: Tags }[];
  /** Groups that stay although terraform deletes them. */
  readonly immortal: Set<string>;
  add(name: string, tags: Tags, more?: Partial<GroupFacts>): GroupFacts;
  tagsOf(name: string): Tags;
}

export function groupId(name: string): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`;
}

export function createGroups(pace: () => Promise<void>): Groups {
  const all = new Map<string, GroupFacts>();
  const groups: Groups = {
    all,
    lists: [],
    patches: [],
    immortal: new Set(),
    add: (name, tags, more = {}) => {
      const facts = {
        id: groupId(name),
        subscriptionId: SUBSCRIPTION,
        name,
        location: "westeurope",
        tags,
        managedBy: undefined,
        provisioningState: "Succeeded",
        ...more,
      };
      all.set(name, facts);
      return facts;
    },
    tagsOf: (name) => all.get(name)?.tags ?? {},
    api: {
      listByTag: async (subscription, name, value) => {
        await pace();
        groups.lists.push(`${name}=${value}`);
        return [...all.values()].filter(
          ({ subscriptionId, tags }) =>
            subscriptionId === subscription &&
            Object.entries(tags).some(([key, one]) => key.toLowerCase() === name.toLowerCase() && one === value),
        );
      },
      mergeTags: async (id, tags) => {
        await pace();
        const group = [...all.values()].find((one) => one.id === id);
        if (group === undefined) throw new Error(`404 ${id}`);
        groups.patches.push({ name: group.name, tags });
        const kept = Object.entries(group.tags).filter(
          ([name]) => !Object.keys(tags).some((other) => other.toLowerCase() === name.toLowerCase()),
        );
        all.set(group.name, { ...group, tags: { ...Object.fromEntries(kept), ...tags } });
      },
      find: async (subscription, name) => {
        await pace();
        const group = all.get(name);
        return group?.subscriptionId === subscription ? group : undefined;
      },
    },
  };
  return groups;
}
