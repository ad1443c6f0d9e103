import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { explainHelm } from "../../src/helm/explain-helm.ts";
import { HELM_CODES } from "../../src/helm/helm-codes.ts";
import type { HelmVersion } from "../../src/helm/helm-version.ts";
import { cpuMs } from "../cpu-ms.ts";
import type { Said } from "./said.ts";
import { SAID_OF_CHARTS } from "./said-of-charts.ts";
import { SAID_OF_CLUSTERS } from "./said-of-clusters.ts";

const version: HelmVersion = { major: 4, minor: 1, text: "v4.1.4" };
const FACTS = { version, chart: "deploy/shop" };
const ALL: readonly Said[] = [...SAID_OF_CHARTS, ...SAID_OF_CLUSTERS];

describe("what helm says", () => {
  test.each(ALL)("of $name", ({ text, fault, words, fix }) => {
    const read = explainHelm(text, FACTS);
    expect(read).toMatchObject(fault);
    expect(read.place).toEqual(fault.place);
    expect(read.message).toMatch(words);
    expect(read.message).not.toMatch(/\n|undefined|\s$/);
    expect(read.fix).toMatch(fix ?? /\w{3}/);
    expect(read.raw).not.toMatch(/level=WARN|--debug flag/);
  });

  test("has no place in a chart that is not in the workspace", () => {
    const text = "Error: execution error at (demo/templates/x.yaml:1:3): no image given";
    expect(explainHelm(text, { version, chart: undefined }).place).toBeUndefined();
  });

  test("is shown as it is where nobody has explained it", () => {
    expect(explainHelm("Error: the moon is full\nand the tide is high\n", FACTS)).toMatchObject({
      code: "helm-failed",
      message: "helm v4.1.4 failed: the moon is full",
      raw: "the moon is full\nand the tide is high",
    });
    expect(explainHelm("", FACTS)).toMatchObject({ code: "helm-failed", message: "helm v4.1.4 failed without a word" });
  });

  test("is cut where an object is repeated in it", () => {
    const text = `Error: Job.batch "a" is invalid: spec.template: Invalid value: {${"x".repeat(100_000)}}: field is immutable`;
    expect(explainHelm(text, FACTS).raw.length).toBeLessThanOrEqual(2_000);
  });

  test("is read in no time, and to a code that is known, whatever it is", () => {
    const word = fc.constantFrom(
      ...ALL.map(({ text }) => text),
      "Error: ",
      "conflict with ",
      "\n",
      " is invalid: ",
      "at <",
      "/",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (words) => {
        const began = cpuMs();
        const { code, message, fix } = explainHelm(words.join(""), FACTS);
        expect(Object.keys(HELM_CODES)).toContain(code);
        expect(message).not.toBe("");
        expect(fix).not.toBe("");
        expect(cpuMs() - began).toBeLessThan(1_000);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    " ",
    "a",
    "a ",
    '"',
    "{",
    "conflict ",
    "Get ",
    'x "y" is invalid: ',
    "a/b:1:1: ",
    "failed to fetch ",
    "\n- .a",
    "Error: x is invalid: \n",
  ])("does not become slow by %j a hundred thousand times", (part) => {
    const began = cpuMs();
    explainHelm(`Error: ${part.repeat(100_000 / part.length)}`, FACTS);
    expect(cpuMs() - began).toBeLessThan(2_000);
  });
});
