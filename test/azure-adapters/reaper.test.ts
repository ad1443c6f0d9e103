import { afterEach, describe, expect, jest, test } from "@jest/globals";
import type { Effect, FaultMatch } from "../azure/faults.ts";
import { addFleet, ODD } from "../azure/fleet.ts";
import { PAST, rehearse } from "./reaper-on-emulator.ts";
import { DELETE, LATER, LIST, LOCKS, LOOK } from "./reaper-requests.ts";

afterEach(() => {
  jest.useRealTimers();
});

describe("the reaper on ARM's wire", () => {
  test("deletes the expired groups of a fleet and not one of the odd ones", async () => {
    const rehearsal = rehearse();
    const { azure, team } = rehearsal;
    const fleet = addFleet(azure, { subscriptionId: team.subscriptionId, groups: 60, expired: 9, odd: ODD.length });
    const { outputs, failure } = await rehearsal.reap();
    expect(failure).toBeUndefined();
    expect(new Set(rehearsal.deletes())).toEqual(new Set(fleet.expired));
    expect(outputs).toMatchObject({ deleted: 9, expired: 9 });
    expect(rehearsal.names().filter((name) => fleet.expired.includes(name))).toEqual([]);
    for (const name of [...fleet.odd.keys(), ...fleet.alive, ...fleet.untagged])
      expect(rehearsal.names()).toContain(name);
    expect(azure.traffic.refused()).toEqual([]);
  });

  test("pages of a list, an empty first page, other api-versions and mixed-case ids make no difference", async () => {
    const rehearsal = rehearse();
    Object.assign(rehearsal.azure.arm.settings, {
      pageSize: 2,
      emptyFirstPage: true,
      nextLinkApiVersion: "2021-04-01",
      mixedCaseIds: true,
    });
    for (let n = 0; n < 7; n += 1) rehearsal.add(`pr-${n}`);
    const { outputs } = await rehearsal.reap();
    expect(outputs).toMatchObject({ deleted: 7 });
    expect(rehearsal.names()).toEqual([]);
  });

  test("hands types to delete by force on to ARM", async () => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    await rehearsal.reap({ "force-deletion-types": "Microsoft.Compute/virtualMachines" });
    expect(rehearsal.azure.arm.deletions[0]?.forceDeletionTypes).toBe("Microsoft.Compute/virtualMachines");
  });
});

describe("a DELETE whose answer never came", () => {
  test("is told, and fails the run, where the next look fails too", async () => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.faults.add({ name: "lost", when: DELETE }, { kind: "reset", carriedOut: true });
    rehearsal.azure.faults.add({ name: "blind", when: LOOK, after: 1 }, { kind: "reset" });
    const { outputs, failure } = await rehearsal.reap();
    expect(failure).toMatchObject({
      code: "delete-failed",
      message: expect.stringContaining("ARM may be deleting it"),
    });
    expect(outputs).toMatchObject({ deleted: 0, failed: 1 });
  });

  test("counts as deleted by this run once ARM says that the group is gone", async () => {
    const rehearsal = rehearse();
    const id = rehearsal.add("pr-1");
    rehearsal.azure.arm.planDeletion(id, { kind: "gone", seconds: 0 });
    rehearsal.azure.faults.add({ name: "lost", when: DELETE }, { kind: "reset", carriedOut: true });
    await rehearsal.reap();
    const outcomes = rehearsal.events.flatMap((event) => (event.type === "outcome" ? [event.outcome.kind] : []));
    expect(outcomes).toEqual(["asked", "gone"]);
  });
});

describe("what stands in the way", () => {
  test.each([
    ["the group", (id: string) => id],
    ["the subscription", (id: string) => id.slice(0, id.search(/\/resourceGroups/i))],
    ["something in it", (id: string) => `${id}/providers/Microsoft.Storage/storageAccounts/st`],
  ])("a lock on %s keeps a group, and no DELETE is tried", async (_, scope) => {
    const rehearsal = rehearse();
    const id = rehearsal.add("pr-1");
    if (scope(id).includes("storageAccounts")) rehearsal.azure.arm.add(scope(id));
    rehearsal.azure.arm.addLock(scope(id), { name: "hands-off", level: "CanNotDelete" });
    const { outputs, failure } = await rehearsal.reap();
    expect(outputs).toMatchObject({ expired: 0, kept: 1 });
    expect(failure).toBeUndefined();
    expect(rehearsal.deletes()).toEqual([]);
    expect(rehearsal.summaries.join()).toContain("hands");
  });

  test("a lock that is gone from the list and still in force is told as ARM's refusal", async () => {
    const rehearsal = rehearse();
    const id = rehearsal.add("pr-1");
    rehearsal.azure.arm.settings.lockLingerSeconds = 60;
    const lock = rehearsal.azure.arm.addLock(id, { name: "hands-off", level: "CanNotDelete" });
    rehearsal.azure.arm.remove(lock.id);
    const { outputs, failure } = await rehearsal.reap();
    expect(rehearsal.deletes()).toEqual(["pr-1"]);
    expect(outputs).toMatchObject({ blocked: 1 });
    expect(failure?.code).toBe("delete-failed");
    expect(rehearsal.summaries.join()).toContain("az lock list --resource-group pr-1");
    rehearsal.azure.clock.advance(600_000);
    expect((await rehearsal.reap()).outputs).toMatchObject({ deleted: 1 });
  });

  test("a deny assignment keeps a group", async () => {
    const rehearsal = rehearse();
    rehearsal.azure.arm.addDenyAssignment(rehearsal.add("pr-1"), { name: "stack" });
    expect((await rehearsal.reap()).outputs).toMatchObject({ kept: 1, expired: 0 });
    expect(rehearsal.deletes()).toEqual([]);
  });

  test("a deny assignment that the identity may not read is ARM's refusal, told by name", async () => {
    const actions = ["Microsoft.Resources/*", "Microsoft.Authorization/locks/read"];
    const rehearsal = rehearse({ role: { name: "narrow", actions } });
    rehearsal.azure.arm.addDenyAssignment(rehearsal.add("pr-1"), { name: "stack" });
    const { outputs } = await rehearsal.reap();
    expect(outputs).toMatchObject({ blocked: 1 });
    expect(rehearsal.summaries.join()).toContain("DenyAssignmentAuthorizationFailed");
    expect(rehearsal.names()).toEqual(["pr-1"]);
  });

  test("what blocks a delete from inside is named one by one", async () => {
    const rehearsal = rehearse();
    const id = rehearsal.add("pr-1");
    rehearsal.add("pr-2");
    const subnet = `${id}/providers/Microsoft.Network/virtualNetworks/v/subnets/a`;
    const by = [{ target: subnet, code: "InUseSubnetCannotBeDeleted", message: "Subnet a is in use by nic1" }];
    rehearsal.azure.arm.planDeletion(id, { kind: "blocked", by });
    const { outputs, failure } = await rehearsal.reap();
    expect(outputs).toMatchObject({ blocked: 1, deleted: 1 });
    expect(failure?.code).toBe("delete-failed");
    expect(failure?.message).toContain("Subnet a is in use by nic1\n  Find it: az network vnet subnet show --ids");
    expect(rehearsal.summaries.join()).toContain("az network vnet subnet show --ids");
    expect(rehearsal.summaries.join()).toContain("part of what was in it may be gone");
  });

  test.each([
    [{ kind: "timeout" }, { blocked: 1 }],
    [{ kind: "came-back", afterSeconds: 0 }, { "came-back": 1 }],
    [{ kind: "stuck" }, { "still-deleting": 1 }],
    [{ kind: "gone" }, { deleted: 1 }],
  ] as const)("%j ends in %j", async (plan, counts) => {
    const rehearsal = rehearse();
    rehearsal.azure.arm.planDeletion(rehearsal.add("pr-1"), plan);
    expect((await rehearsal.reap()).outputs).toMatchObject(counts);
  });

  test("a group that is listed for a while after it is gone counts as gone only after its 404", async () => {
    const rehearsal = rehearse();
    rehearsal.azure.arm.settings.listedAfterGoneSeconds = 20;
    rehearsal.add("pr-1");
    expect((await rehearsal.reap()).outputs).toMatchObject({ deleted: 1, "came-back": 0 });
  });
});

describe("answers that go wrong", () => {
  const respond = (status: number, code: string, headers = {}): Effect => ({
    kind: "respond",
    status,
    headers,
    body: { error: { code, message: "so it is" } },
  });

  const healed: readonly (readonly [string, FaultMatch, Effect])[] = [
    ["429 with 1 s on the list", LIST, { kind: "throttle", seconds: 1 }],
    ["429 with 372 s on a look", LOOK, { kind: "throttle", seconds: 372 }],
    ["429 without Retry-After on locks", LOCKS, { kind: "throttle", seconds: 0, retryAfter: "none" }],
    ["429 with a date on the list", LIST, { kind: "throttle", seconds: 15, retryAfter: "http-date" }],
    ["429 with 15 s on the DELETE", DELETE, { kind: "throttle", seconds: 15 }],
    ["429 without Retry-After on the DELETE", DELETE, { kind: "throttle", seconds: 0, retryAfter: "none" }],
    ["503 on a look", LOOK, respond(503, "ServerBusy", { "retry-after": "2" })],
    ["500 on the list", LIST, respond(500, "InternalServerError")],
    ["408 on locks", LOCKS, respond(408, "RequestTimeout")],
    ["a reset on a look", LOOK, { kind: "reset" }],
    ["a reset before the DELETE is carried out", DELETE, { kind: "reset" }],
    ["a reset after the DELETE is carried out", DELETE, { kind: "reset", carriedOut: true }],
    ["500 on the DELETE", DELETE, respond(500, "InternalServerError")],
  ];
  test.each(healed)("%s is got over", async (_, when, effect) => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.faults.add({ name: "fault", when, times: 1 }, effect);
    const { outputs, failure } = await rehearsal.reap();
    expect(rehearsal.azure.faults.struck.get("fault")).toBe(1);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ deleted: 1 });
  });

  test.each([
    ["403 on locks", LOCKS, respond(403, "AuthorizationFailed")],
    ["locks that never answer", LOCKS, { kind: "reset" } as const],
    ["a page that is no list", LOCKS, { kind: "respond", status: 200, body: { hello: "proxy" } } as const],
    ["429 for longer than the deadline", LIST, { kind: "throttle", seconds: 7_200 } as const],
  ])("%s: nothing is deleted, and the run fails", async (_, when, effect) => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.faults.add({ name: "fault", when }, effect);
    const { failure } = await rehearsal.reap();
    expect(failure?.code).toMatch(/^arm-/);
    expect(rehearsal.deletes()).toEqual([]);
  });

  test.each([
    ["a proxy's page", 404, "<html>not here</html>"],
    ["the subscription's 404", 404, { error: { code: "SubscriptionNotFound", message: "no" } }],
  ])("%s is no proof that a group is gone", async (_, status, body) => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.faults.add({ name: "lie", when: LOOK, after: 1 }, { kind: "respond", status, body });
    const { outputs } = await rehearsal.reap();
    expect(outputs).toMatchObject({ deleted: 0, "still-deleting": 1 });
  });

  test("an owner who extends while the DELETE is prepared keeps the group", async () => {
    const rehearsal = rehearse();
    const id = rehearsal.add("pr-1");
    rehearsal.azure.faults.add(
      { name: "owner", when: LOOK, times: 1 },
      { kind: "meanwhile", run: () => rehearsal.azure.arm.tag(id, { "expires-at": LATER }) },
    );
    expect((await rehearsal.reap()).outputs).toMatchObject({ skipped: 1, deleted: 0 });
    expect(rehearsal.deletes()).toEqual([]);
  });

  test("a list that comes back empty deletes nothing and says so", async () => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.arm.settings.emptyLists = true;
    expect((await rehearsal.reap()).outputs).toMatchObject({ deleted: 0, expired: 0 });
    expect(rehearsal.warnings.join()).toContain("shows no resource group at all");
  });

  test.each([120, -120])("ARM's clock %p s away stops the run", async (dateSkewSeconds) => {
    const rehearsal = rehearse();
    rehearsal.add("pr-1");
    rehearsal.azure.arm.settings.dateSkewSeconds = dateSkewSeconds;
    expect((await rehearsal.reap()).failure?.code).toBe("clock-skew");
    expect(rehearsal.deletes()).toEqual([]);
  });

  test("a token that ends in the middle of a reap is renewed", async () => {
    const rehearsal = rehearse({ kind: "application" });
    rehearsal.azure.arm.settings.deletionSeconds = 7_200;
    // The SDK keeps tokens by the process's own clock.
    const { clock } = rehearsal.azure;
    const { advance } = clock;
    jest.useFakeTimers({ now: clock.now(), doNotFake: ["nextTick", "setImmediate", "setTimeout", "queueMicrotask"] });
    const together = (milliseconds: number): void => {
      advance(milliseconds);
      jest.setSystemTime(clock.now());
    };
    Object.assign(clock, { advance: together });
    rehearsal.add("pr-1");
    const { outputs } = await rehearsal.reap({ deadline: "3h" });
    expect(outputs).toMatchObject({ deleted: 1 });
    expect(rehearsal.azure.traffic.find({ method: "POST", path: /\/oauth2\/v2\.0\/token$/ }).length).toBeGreaterThan(1);
  });
});

test("a burst of 300 keeps to ARM's buckets: not one 429", async () => {
  const rehearsal = rehearse();
  for (let n = 0; n < 300; n += 1) rehearsal.add(`pr-${n}`, PAST);
  const { outputs } = await rehearsal.reap({ "max-deletions": "500", "max-percentage": "100" });
  expect(outputs).toMatchObject({ deleted: 300 });
  expect(rehearsal.azure.traffic.requests.filter(({ status }) => status === 429)).toEqual([]);
});
