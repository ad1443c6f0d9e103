import fc from "fast-check";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { inputs } from "./inputs.ts";
import { judgeDelete, type Scope } from "./oracle.ts";
import { type Course, group, type Mishap, type Simulation, SUBSCRIPTION, simulate } from "./simulation.ts";

/** The moment around which all worlds turn. */
const NOW = Date.parse("2026-11-21T09:17:00Z");

/** One thing that happens while the reaper works: just before its n-th request. */
export interface Event {
  readonly beforeRequest: number;
  readonly what:
    | { readonly kind: "retag"; readonly group: number; readonly tags: Readonly<Record<string, string>> }
    | { readonly kind: "lock"; readonly group: number; readonly inside: boolean }
    | { readonly kind: "unlock" }
    | { readonly kind: "remove"; readonly group: number }
    | { readonly kind: "state"; readonly group: number; readonly state: string }
    | { readonly kind: "own"; readonly group: number }
    | { readonly kind: "mishap"; readonly mishap: Mishap }
    | { readonly kind: "pass"; readonly milliseconds: number }
    | { readonly kind: "skew"; readonly milliseconds: number }
    | { readonly kind: "cancel" };
}

export interface WorldPlan {
  readonly groups: readonly {
    readonly tags: Readonly<Record<string, string>>;
    readonly state: string;
    readonly managed: boolean;
    readonly prefix: string;
    readonly course: Course;
  }[];
  readonly lockedAtFirst: readonly number[];
  readonly deniedAtFirst: readonly number[];
  readonly events: readonly Event[];
  readonly skewMs: number;
  readonly latencyMs: number;
  readonly given: Readonly<Record<string, string>>;
}

const utc = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(".000Z", "Z");
const dates = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 900 }).map((minutes) => utc(NOW - minutes * 60_000)) },
  // Around now, to the second: the edges are where mistakes are made.
  fc.integer({ min: -100, max: 100 }).map((seconds) => utc(NOW + seconds * 1000)),
  fc
    .integer({ min: -900, max: 900 })
    .map((hours) => new Date(NOW + hours * 3_600_000).toISOString().replace(".000Z", "+00:00")),
  fc.constantFrom("2026-11-21T10:17:00+01:00", "2026-11-21T16:16:00+07:00", "2026-11-21T04:17:01-05:00"),
  fc.constantFrom(
    "12",
    "tomorrow 5",
    "2026-02-30T00:00:00Z",
    "2026-11-20",
    "2026-11-20T09:00:00",
    "2026-11-20 09:00:00Z",
    "",
    "2026-11-20T24:00:00Z",
    "2026-11-20T09:00:00-00:00",
    "2019-01-01T00:00:00Z",
    "2999-01-01T00:00:00Z",
    "never",
  ),
);
const marks = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("true", "true", "True", " true ") },
  fc.constantFrom("false", "yes", "1", ""),
);
const tags = fc
  .tuple(
    fc.constantFrom(...Array<string>(9).fill("auto-destroy"), "Auto-Destroy", "autodestroy", "keep"),
    marks,
    fc.constantFrom(...Array<string>(9).fill("expires-at"), "Expires-At", "ExpiresAt"),
    dates,
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      fc.tuple(fc.constantFrom("AUTO-DESTROY", "EXPIRES-AT", "owner"), dates),
    ),
  )
  .map(([mark, value, expiry, date, extra]) => ({
    [mark]: value,
    [expiry]: date,
    ...(extra === undefined ? {} : { [extra[0]]: extra[1] }),
  }));
const index = fc.nat(7);
const states = fc.oneof(
  { weight: 8, arbitrary: fc.constant("Succeeded") },
  fc.constantFrom("Failed", "Deleting", "Updating", ""),
);

const events: fc.Arbitrary<Event> = fc.record({
  beforeRequest: fc.nat(30),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("retag" as const), group: index, tags }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("lock" as const), group: index, inside: fc.boolean() }) },
    fc.constant({ kind: "unlock" as const }),
    fc.record({ kind: fc.constant("remove" as const), group: index }),
    fc.record({ kind: fc.constant("state" as const), group: index, state: states }),
    fc.record({ kind: fc.constant("own" as const), group: index }),
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("mishap" as const),
        mishap: fc.constantFrom<Mishap>("refuse", "throttle", "lose-request", "lose-answer", "fail-look"),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("pass" as const),
        milliseconds: fc.constantFrom(400, 900, 1_100, 5_000, 700_000),
      }),
    },
    fc.record({
      kind: fc.constant("skew" as const),
      milliseconds: fc.constantFrom(-61_000, -59_000, 0, 59_000, 61_000),
    }),
    fc.constant({ kind: "cancel" as const }),
  ),
});

/** A fleet, its faults, and what people do to it while the reaper works. */
export const worldPlans: fc.Arbitrary<WorldPlan> = fc.record({
  groups: fc.array(
    fc.record({
      tags,
      state: states,
      managed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      prefix: fc.constantFrom("pr-", "pr-", "pr-", "PR-", "prod-", "MC_pr-"),
      course: fc.constantFrom<Course>("gone", "gone", "gone", "rolled-back", "came-back", "stuck"),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  lockedAtFirst: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(index, { maxLength: 1 })),
  deniedAtFirst: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(index, { maxLength: 1 })),
  events: fc.array(events, { maxLength: 5 }),
  skewMs: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(0, 0, -30_000, 30_000) }, fc.constant(-90_000)),
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

/** What went wrong in a world: empty when every delete was right and the report is true. */
export async function playWorld(
  plan: WorldPlan,
): Promise<{ readonly faults: readonly string[]; readonly deletes: number }> {
  const names = plan.groups.map(({ prefix }, at) => `${prefix}${at}`);
  const scope = (at: number): string => group(names[at % names.length] ?? "", {}).id;
  let asked = 0;
  const simulation = simulate({
    now: new Date(NOW),
    groups: plan.groups.map((one, at) => ({
      facts: group(names[at] ?? "", one.tags, {
        provisioningState: one.state,
        managedBy: one.managed ? "/x" : undefined,
      }),
      course: one.course,
    })),
    locks: plan.lockedAtFirst.map((at) => ({ id: "l", name: "l", level: "CanNotDelete", scope: scope(at) })),
    denyAssignments: plan.deniedAtFirst.map((at) => ({ id: "d", name: "d", scope: scope(at) })),
    latencyMs: () => plan.latencyMs,
    before: (_, own) => {
      asked += 1;
      let mishap: Mishap | undefined;
      for (const { beforeRequest, what } of plan.events) {
        if (beforeRequest !== asked) continue;
        if (what.kind === "mishap") mishap = what.mishap;
        else change(own, what, names, scope);
      }
      return mishap;
    },
  });
  simulation.skewMs = plan.skewMs;
  const prefix = plan.given["name-prefix"] ?? "";
  const settings = inputs({
    ...plan.given,
    "all-names": prefix === "" ? "true" : "false",
    "subscription-ids": SUBSCRIPTION,
  });
  const { outputs } = await run(settings, simulation.world);
  const judge: Scope = {
    prefix,
    graceMs: settings.grace,
    maxDeletions: settings.maxDeletions,
    dryRun: settings.dryRun,
  };
  const faults = [
    ...simulation.deletes.flatMap((one) => judgeDelete(one, simulation, plan, judge)),
    ...judgeReport(outputs as Readonly<Record<string, unknown>>, simulation),
  ];
  return { faults, deletes: simulation.deletes.length };
}

function change(own: Simulation, what: Event["what"], names: readonly string[], scope: (at: number) => string): void {
  const name = "group" in what ? (names[what.group % names.length] ?? "") : "";
  const one = own.groups.get(name);
  if (what.kind === "lock")
    own.locks.push({
      id: "l",
      name: "l",
      level: "ReadOnly",
      scope: `${scope(what.group)}${what.inside ? "/providers/a/b/c" : ""}`,
    });
  if (what.kind === "unlock") own.locks.length = 0;
  if (what.kind === "remove") own.groups.delete(name);
  if (what.kind === "pass") own.pass(what.milliseconds);
  if (what.kind === "skew") own.skewMs = what.milliseconds;
  if (what.kind === "cancel") own.cancel();
  if (one === undefined) return;
  if (what.kind === "retag") one.facts = { ...one.facts, tags: what.tags };
  if (what.kind === "state") one.facts = { ...one.facts, provisioningState: what.state };
  if (what.kind === "own") one.facts = { ...one.facts, managedBy: "/somebody" };
}

/** A group that is said to be deleted must not be there, unless it came back later than ARM's last word. */
function judgeReport(outputs: Readonly<Record<string, unknown>>, simulation: Simulation): readonly string[] {
  const told = ["deleted", "accepted", "still-deleting", "blocked", "came-back", "failed", "skipped"];
  const sum = told.reduce((total, name) => total + Number(outputs[name]), 0);
  const recorded = new Set(simulation.events.flatMap((event) => (event.type === "outcome" ? [event.id] : []))).size;
  const faults = sum < recorded ? [`the outputs tell of ${sum} groups, the journal of ${recorded}`] : [];
  for (const event of simulation.events) {
    if (event.type !== "outcome" || event.outcome.kind !== "gone") continue;
    const name = event.id.split("/").at(-1) ?? "";
    const look = simulation.requests.filter((request) => request.call === "find" && request.name === name).at(-1);
    if (look === undefined || simulation.lastLook.get(name) !== undefined) {
      const returned = simulation.events.some(
        (other) => other.type === "outcome" && other.id === event.id && other.outcome.kind === "came-back",
      );
      if (!returned) faults.push(`${name} is said to be gone without a 404`);
    }
  }
  return faults;
}
