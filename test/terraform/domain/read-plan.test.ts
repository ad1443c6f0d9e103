import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../../../src/terraform/exact-json.ts";
import { readPlan } from "../../../src/terraform/read-plan.ts";
import { hasChanges } from "../../../src/terraform/run-tags.ts";
import { messageOf, readFixture, readValue } from "./parsed.ts";
import { makeChange, makePlan, type Planned } from "./planned.ts";
import { SCENES, SECRETS } from "./scenes.ts";

const readFixturePlan = (name: string) => readValue(readPlan(readFixture(`${name}.plan.json`)));
const planned = SCENES.filter(({ after }) => after !== undefined).map(({ name }) => name);

describe("a plan of the real terraform", () => {
  test.each(planned)("is counted as terraform counts it: %s", (name) => {
    const { counts } = readFixturePlan(name);
    const summary: unknown = JSON.parse(readFixture(`${name}.summary.json`));
    // A plan that failed is counted by terraform without what failed.
    if (name === "errored") expect(counts).toMatchObject({ add: 1, destroy: 1, replace: 1 });
    else {
      const { add, change, destroy } = counts;
      expect({ add, change, import: counts.import, remove: destroy, operation: "plan" }).toEqual(summary);
    }
  });

  test.each(planned)("shows none of its sensitive values: %s", (name) => {
    const text = JSON.stringify(readFixturePlan(name));
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  test("tells every kind of change", () => {
    const { changes, counts, outputs } = readFixturePlan("change");
    const kinds = changes.map(({ address, kind }) => [address.replace("terraform_data.", ""), kind]);
    expect(Object.fromEntries(kinds)).toEqual({
      becomes_sensitive: "update",
      deleted: "delete",
      first: "replace",
      forgotten: "forget",
      imported: "update",
      new_name: "no-op",
      new_update: "update",
      replaced: "replace",
      updated: "update",
    });
    expect(counts).toEqual({ add: 2, change: 4, destroy: 3, replace: 2, import: 1, move: 2, forget: 1 });
    const find = (name: string) => changes.find(({ address }) => address === `terraform_data.${name}`);
    expect(find("new_name")).toMatchObject({ previousAddress: "terraform_data.old_name", attributes: [] });
    expect(find("imported")).toMatchObject({ importing: "an-id" });
    expect(find("first")).toMatchObject({ createsFirst: true, reason: "replace_because_cannot_update" });
    expect(find("replaced")).not.toHaveProperty("createsFirst");
    expect(find("deleted")).toMatchObject({ reason: "delete_because_no_resource_config" });
    expect(outputs.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "create fresh",
      "delete gone",
      "update moves",
      "update secret",
    ]);
  });

  test("tells what changes inside of a resource", () => {
    const { changes } = readFixturePlan("change");
    const { attributes = [] } = changes.find(({ address }) => address === "terraform_data.updated") ?? {};
    expect(Object.fromEntries(attributes.map(({ path, before, after }) => [path, [before, after]]))).toEqual({
      'input["list"]': ['["x", "y"]', '["w", "x", "y"]'],
      'input["name"]': ['"a"', '"b"'],
      'input["pools"][1].name': [undefined, '"p2"'],
      'input["pools"][1].size': [undefined, "2"],
      'input["pw"]': ["(sensitive value)", "(sensitive value)"],
      'input["tags"]["fresh"]': [undefined, '"now"'],
      'input["tags"]["gone"]': ['"soon"', undefined],
      'input["tags"]["owner"]': ['"me"', '"you"'],
      'input["text"]': ["…\ntwo\nthree\nfour\n…", "…\ntwo\nTHREE\nfour\n…"],
      'jsondecode(input["json"])["a"]': ["1", "2"],
      output: [expect.stringContaining("{json = "), "(known after apply)"],
    });
  });

  test("names what forces a replacement", () => {
    const { changes } = readFixturePlan("change");
    const forcing = changes.flatMap(({ attributes }) => attributes.filter((one) => one.forcesReplacement));
    expect(forcing).toEqual([
      { path: "triggers_replace", before: "1", after: "2", forcesReplacement: true },
      { path: 'triggers_replace["size"]', before: "1", after: "3", forcesReplacement: true },
    ]);
  });

  test("keeps the digits of numbers, and covers sensitive values by value", () => {
    const { changes, failedChecks } = readFixturePlan("create");
    const { attributes = [] } = changes.find(({ address }) => address === "terraform_data.main") ?? {};
    const after = (name: string) => attributes.find(({ path }) => path === `input["${name}"]`)?.after;
    expect(after("big")).toBe("12345678901234567890");
    expect(after("exact")).toBe("0.1");
    expect(after("list")).toBe('["plain", (sensitive value)]');
    expect(after("leaked")).toBe("(sensitive value)");
    expect(after("pin")).toBe("(sensitive value)");
    expect(after("within")).toBe('"server=x;password=***;"');
    expect(after("unset")).toBeUndefined();
    expect(changes.map(({ address }) => address)).toContain('terraform_data.each["***"]');
    expect(changes.map(({ address }) => address)).toContain('terraform_data.each["quo\\"te"]');
    expect(failedChecks).toEqual([{ address: "check.size", messages: ["size is 3, and the spare is ***"] }]);
  });

  test("says whether it can be applied, and how much there was before", () => {
    const flags = (name: string) => {
      const { complete, applyable, errored, priorResources } = readFixturePlan(name);
      return { complete, applyable, errored, priorResources };
    };
    expect(flags("create")).toEqual({ complete: true, applyable: true, errored: false, priorResources: 0 });
    expect(flags("change")).toEqual({ complete: true, applyable: true, errored: false, priorResources: 9 });
    expect(flags("nothing")).toEqual({ complete: true, applyable: false, errored: false, priorResources: 2 });
    expect(flags("targeted")).toEqual({ complete: false, applyable: true, errored: false, priorResources: 0 });
    expect(flags("errored")).toEqual({ complete: false, applyable: false, errored: true, priorResources: 2 });
    expect(flags("destroy")).toEqual({ complete: true, applyable: true, errored: false, priorResources: 9 });
    expect(readFixturePlan("nothing").declaredVariables).toEqual(["once", "password", "settings", "size", "spare"]);
    expect(["create", "nothing"].map((name) => hasChanges(readFixturePlan(name)))).toEqual([true, false]);
  });
});

describe("a plan", () => {
  const one = (planned: Planned) => readValue(readPlan(makePlan([makeChange(planned)]))).changes[0];

  test("tells an object that a replacement left behind from its successor", () => {
    expect(one({ actions: ["delete"], before: { id: "1" }, more: { deposed: "abcd1234" } })).toMatchObject({
      deposed: "abcd1234",
    });
  });

  test("whose old object is only forgotten destroys nothing", () => {
    const { counts } = readValue(readPlan(makePlan([makeChange({ actions: ["create", "forget"], after: { a: 1 } })])));
    expect(counts).toMatchObject({ add: 1, replace: 1, forget: 1, destroy: 0 });
  });

  test("keeps what drifted apart", () => {
    const drift = [makeChange({ before: { tags: { a: "1" } }, after: { tags: { a: "2" } } })];
    const facts = readValue(readPlan(makePlan([], { resource_drift: drift })));
    expect(facts.drift).toMatchObject([{ attributes: [{ path: 'tags["a"]', before: '"1"', after: '"2"' }] }]);
    expect(facts.changes).toEqual([]);
  });

  test("cuts long texts to where they differ", () => {
    const [same, rest] = ["x".repeat(500), "y".repeat(500)];
    const [change] = one({ before: { a: `${same}1${rest}` }, after: { a: `${same}2${rest}` } })?.attributes ?? [];
    expect(change?.before).toMatch(/^…x+1y+…$/);
    expect(change?.after).toMatch(/^…x+2y+…$/);
    expect(change?.before?.length).toBeLessThan(200);
  });

  test("shows a JSON text as a whole where a sensitive value is in it", () => {
    const json = (size: number) => JSON.stringify({ size, key: "very-secret" });
    const [change] =
      one({
        before: { a: json(1), key: "very-secret" },
        after: { a: json(2), key: "very-secret" },
        hiddenBefore: { key: true },
        hiddenAfter: { key: true },
      })?.attributes ?? [];
    expect(change).toMatchObject({ path: "a", after: '"{\\"size\\":2,\\"key\\":\\"***\\"}"' });
  });

  test("without the words of newer versions is complete unless it failed", () => {
    const bare = { complete: null, applyable: null };
    const create = makeChange({ actions: ["create"], after: { name: "x" } });
    expect(readValue(readPlan(makePlan([create], bare)))).toMatchObject({ complete: true, applyable: true });
    expect(readValue(readPlan(makePlan([], bare)))).toMatchObject({ complete: true, applyable: false });
    expect(readValue(readPlan(makePlan([create], { ...bare, errored: true })))).toMatchObject({
      complete: false,
      applyable: false,
    });
  });

  test.each([
    ["no JSON", "Error: no plan", "no JSON object"],
    ["a list", "[]", "no JSON object"],
    ["a format to come", makePlan([], { format_version: "2.0" }), '"2.0", expected 1.x'],
    ["no format", "{}", "format_version is none"],
    [
      "an action to come",
      makePlan([makeChange({ actions: ["explode"] })]),
      'the action "explode" of azurerm_resource_group.main',
    ],
    ["an action that every object inherits", makePlan([makeChange({ actions: ["constructor"] })]), "constructor"],
  ])("is refused with one clear error: %s", (_name, text, words) => {
    expect(messageOf(readPlan(text), "plan-unreadable")).toContain(words);
  });

  test("is read whatever its parts are", () => {
    const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, json, json, json, (before, after, unknown, hidden, odd) => {
        const change = makeChange({ before, after, unknown, hiddenBefore: hidden, hiddenAfter: odd });
        const more = { variables: odd, output_changes: hidden, checks: odd, configuration: odd, prior_state: hidden };
        expect(() => readPlan(makePlan([change], more))).not.toThrow();
      }),
    );
  });

  test("of two thousand resources is read within a fifth of a second", () => {
    const changes = Array.from({ length: 2000 }, (_, index) =>
      makeChange({
        address: `azurerm_thing.this[${index}]`,
        type: "azurerm_thing",
        actions: ["create"],
        after: { name: `n${index}`, tags: { a: "b", owner: "me" }, list: [1, 2, 3], secret: `s3cret-${index % 60}` },
        unknown: { id: true },
        hiddenAfter: { secret: true },
      }),
    );
    // In a process of its own: inside of jest's contexts everything takes several times as long. By the processor's
    // clock, as the other tests run beside it.
    const script = `
      import { readFileSync } from "node:fs";
      import { readPlan } from ${JSON.stringify(import.meta.resolve("../../../src/terraform/read-plan.ts"))};
      const text = readFileSync(0, "utf8");
      const times = Array.from({ length: 8 }, () => {
        const from = process.cpuUsage();
        if (readPlan(text).value.changes.length !== 2000) throw new Error("not all were read");
        return process.cpuUsage(from).user / 1000;
      });
      process.stdout.write(String(Math.min(...times)));`;
    const took = execFileSync(process.execPath, ["--input-type=module", "-e", script], { input: makePlan(changes) });
    expect(Number(took)).toBeLessThan(200);
  });
});
