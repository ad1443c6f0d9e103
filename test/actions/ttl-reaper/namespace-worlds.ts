import fc from "fast-check";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import {
  CLUSTER,
  type ClusterMishap,
  type ClusterSimulation,
  type NamespaceCourse,
  type Removed,
  simulateCluster,
} from "./cluster-simulation.ts";
import { inputs } from "./inputs.ts";

const NOW = Date.parse("2026-11-21T09:17:00Z");

type Texts = Readonly<Record<string, string>>;

/** What somebody does to the cluster just before the reaper's n-th request to it. */
interface Event {
  readonly beforeRequest: number;
  readonly what:
    | { readonly kind: "edit"; readonly at: number; readonly labels: Texts; readonly annotations: Texts }
    | { readonly kind: "touch" | "remake" | "vanish"; readonly at: number }
    | { readonly kind: "mishap"; readonly mishap: ClusterMishap }
    | { readonly kind: "pass" | "skew"; readonly milliseconds: number }
    | { readonly kind: "cancel" };
}

export interface NamespaceWorld {
  readonly namespaces: readonly {
    readonly labels: Texts;
    readonly annotations: Texts;
    readonly prefix: string;
    readonly deleting: boolean;
    readonly course: NamespaceCourse;
  }[];
  readonly events: readonly Event[];
  readonly skewMs: number;
  readonly latencyMs: number;
  readonly given: Texts;
}

const utc = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(".000Z", "Z");
const dates = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 900 }).map((minutes) => utc(NOW - minutes * 60_000)) },
  // Around now, to the second: the edges are where mistakes are made.
  fc.integer({ min: -100, max: 100 }).map((seconds) => utc(NOW + seconds * 1000)),
  fc.integer({ min: 1, max: 900 }).map((hours) => utc(NOW + hours * 3_600_000)),
  fc.constantFrom("12", "2026-02-30T00:00:00Z", "2026-11-20", "", "2019-01-01T00:00:00Z", "2999-01-01T00:00:00Z"),
);
const texts = fc
  .record({
    mark: fc.constantFrom(...Array<string>(9).fill("auto-destroy"), "Auto-Destroy", "autodestroy"),
    value: fc.constantFrom(...Array<string>(9).fill("true"), "True", "false", "yes"),
    expiry: fc.constantFrom(...Array<string>(9).fill("expires-at"), "Expires-At", "expiry"),
    date: dates,
    extra: fc.option(
      fc.constantFrom(
        ["labels", "AUTO-DESTROY", "false"] as const,
        ["labels", "expires-at", "2027"] as const,
        ["annotations", "EXPIRES-AT", "2027-01-01T00:00:00Z"] as const,
        ["annotations", "auto-destroy", "false"] as const,
        ["annotations", "note", "x"] as const,
      ),
      { freq: 4 },
    ),
  })
  .map(({ mark, value, expiry, date, extra }) => {
    const made = { labels: { [mark]: value }, annotations: { [expiry]: date } };
    if (extra === null) return made;
    const [place, name, text] = extra;
    return { ...made, [place]: { ...made[place], [name]: text } };
  });
const at = fc.nat(7);

const events: fc.Arbitrary<Event> = fc.record({
  beforeRequest: fc.nat(24),
  what: fc.oneof(
    { weight: 5, arbitrary: fc.tuple(at, texts).map(([n, made]) => ({ kind: "edit" as const, at: n, ...made })) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constantFrom("touch" as const, "remake" as const, "vanish" as const), at }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("mishap" as const),
        mishap: fc.constantFrom<ClusterMishap>("refuse", "throttle", "fail", "lose-request", "lose-answer"),
      }),
    },
    fc.record({ kind: fc.constant("pass" as const), milliseconds: fc.constantFrom(900, 1_100, 5_000, 700_000) }),
    fc.record({ kind: fc.constant("skew" as const), milliseconds: fc.constantFrom(-61_000, -59_000, 59_000, 61_000) }),
    fc.constant({ kind: "cancel" as const }),
  ),
});

export const namespaceWorlds: fc.Arbitrary<NamespaceWorld> = fc.record({
  namespaces: fc.array(
    fc
      .record({
        texts,
        prefix: fc.constantFrom("pr-", "pr-", "pr-", "PR-", "prod-", "kube-"),
        deleting: fc.nat(9).map((n) => n === 0),
        course: fc.constantFrom<NamespaceCourse>("gone", "gone", "gone", "came-back", "held"),
      })
      .map(({ texts: made, ...rest }) => ({ ...made, ...rest })),
    { minLength: 1, maxLength: 8 },
  ),
  events: fc.array(events, { maxLength: 5 }),
  skewMs: fc.constantFrom(0, 0, 0, -30_000, 30_000, -90_000),
  latencyMs: fc.constantFrom(5, 20, 200, 700),
  given: fc.record({
    "name-prefix": fc.constantFrom("", "pr-"),
    grace: fc.constantFrom("0s", "0s", "30s", "2h"),
    concurrency: fc.constantFrom("1", "3", "12"),
    "max-deletions": fc.constantFrom("20", "20", "20", "3", "0"),
    wait: fc.constantFrom("verify", "accept"),
    "dry-run": fc.constantFrom("false", "false", "false", "true"),
  }),
});

/** What went wrong in a world: empty when each delete was right and the report is true. */
export async function playNamespaceWorld(plan: NamespaceWorld) {
  const names = plan.namespaces.map(({ prefix }, n) => `${prefix}${n}`);
  let asked = 0;
  const cluster = simulateCluster({
    now: new Date(NOW),
    namespaces: plan.namespaces.map((one, n) => ({ ...one, name: names[n] ?? "" })),
    latencyMs: plan.latencyMs,
    before: (_, own) => {
      asked += 1;
      let mishap: ClusterMishap | undefined;
      for (const { beforeRequest, what } of plan.events) {
        if (beforeRequest !== asked) continue;
        if (what.kind === "mishap") mishap = what.mishap;
        else change(own, what, names);
      }
      return mishap;
    },
  });
  cluster.simulation.skewMs = plan.skewMs;
  const prefix = plan.given["name-prefix"] ?? "";
  const settings = inputs({
    ...plan.given,
    "all-names": prefix === "" ? "true" : "false",
    "subscription-ids": "",
    clusters: CLUSTER,
  });
  const { outputs } = await run(settings, cluster.world);
  const scope = { prefix, graceMs: settings.grace, dryRun: settings.dryRun, most: settings.maxDeletions };
  const faults = cluster.removed.flatMap((one) => judgeRemoval(one, scope).map((fault) => `${one.name}: ${fault}`));
  if (new Set(cluster.removed.map(({ name }) => name)).size > scope.most) faults.push("more than max-deletions");
  const counts = outputs as Readonly<Record<string, unknown>>;
  if (Number(counts["deleted"]) > 0 && asked === 0) faults.push("counted what nobody looked at");
  return { faults, deletes: cluster.removed.length };
}

function change(own: ClusterSimulation, what: Exclude<Event["what"], { kind: "mishap" }>, names: readonly string[]) {
  const name = "at" in what ? (names[what.at % names.length] ?? "") : "";
  switch (what.kind) {
    case "edit":
      return own.edit(name, { labels: what.labels, annotations: what.annotations });
    case "touch":
      return own.edit(name, {});
    case "remake":
      return own.remake(name);
    case "vanish":
      return own.vanish(name);
    case "pass":
      return own.simulation.pass(what.milliseconds);
    case "skew":
      own.simulation.skewMs = what.milliseconds;
      return undefined;
    case "cancel":
      return own.simulation.cancel();
  }
}

interface Scope {
  readonly prefix: string;
  readonly graceMs: number;
  readonly dryRun: boolean;
}

/**
 * Judges one delete by what the reaper had last been told of the namespace, and by what it was at that moment, in rules
 * written down a second time: none of the reaper's own code is used.
 */
export function judgeRemoval(
  { name, uid, at: when, skewMs, plannedUid, seen, live }: Removed,
  scope: Scope,
): readonly string[] {
  const faults: string[] = [];
  if (scope.dryRun) faults.push("deleted in a dry run");
  if (seen === undefined) return [...faults, "deleted without a look"];
  if (plannedUid !== uid || seen.uid !== uid || live.uid !== uid) faults.push("another one of the same name");
  if (seen.resourceVersion !== live.resourceVersion) faults.push("edited since the look");
  if (!name.toLowerCase().startsWith(scope.prefix)) faults.push("outside the prefix");
  if (name.startsWith("kube-")) faults.push("of the system");
  const alike = (all: Texts, wanted: string): readonly string[] =>
    Object.entries(all).flatMap(([key, value]) => (key.toLowerCase() === wanted ? [value] : []));
  if (alike(live.labels, "auto-destroy").join().toLowerCase() !== "true") faults.push("not marked");
  if (alike(live.annotations, "auto-destroy").some((value) => value !== "true")) faults.push("a no beside the yes");
  if (alike(live.labels, "expires-at").length > 0) faults.push("two dates");
  const [date = "", ...others] = alike(live.annotations, "expires-at");
  const known = /^20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) && date !== "2026-02-30T00:00:00Z";
  if (!known || others.length > 0) faults.push("its date is a doubt");
  else if (when + Math.min(0, skewMs ?? 0) < Date.parse(date) + scope.graceMs) faults.push("its time had not come");
  if (Math.abs(skewMs ?? Number.POSITIVE_INFINITY) > 60_000) faults.push("the clocks disagreed");
  return faults;
}
