import type { Azure } from "./azure.ts";

export interface FleetOptions {
  readonly subscriptionId: string;
  /** All groups, the odd ones among them. */
  readonly groups: number;
  /** How many are tagged and past their time. */
  readonly expired: number;
  /** How many are tagged in a way that must never be deleted; they take turns through ODD. Not counted as expired. */
  readonly odd?: number;
  readonly prefix?: string;
  readonly location?: string;
  /** The same seed makes the same fleet. */
  readonly seed?: number;
  /** What "expired" refers to; the emulator's clock where left out. */
  readonly now?: Date;
}

/** Names by what is right to do with them. */
export interface Fleet {
  readonly subscriptionId: string;
  readonly expired: readonly string[];
  /** Tagged, but with time left. */
  readonly alive: readonly string[];
  readonly untagged: readonly string[];
  /** Name of the group to the reason why it must stay. */
  readonly odd: ReadonlyMap<string, string>;
}

type Tags = Record<string, string>;
interface Odd {
  readonly why: string;
  readonly tags: (past: string) => Tags;
  readonly after?: (azure: Azure, id: string) => void;
  readonly managedBy?: string;
  readonly provisioningState?: string;
}

const dated = (expiry: string): Tags => ({ "auto-destroy": "true", "expires-at": expiry });

/** Groups that look like candidates and are none. */
export const ODD: readonly Odd[] = [
  { why: "no expires-at", tags: () => ({ "auto-destroy": "true" }) },
  {
    why: "expires-at without offset",
    tags: (past) => ({ "auto-destroy": "true", "expires-at": past.replace("Z", "") }),
  },
  { why: "near-miss tag name", tags: (past) => ({ "auto-destroy": "true", expires_at: past }) },
  { why: "two casings of one tag", tags: (past) => ({ ...dated(past), "Expires-At": "2099-01-01T00:00:00Z" }) },
  { why: "auto-destroy is false", tags: (past) => ({ ...dated(past), "auto-destroy": "false" }) },
  { why: "no such day", tags: () => dated("2026-02-30T00:00:00Z") },
  { why: "words", tags: () => dated("tomorrow 5") },
  { why: "a bare number", tags: () => dated("12") },
  { why: "words around a year", tags: () => dated("expires 2026") },
  { why: "hour 24", tags: () => dated("2026-01-01T24:00:00Z") },
  { why: "day first", tags: () => dated("20.11.2026 09:00") },
  { why: "before 2020", tags: () => dated("1999-12-31T23:59:59Z") },
  {
    why: "locked",
    tags: dated,
    after: (azure, id) => azure.arm.addLock(id, { name: "keep", level: "CanNotDelete", notes: "demo on Friday" }),
  },
  {
    why: "a resource in it is locked",
    tags: dated,
    after: (azure, id) => {
      const account = azure.arm.add(`${id}/providers/Microsoft.Storage/storageAccounts/data`, { location: "eastus" });
      azure.arm.addLock(account.id, { name: "backup", level: "ReadOnly" });
    },
  },
  {
    why: "managed by another resource",
    tags: dated,
    managedBy: "/subscriptions/0/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/shop",
  },
  { why: "already being deleted", tags: dated, provisioningState: "Deleting" },
  { why: "denied", tags: dated, after: (azure, id) => azure.arm.addDenyAssignment(id, { name: "system protected" }) },
];

const HOUR = 3600 * 1000;

/** Fills a subscription with groups. The same options make the same fleet. @throws Error where the parts exceed the whole */
export function addFleet(azure: Azure, options: FleetOptions): Fleet {
  const { subscriptionId, groups, expired, odd = 0, prefix = "mayfly-pr", location = "eastus" } = options;
  const rest = groups - expired - odd;
  if (rest < 0) throw new Error(`${expired} expired and ${odd} odd groups do not fit into ${groups}`);
  const random = mulberry32(options.seed ?? 1);
  const now = (options.now ?? azure.clock.now()).getTime();
  const hoursFrom = (hours: number) => new Date(now + hours * HOUR).toISOString().replace(/\.\d+Z$/, "Z");
  const kinds = shuffled(
    [
      ...Array.from({ length: expired }, () => "expired" as const),
      ...Array.from({ length: odd }, () => "odd" as const),
      ...Array.from({ length: rest }, (_, index) => (index % 2 === 0 ? ("alive" as const) : ("untagged" as const))),
    ],
    random,
  );

  const fleet = {
    expired: [] as string[],
    alive: [] as string[],
    untagged: [] as string[],
    odd: new Map<string, string>(),
  };
  for (const [index, kind] of kinds.entries()) {
    const name = `${prefix}-${1000 + index}-${hex(random)}`;
    const base = { subscriptionId, name, location };
    const hours = 1 + Math.floor(random() * 240);
    const owner = { owner: ["mona", "hubot", "octocat"][index % 3] ?? "mona" };
    if (kind === "odd") {
      const one = ODD[fleet.odd.size % ODD.length];
      if (one === undefined) continue;
      const { managedBy, provisioningState } = one;
      const state = {
        ...(managedBy === undefined ? {} : { managedBy }),
        ...(provisioningState === undefined ? {} : { provisioningState }),
      };
      const group = azure.arm.addResourceGroup({
        ...base,
        tags: { ...one.tags(hoursFrom(-hours)), ...owner },
        ...state,
      });
      one.after?.(azure, group.id);
      fleet.odd.set(name, one.why);
      continue;
    }
    const expiry = { expired: hoursFrom(-hours), alive: hoursFrom(hours), untagged: undefined }[kind];
    azure.arm.addResourceGroup({ ...base, tags: expiry === undefined ? owner : { ...dated(expiry), ...owner } });
    fleet[kind].push(name);
  }
  return { subscriptionId, ...fleet };
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function hex(random: () => number): string {
  return Math.floor(random() * 0x1000000)
    .toString(16)
    .padStart(6, "0");
}

/** A small generator of even quality, so that a seed gives the same fleet on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
