import { describe, expect, test } from "@jest/globals";
import { asking } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { ArmSettings } from "./settings.ts";

function setUp(arm: Partial<ArmSettings> = {}) {
  const azure = createAzure({ frozen: true, arm });
  const team = addTeam(azure, { role: "Owner" });
  const subscription = `/subscriptions/${team.subscriptionId}`;
  const ask = asking(azure, team);
  const burst = async (method: string, count: number, from = 0) => {
    const answers = [];
    for (let index = from; index < from + count; index += 1)
      answers.push(await ask(method, `${subscription}/resourcegroups/none-${index}`));
    return answers;
  };
  return { azure, team, subscription, ask, burst };
}

describe("the token buckets", () => {
  test("let 200 deletes through at once, then refuse with Retry-After and refill by ten a second", async () => {
    const { azure, burst } = setUp();
    const answers = await burst("DELETE", 205);
    expect(answers.map(({ status }) => status)).toEqual([...Array(200).fill(404), ...Array(5).fill(429)]);
    expect(answers[0]?.headers["x-ms-ratelimit-remaining-subscription-deletes"]).toBe("199");
    expect(answers[204]).toMatchObject({ code: "SubscriptionRequestsThrottled", headers: { "retry-after": "1" } });
    expect(answers[204]?.message).toMatch(/Please try again after '1' seconds\.$/);
    azure.clock.advance(1000);
    expect((await burst("DELETE", 12)).filter(({ status }) => status === 404)).toHaveLength(10);
  });

  test("hold 250 reads, refilled by 25 a second, apart from deletes", async () => {
    const { azure, burst } = setUp();
    expect((await burst("GET", 251)).filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await burst("DELETE", 1))[0]?.status).toBe(404);
    azure.clock.advance(2000);
    expect((await burst("GET", 60)).filter(({ status }) => status === 404)).toHaveLength(50);
  });

  test("are one per principal and subscription", async () => {
    const { azure, team, burst, subscription } = setUp();
    await burst("DELETE", 200);
    const principal = azure.entra.addApplication({ tenantId: team.tenantId, clientId: "two", objectId: "two" });
    azure.arm.assignRole("two", "Owner", subscription);
    expect((await asking(azure, { principal })("DELETE", `${subscription}/resourcegroups/none`)).status).toBe(404);
  });

  test("can be the older hourly ones, or none", async () => {
    const hourly = setUp({ throttling: "hourly" });
    expect((await hourly.burst("DELETE", 1))[0]?.headers["x-ms-ratelimit-remaining-subscription-deletes"]).toBe(
      "14999",
    );
    const off = setUp({ throttling: "off" });
    const answers = await off.burst("DELETE", 220);
    expect(answers.every(({ status }) => status === 404)).toBe(true);
    expect(Object.keys(answers[0]?.headers ?? {}).filter((name) => name.includes("ratelimit"))).toEqual([]);
  });
});
