import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { run } from "../../../src/actions/acr-purge/run.ts";
import { inputs } from "./inputs.ts";
import { judgeDelete, judgeUntag } from "./oracle.ts";
import { digestOf } from "./simulated-repository.ts";
import { type Mishap, type Simulation, simulate } from "./simulation.ts";

const SLICE = Number(process.env["MAYFLY_WORLDS"] ?? 800);
const REPOSITORIES = ["team/app", "team/worker"] as const;
const LABELS = ["a", "b", "c", "d", "e", "f"] as const;
const TAGS = [
  "pr-12",
  "pr-12-abcdef0",
  "pr-12-abcdef1",
  "pr-123",
  "pr-12-next",
  "v1",
  `ctx-${"c".repeat(40)}`,
  `ctx-${"d".repeat(40)}`,
  `ctx-${"d".repeat(40)}-linux-arm64`,
] as const;

/** Something that happens while the purge works: just before its n-th request. */
interface Event {
  readonly beforeRequest: number;
  readonly what:
    | { readonly kind: "tag"; readonly repository: number; readonly tag: number; readonly on: number }
    | { readonly kind: "untag"; readonly repository: number; readonly tag: number }
    | { readonly kind: "index"; readonly repository: number; readonly of: readonly number[]; readonly tag: number }
    | { readonly kind: "sign"; readonly repository: number; readonly on: number }
    | { readonly kind: "lock"; readonly repository: number; readonly on: number }
    | { readonly kind: "mishap"; readonly mishap: Mishap }
    | { readonly kind: "cancel" };
}

const nth = (list: readonly unknown[]) => fc.nat(list.length - 1);
const place = { repository: nth(REPOSITORIES) };
const event: fc.Arbitrary<Event> = fc.record({
  beforeRequest: fc.integer({ min: 1, max: 60 }),
  what: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("tag" as const), ...place, tag: nth(TAGS), on: nth(LABELS) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("untag" as const), ...place, tag: nth(TAGS) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("index" as const),
        ...place,
        of: fc.array(nth(LABELS), { minLength: 1, maxLength: 3 }),
        tag: nth(TAGS),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("sign" as const), ...place, on: nth(LABELS) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("lock" as const), ...place, on: nth(LABELS) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("mishap" as const),
        mishap: fc.constantFrom<Mishap>(
          { kind: "throw", error: new Error("reset") },
          { kind: "lose-answer", error: new Error("reset") },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const) }) },
  ),
});

/** Mostly the environment's: the others are what the purge has to mind, and few are enough. */
const firstTag = fc.oneof({ weight: 7, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: nth(TAGS) });
const manifest = fc.record({
  ...place,
  label: nth(LABELS),
  tags: fc.array(firstTag, { maxLength: 2 }),
  of: fc.array(nth(LABELS), { maxLength: 3 }),
  signs: fc.option(nth(LABELS), { nil: undefined, freq: 4 }),
  locked: fc.nat(9).map((one) => one === 0),
});

const plans = fc.record({
  manifests: fc.array(manifest, { minLength: 1, maxLength: 10 }),
  events: fc.array(event, { maxLength: 8 }),
  lockedTags: fc.array(nth(TAGS), { maxLength: 1 }),
  staleMs: fc.constantFrom(0, 0, 900, 60_000),
  latencyMs: fc.constantFrom(1, 20, 60, 200),
  given: fc.record({
    concurrency: fc.constantFrom("1", "1", "8"),
    "dry-run": fc.constantFrom("false", "false", "false", "false", "true"),
    "delete-manifests": fc.constantFrom("true", "true", "true", "false"),
    "max-deletions": fc.constantFrom("500", "500", "500", "3"),
  }),
});

type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

function build(plan: Plan): Simulation {
  const simulation = simulate();
  simulation.staleMs = plan.staleMs;
  simulation.latencyMs = () => plan.latencyMs;
  for (const one of plan.manifests) {
    const repository = REPOSITORIES[one.repository] ?? REPOSITORIES[0];
    // An index is made of what comes before it in the alphabet, so that nothing is made of itself.
    const references = [...new Set(one.of)]
      .filter((part) => part < one.label)
      .map((part) => digestOf(LABELS[part] ?? ""));
    const subject = one.signs === undefined || one.signs >= one.label ? undefined : digestOf(LABELS[one.signs] ?? "");
    simulation.push(repository, LABELS[one.label] ?? "", {
      tags: one.tags.map((tag) => TAGS[tag] ?? ""),
      references,
      ...(subject === undefined ? {} : { subject }),
      locked: one.locked,
    });
  }
  for (const { tags } of simulation.repositories.values()) {
    for (const tag of plan.lockedTags) {
      const found = tags.get(TAGS[tag] ?? "");
      if (found !== undefined) found.locked = true;
    }
  }
  return simulation;
}

function happen(simulation: Simulation, what: Event["what"], count: number): Mishap | undefined {
  if (what.kind === "mishap") return what.mishap;
  if (what.kind === "cancel") {
    simulation.cancel();
    return undefined;
  }
  const name = REPOSITORIES[what.repository] ?? REPOSITORIES[0];
  const found = simulation.repositories.get(name);
  if (found === undefined) return undefined;
  const onto = (on: number): string => digestOf(LABELS[on] ?? "");
  if (what.kind === "tag") {
    // A registry takes a tag only for what it has.
    if (found.manifests.has(onto(what.on)))
      found.tags.set(TAGS[what.tag] ?? "", { digest: onto(what.on), locked: false });
  }
  if (what.kind === "untag") found.tags.delete(TAGS[what.tag] ?? "");
  if (what.kind === "lock") {
    const one = found.manifests.get(onto(what.on));
    if (one !== undefined) one.locked = true;
  }
  if (what.kind === "index") {
    const references = [...new Set(what.of.map(onto))];
    if (references.every((part) => found.manifests.has(part)))
      simulation.push(name, `index ${count}`, { references, tags: [TAGS[what.tag] ?? ""] });
  }
  if (what.kind === "sign" && found.manifests.has(onto(what.on)))
    simulation.push(name, `signature ${count}`, { subject: onto(what.on) });
  return undefined;
}

test("nothing that a remaining tag reaches is deleted, whatever is tagged between look and delete", async () => {
  let deletes = 0;
  let untags = 0;
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const simulation = build(plan);
      let count = 0;
      simulation.before = () => {
        count += 1;
        const now = plan.events.filter(({ beforeRequest }) => beforeRequest === count);
        return now.map(({ what }) => happen(simulation, what, count)).find((mishap) => mishap !== undefined);
      };
      const sideBySide = plan.given.concurrency !== "1";
      await run(inputs({ ...plan.given, repositories: REPOSITORIES.join("\n") }), simulation.world);
      const faults = [
        ...simulation.untagged.flatMap((one) => judgeUntag(one, simulation, sideBySide)),
        ...simulation.deleted.flatMap((one) => judgeDelete(one, simulation, sideBySide)),
      ];
      expect(faults).toEqual([]);
      if (plan.given["dry-run"] === "true") expect(simulation.untagged.length + simulation.deleted.length).toBe(0);
      if (plan.given["delete-manifests"] === "false") expect(simulation.deleted).toEqual([]);
      const limit = Number(plan.given["max-deletions"]);
      expect(
        new Set([...simulation.untagged, ...simulation.deleted].map(({ repository, what }) => `${repository} ${what}`))
          .size,
      ).toBeLessThanOrEqual(limit);
      deletes += simulation.deleted.length;
      untags += simulation.untagged.length;
    }),
    { numRuns: SLICE },
  );
  // A purge that removes nothing would pass the above.
  expect(deletes).toBeGreaterThan(SLICE / 4);
  expect(untags).toBeGreaterThan(SLICE / 2);
}, 600_000);

test.each([
  ["a tag reaches", { tags: ["v1", "pr-12"] }, undefined],
  ["a tag reaches", { tags: ["pr-12-abcdef0"] }, { references: ["image"], tags: ["v1"] }],
  ["is made of it", { tags: [] }, { references: ["image"], tags: [] }],
  ["is locked", { tags: [], locked: true }, undefined],
  ["was never the environment's", { tags: [] }, undefined],
])("the judge sees a wrongful delete: %s", async (fault, image, index) => {
  const simulation = simulate();
  const digest = simulation.push("team/app", "image", image);
  if (index !== undefined) simulation.push("team/app", "index", { ...index, references: [digest] });
  const { metadata, registry } = simulation.world.openRegistry({ id: undefined, name: "", loginServer: "" });
  await metadata.listTags("team/app");
  await metadata.listManifests("team/app");
  await registry.listReferrers("team/app", digest);
  await metadata.deleteManifest("team/app", digest);
  const faults = simulation.deleted.flatMap((one) => judgeDelete(one, simulation, false));
  expect(faults.join()).toContain(fault);
});
