// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of smoke tests, not of JavaScript
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { makeSmokeReference } from "../../scripts/generate/smoke/reference.ts";
import { readSpec } from "../../src/smoke/read-spec.ts";
import { anyMistake, anySpec, listPlaces, replaceAt } from "../smoke/any-spec.ts";
import { listSources, readSource } from "./repository.ts";

const schema = JSON.parse(readSource("schemas/smoke-test.schema.json"));
const validate = new Ajv({ strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);

const BINDINGS = {
  port: 8080,
  codes: [200, 201],
  host: "api",
  yes: true,
  wait: "5s",
  tree: { status: { phase: "Running" } },
};

/** Why the action refuses a spec; undefined when it does not. */
function refuse(text: string): string | undefined {
  const found = readSpec({ file: "smoke.yaml", text }, BINDINGS, { namespace: "n", timeout: 1_000, interval: 1_000 });
  return "problems" in found ? found.problems.map(({ line, message }) => `${line}: ${message}`).join("\n") : undefined;
}

function wrap(...entries: readonly object[]): object {
  const spec = { steps: [{ name: "one", try: entries }] };
  return { apiVersion: "mayfly/v1alpha1", kind: "SmokeTest", metadata: { name: "any" }, spec };
}

test("the schema in the repository is the one that is made of the grammar", () => {
  expect(schema).toEqual(JSON.parse([...makeSmokeReference().files.values()].join()));
});

test("the schema is small enough for an editor to load at once", () => {
  expect(readSource("schemas/smoke-test.schema.json").length).toBeLessThan(70_000);
});

describe("the schema takes", () => {
  const examples = listSources([".yaml", ".yml"]).filter((path) => /^kind: SmokeTest$/m.test(readSource(path)));

  test("every example that ships, which names it in its first lines", () => {
    expect(examples.filter((path) => path.startsWith("examples/")).length).toBeGreaterThan(2);
    for (const path of examples) {
      expect(readSource(path)).toMatch(/^# yaml-language-server: \$schema=\S+\/schemas\/smoke-test\.schema\.json$/m);
      expect({ path, valid: validate(parse(readSource(path))), errors: validate.errors }).toMatchObject({
        valid: true,
      });
    }
  });

  test("the files that docs/smoke-tests.md shows", () => {
    const blocks = [...readSource("docs/smoke-tests.md").matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
      ([, text = ""]) => text,
    );
    const files = blocks.filter((text) => /^kind: SmokeTest$/m.test(text));
    expect(files.length).toBeGreaterThan(0);
    for (const text of files)
      expect({ valid: validate(parse(text)), errors: validate.errors }).toMatchObject({ valid: true });
  });

  test("what the action takes", () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        validate(spec);
        expect(validate.errors).toBeNull();
      }),
    );
  });

  test.each<[object]>([
    [{ tcp: { address: "${host}:${port}" } }],
    [{ http: { url: "http://${host}/", status: "${codes}", maxLatency: "${wait}", followRedirects: "${yes}" } }],
    [{ http: { url: "http://a/", status: ["${port}"], route: "${host}" } }],
    [{ http: { url: "service://${host}:${port}/", status: 200 } }],
    [{ resources: { apiVersion: "v1", kind: "Pod", assert: "${tree}" } }],
    [{ dns: { name: "a" }, timeout: "${wait}", optional: "${yes}" }],
    [{ limits: { pod: "${host}", cpu: "${port}" } }],
  ])("expressions in the place of values: %j", (entry) => {
    validate(wrap(entry));
    expect(validate.errors).toBeNull();
  });
});

describe("the schema refuses", () => {
  /** What the schema cannot say, or says in its own way: the action alone refuses it. */
  const ONLY_THE_ACTION =
    /regular expression|JSONPath|JMESPath|predicates such as|a count that can be wrong|duration of at most|asks for nothing/;

  test("not a count that every number fulfils, which the action does", () => {
    const always = wrap({ resources: { apiVersion: "v1", kind: "Pod", count: { ">=": 0 } } });
    expect([refuse(stringify(always)), validate(always)]).toEqual([expect.stringMatching(ONLY_THE_ACTION), true]);
  });

  test("what the action refuses for its form, and nothing else", () => {
    fc.assert(
      fc.property(anySpec, fc.nat(), anyMistake, (spec, at, mistake) => {
        const places = listPlaces(spec);
        const mistaken = replaceAt(spec, places[at % places.length] ?? [], mistake);
        const refused = refuse(stringify(mistaken, { aliasDuplicateObjects: false }).replace(/\$+(?=\{)/g, "$&$&"));
        const valid = validate(mistaken);
        if (refused === undefined) expect(validate.errors).toBeNull();
        else if (!ONLY_THE_ACTION.test(refused)) expect({ refused, valid }).toEqual({ refused, valid: false });
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, object]>([
    ["a key that nobody knows", { dns: { name: "a" }, timout: "5s" }],
    ["two checks in one entry", { dns: { name: "a" }, tcp: { address: "a:1" } }],
    ["an entry without a check", { name: "a" }],
    ["two checks in an error", { error: { dns: { name: "a" }, tcp: { address: "a:1" } } }],
    ["a time beside checks that are taken side by side", { parallel: [{ dns: { name: "a" } }], timeout: "5s" }],
    ["checks side by side inside of such", { parallel: [{ parallel: [{ dns: { name: "a" } }] }] }],
    ["an empty list", { parallel: [] }],
    ["an address without a port", { tcp: { address: "a" } }],
    ["a Service without a port", { http: { url: "service://a/", status: 200 } }],
    ["a check that asks for nothing", { http: { url: "http://a/" } }],
    ["a place that is said twice", { env: { pod: "a", workload: "job/a", variables: ["A"] } }],
    ["a budget of nothing", { coldstart: { scaledJob: "a", budget: {} } }],
    [
      "a capture from two places",
      { http: { url: "http://a/", status: 200, captures: { a: { header: "a", jsonpath: "$" } } } },
    ],
  ])("%s, as the action does", (_, entry) => {
    expect(refuse(stringify(wrap(entry)))).toBeDefined();
    expect(validate(wrap(entry))).toBe(false);
  });
});
