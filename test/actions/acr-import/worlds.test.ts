import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { run } from "../../../src/actions/acr-import/run.ts";
import { inputs } from "./inputs.ts";
import { type Mishap, type Simulation, simulate } from "./simulation.ts";

const SOURCE = "other.azurecr.io";
const TARGETS = ["mayfly.azurecr.io", "eu.azurecr.io"] as const;
const TAGS = ["1", "2", "3"] as const;

/** Something that happens while the import works: just before its n-th request. */
interface Event {
  readonly beforeRequest: number;
  readonly what:
    | { readonly kind: "push"; readonly host: number; readonly tag: number; readonly content: string }
    | { readonly kind: "lock"; readonly host: number; readonly tag: number }
    | { readonly kind: "untag"; readonly host: number; readonly tag: number }
    | { readonly kind: "mishap"; readonly mishap: Mishap }
    | { readonly kind: "cancel" };
}

const content = fc.constantFrom("new", "old", "older");
const place = { host: fc.nat(1), tag: fc.nat(2) };
const mishaps: fc.Arbitrary<Mishap> = fc.constantFrom<Mishap>(
  { kind: "lose-request" },
  { kind: "lose-answer" },
  { kind: "again", retryAfterMs: 1_000 },
  { kind: "half" },
  { kind: "fail", status: 400, fault: { code: "InvalidParameters", message: "Error copying blobs" } },
  { kind: "fail", status: 409, fault: { code: "Conflict", message: "Tag already exists in target registry." } },
  { kind: "throw", error: new Error("no answer") },
);
const events: fc.Arbitrary<Event> = fc.record({
  beforeRequest: fc.nat(60),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("push" as const), ...place, content }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("lock" as const), ...place }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("untag" as const), ...place }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("mishap" as const), mishap: mishaps }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const) }) },
  ),
});
const plans = fc.record({
  standing: fc.array(fc.record({ ...place, content, locked: fc.boolean() }), { maxLength: 5 }),
  events: fc.array(events, { maxLength: 8 }),
  mode: fc.constantFrom("write-once", "skip", "force"),
  concurrency: fc.constantFrom("1", "4"),
});

/** What each registry last answered about a tag: all that the import could know. */
interface Seen {
  readonly heads: Map<string, string | undefined>;
  readonly locks: Map<string, boolean>;
  /** Tags that a look has shown without a lock since they were last imported. */
  readonly free: Set<string>;
}

function watch(simulation: Simulation): Seen {
  const seen: Seen = { heads: new Map(), locks: new Map(), free: new Set() };
  const { openTarget } = simulation.world;
  Object.assign(simulation.world, {
    openTarget: (facts: Parameters<typeof openTarget>[0]) => {
      const target = openTarget(facts);
      const key = (tag: string): string => `${facts.loginServer} ${tag}`;
      return {
        facts,
        registry: {
          findManifest: async (name: string, tag: string) => {
            const found = await target.registry.findManifest(name, tag);
            seen.heads.set(key(tag), found?.digest);
            return found;
          },
        },
        metadata: {
          ...target.metadata,
          listTags: async (name: string) => {
            const tags = await target.metadata.listTags(name);
            for (const tag of TAGS) seen.locks.delete(key(tag));
            for (const tag of tags ?? []) {
              seen.locks.set(key(tag.name), !tag.writeEnabled);
              if (tag.writeEnabled) seen.free.add(key(tag.name));
            }
            return tags;
          },
        },
      };
    },
  });
  return seen;
}

test("no tag is moved that may not be, whatever happens around it, and nothing is called imported unseen", async () => {
  let imported = 0;
  let forced = 0;
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const simulation = simulate();
      for (const host of [SOURCE, ...TARGETS]) simulation.add(host);
      const wanted = simulation.push(SOURCE, "app:1", "new");
      for (const one of plan.standing) {
        const host = TARGETS[one.host] ?? TARGETS[0];
        simulation.push(host, `app:${TAGS[one.tag]}`, one.content, { lockedTag: one.locked });
      }
      const seen = watch(simulation);
      const faults: string[] = [];
      let count = 0;
      simulation.before = (request) => {
        count += 1;
        if (request.call === "start") {
          const tag = request.what.split(":")[1] ?? "";
          const head = seen.heads.get(`${request.host} ${tag}`);
          if (head === wanted) faults.push(`${tag}: imported what is there`);
          if (head !== undefined && plan.mode !== "force") faults.push(`${tag}: imported over ${head}`);
        }
        let mishap: Mishap | undefined;
        for (const { beforeRequest, what } of plan.events) {
          if (beforeRequest !== count) continue;
          if (what.kind === "mishap") mishap = what.mishap;
          else if (what.kind === "cancel") simulation.cancel();
          else {
            const host = TARGETS[what.host] ?? TARGETS[0];
            const key = `app:${TAGS[what.tag]}`;
            const tags = simulation.registries.get(host)?.tags;
            const tag = tags?.get(key);
            if (what.kind === "push" && tag?.locked !== true) simulation.push(host, key, what.content);
            if (what.kind === "lock" && tag !== undefined) tag.locked = true;
            if (what.kind === "untag" && tag?.locked === false) tags?.delete(key);
          }
        }
        return mishap;
      };
      const { start } = simulation.world.imports;
      Object.assign(simulation.world.imports, {
        start: (id: string, order: Parameters<typeof start>[1]) => {
          const key = `${id.split("/").at(-1)}.azurecr.io ${order.to.tag}`;
          // Side by side, the look of another image may be later than its own, and show a lock that has just come.
          const looked = plan.concurrency === "1" ? seen.locks.get(key) === false : seen.free.has(key);
          if (order.force && !looked) faults.push(`${order.to.tag}: forced without a look at its lock`);
          seen.free.delete(key);
          forced += order.force ? 1 : 0;
          return start(id, order);
        },
      });
      const images = TAGS.map((tag) => `${SOURCE}/app:1 => app:${tag}`).join("\n");
      const given = { images, registry: "mayfly", targets: "eu", referrers: "ignore" };
      await run(inputs({ ...given, mode: plan.mode, concurrency: plan.concurrency }), simulation.world);
      const report = JSON.parse(simulation.reports[0] ?? "{}");
      for (const one of report.images) {
        const { outcome, registry, tag } = one;
        if (outcome.kind !== "imported" && outcome.kind !== "there") continue;
        imported += outcome.kind === "imported" ? 1 : 0;
        if (seen.heads.get(`${registry} ${tag}`) !== wanted) faults.push(`${tag}: called ${outcome.kind} unseen`);
      }
      expect(faults).toEqual([]);
      expect(report.images.length).toBe(6);
    }),
    { numRuns: 600 },
  );
  // An import that does nothing would pass the above.
  expect(imported).toBeGreaterThan(600);
  expect(forced).toBeGreaterThan(30);
}, 60_000);
