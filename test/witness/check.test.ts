import { describe, expect, test } from "@jest/globals";
import { asking } from "../azure/ask.ts";
import { createAzure } from "../azure/azure.ts";
import { addTeam } from "../azure/team.ts";
import { type Check, runCheck } from "./check.ts";
import { renderTable } from "./render-findings.ts";

const fail = () => Promise.reject(new Error("It broke", { cause: new Error("on purpose") }));
const see = (view: unknown) => async () => view;

function run(check: Omit<Check<undefined>, "name">) {
  return runCheck({ name: "a check", ...check }, undefined, createAzure().traffic);
}

describe("a check", () => {
  test.each([
    ["both see the same", { az: see({ a: 1, b: [2] }), adapter: see({ b: [2], a: 1 }) }, true],
    ["both see the truth", { az: see([1]), adapter: see([1]), truth: () => [1] }, true],
    ["az alone sees the truth", { az: see([1]), truth: () => [1] }, true],
    ["they see different things", { az: see([1]), adapter: see([1, 2]) }, false],
    ["one sees less of a thing", { az: see({ a: 1 }), adapter: see({ a: 1, b: 2 }) }, false],
    ["both are wrong in the same way", { az: see([]), adapter: see([]), truth: () => [1] }, false],
    ["both fail in the same way", { az: fail, adapter: fail }, false],
    ["nobody can contradict", { az: see([1]) }, false],
  ])("in which %s", async (_, check, same) => {
    expect((await run(check)).same).toBe(same);
  });

  test("is a difference when the emulator refused a request, whatever was seen", async () => {
    const azure = createAzure();
    const ask = asking(azure, addTeam(azure));
    const az = async () => (await ask("GET", "/providers/Microsoft.Unknown/things")).status > 0;
    const finding = await runCheck({ name: "unknown", az, adapter: see(true) }, undefined, azure.traffic);
    expect(finding).toMatchObject({ same: false, refused: [expect.stringContaining("does not know GET")] });
  });

  test("tells az's requests from the adapter's", async () => {
    const azure = createAzure();
    const ask = asking(azure, addTeam(azure));
    const look = (path: string) => async () => (await ask("GET", path)).status;
    const check = { name: "requests", az: look("/subscriptions"), adapter: look("/tenants") };
    const { azRequests, adapterRequests } = await runCheck(check, undefined, azure.traffic);
    expect([azRequests, adapterRequests].map((sent) => sent.map(({ path }) => path))).toEqual([
      ["/subscriptions"],
      ["/tenants"],
    ]);
  });

  test("that failed says why in the table, to the last cause", async () => {
    const table = renderTable([await run({ az: fail, truth: () => 1 }), { name: "another", skipped: "no Graph" }]);
    expect(table).toMatch(/a check +FAILED: It broke <- on purpose +- +NO\nanother +- +- +SKIPPED/);
  });
});
