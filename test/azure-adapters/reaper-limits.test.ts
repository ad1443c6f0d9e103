import type { HttpClient } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "@jest/globals";
import { connectArm } from "../../src/azure/arm.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectResourceGroups } from "../../src/azure/resource-groups.ts";
import { sleep } from "../../src/kit/cancel.ts";
import { rehearse } from "./reaper-on-emulator.ts";
import { DELETE, LATER, LIST, LOCKS, LOOK } from "./reaper-requests.ts";

describe("a last look that must not grow old, and a run that must not outstay its time", () => {
  test("a DELETE that ARM wants a newer token for is not sent again without another look", async () => {
    const rehearsal = rehearse();
    const id = rehearsal.add("pr-1");
    const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${claims}"`;
    const body = { error: { code: "ExpiredAuthenticationToken", message: "revoked" } };
    rehearsal.azure.faults.add(
      { name: "revoked", when: DELETE, times: 1 },
      { kind: "respond", status: 401, headers: { "www-authenticate": challenge }, body },
    );
    rehearsal.azure.faults.add(
      { name: "owner", when: LOOK, after: 1, times: 1 },
      { kind: "meanwhile", run: () => rehearsal.azure.arm.tag(id, { "expires-at": LATER }) },
    );
    const { outputs } = await rehearsal.reap();
    expect(rehearsal.deletes()).toEqual(["pr-1"]);
    expect(outputs).toMatchObject({ skipped: 1, deleted: 0 });
    expect(rehearsal.names()).toEqual(["pr-1"]);
  });

  test.each([
    ["a look", LOOK],
    ["a DELETE", DELETE],
    ["the locks", LOCKS],
  ])("two hours of Retry-After on %s do not outlast a deadline of ten minutes", async (_, when) => {
    const rehearsal = rehearse();
    for (let n = 0; n < 3; n += 1) rehearsal.add(`pr-${n}`);
    rehearsal.azure.faults.add({ name: "storm", when, times: 1 }, { kind: "throttle", seconds: 7_200 });
    const began = rehearsal.azure.clock.time();
    await rehearsal.reap({ deadline: "10m", concurrency: "1" });
    expect(rehearsal.azure.faults.struck.get("storm")).toBe(1);
    expect(rehearsal.azure.clock.time() - began).toBeLessThanOrEqual(601_000);
  });

  test("a list that never ends ends with the deadline, and deletes nothing", async () => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.clock.tick(1_000);
    const next = `https://management.azure.com/subscriptions/${rehearsal.team.subscriptionId}/resourcegroups?api-version=2025-04-01`;
    rehearsal.azure.faults.add(
      { name: "loop", when: LIST },
      { kind: "respond", status: 200, body: { value: [], nextLink: next } },
    );
    const { failure } = await rehearsal.reap({ deadline: "2m" });
    expect(failure).toMatchObject({ code: "deadline-reached" });
    expect(rehearsal.deletes()).toEqual([]);
  });

  test("no page of a list takes the token to another host", async () => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    const body = { value: [], nextLink: "https://api.github.com/next?api-version=2025-04-01" };
    rehearsal.azure.faults.add({ name: "lure", when: LIST }, { kind: "respond", status: 200, body });
    const { failure } = await rehearsal.reap();
    expect(failure?.code).toMatch(/^arm-/);
    expect(rehearsal.azure.traffic.find({ host: "api.github.com" })).toEqual([]);
    expect(rehearsal.deletes()).toEqual([]);
  });

  test("a rollback whose operation may not be read is no delete that still runs", async () => {
    const actions = ["Microsoft.Resources/subscriptions/resourceGroups/*", "Microsoft.Authorization/locks/read"];
    const rehearsal = rehearse({ role: { name: "narrow", actions } });
    const id = rehearsal.add("pr-1");
    rehearsal.azure.arm.planDeletion(id, { kind: "timeout", seconds: 5 });
    const { outputs, failure } = await rehearsal.reap();
    expect(outputs).toMatchObject({ failed: 1, "still-deleting": 0 });
    expect(failure?.message).toContain("is not being deleted any more");
  });
});

test.each(["find", "list"] as const)("a cancel calls off a %s that ARM never answers", async (call) => {
  const cancel = new AbortController();
  let asked = 0;
  const silent: HttpClient = {
    sendRequest: ({ abortSignal }) =>
      new Promise((_, reject) => {
        asked += 1;
        const giveUp = (): void =>
          reject(Object.assign(new Error("The operation was aborted."), { name: "AbortError" }));
        if (abortSignal?.aborted === true) giveUp();
        abortSignal?.addEventListener("abort", giveUp);
      }),
  };
  const time = { now: () => new Date(), monotonic: () => performance.now(), left: () => 60_000, random: () => 0 };
  const arm = connectArm({
    cloud: chooseCloud({ cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined }),
    credential: { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) },
    time: { ...time, sleep: (milliseconds) => sleep(milliseconds, cancel.signal) },
    cancelled: cancel.signal,
    environment: {},
    httpClient: silent,
  });
  const groups = connectResourceGroups(arm);
  const work = call === "find" ? groups.find("s", "pr-1") : groups.list("s")[Symbol.asyncIterator]().next();
  setTimeout(() => cancel.abort(), 50);
  await expect(work).rejects.toThrow("Cannot");
  expect(asked).toBe(1);
});
