import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/ttl-reaper/run.ts";
import { inputs } from "./inputs.ts";
import { editTags, FUTURE, fleet, NOW, PAST } from "./night.ts";
import { group, type SimulatedGroup, simulate } from "./simulation.ts";

describe("a delete that does not go well", () => {
  const course = (kind: "rolled-back" | "came-back" | "stuck") => [
    { facts: group("pr-1", PAST), course: kind },
    { facts: group("pr-2", PAST) },
  ];

  test.each([
    ["rolled-back", { blocked: 1, deleted: 1 }, "delete-failed"],
    ["came-back", { "came-back": 1, deleted: 1 }, "delete-failed"],
    ["stuck", { "still-deleting": 1, deleted: 1 }, undefined],
  ] as const)("%s: is told, and the others go on", async (kind, counts, code) => {
    const simulation = simulate({ now: NOW, groups: course(kind) });
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject(counts);
    expect(failure?.code).toBe(code);
  });

  test.each([
    ["refuse", { blocked: 1, deleted: 0 }, 1],
    ["throttle", { deleted: 1, blocked: 0 }, 1],
    ["lose-request", { deleted: 1, blocked: 0 }, 1],
    ["lose-answer", { deleted: 1, blocked: 0 }, 1],
  ] as const)("%s at the DELETE ends in %j", async (mishap, counts, arrived) => {
    let first = true;
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }) => {
        if (call !== "delete" || !first) return undefined;
        first = false;
        return mishap;
      },
    });
    const { outputs } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject(counts);
    expect(simulation.deletes.length).toBe(arrived);
  });

  test("a 409 to what is being deleted already is no refusal", async () => {
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }, own) => {
        if (call !== "delete") return undefined;
        const one = own.groups.get("pr-1") as SimulatedGroup;
        one.facts = { ...one.facts, provisioningState: "Deleting" };
        one.endsAt = own.now() + 20_000;
        return "refuse";
      },
    });
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(outputs).toMatchObject({ deleted: 1, blocked: 0 });
    expect(failure).toBeUndefined();
  });

  test("a group that ARM is deleting is not left alone because its tags changed too late", async () => {
    let heard = false;
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }, own) => {
        if (call === "find" && heard) editTags(own, "pr-1", FUTURE);
        if (call !== "delete") return undefined;
        heard = true;
        return "lose-answer";
      },
    });
    const { outputs } = await run(inputs(), simulation.world);
    expect(simulation.deletes.length).toBe(1);
    expect(outputs).toMatchObject({ deleted: 1, skipped: 0 });
  });

  test("no locks to be read, no delete", async () => {
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }, own) =>
        call === "locks" && own.requests.some((one) => one.call === "find") ? "fail-look" : undefined,
    });
    const { failure, outputs } = await run(inputs(), simulation.world);
    expect(failure?.code).toBe("delete-failed");
    expect(outputs).toMatchObject({ failed: 1 });
    expect(simulation.deletes).toEqual([]);
  });

  test("a subscription that cannot be listed fails the run", async () => {
    const simulation = simulate({
      now: NOW,
      groups: fleet("pr-1"),
      before: ({ call }) => (call === "list" ? "fail-look" : undefined),
    });
    const { failure } = await run(inputs(), simulation.world);
    expect(failure).toMatchObject({ code: "arm-unavailable" });
    expect(simulation.summaries.join()).toContain("1 of 1 subscriptions not read");
    expect(simulation.deletes).toEqual([]);
  });

  test("what an earlier run began is followed, not asked for again", async () => {
    const simulation = simulate({ now: NOW, groups: fleet("pr-1") });
    const one = simulation.groups.get("pr-1") as SimulatedGroup;
    one.facts = { ...one.facts, provisioningState: "Deleting" };
    one.endsAt = NOW.getTime() + 40_000;
    const { outputs, failure } = await run(inputs(), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ deleted: 1, expired: 0 });
    expect(simulation.deletes).toEqual([]);
  });

  test("with wait: accept nobody waits", async () => {
    const simulation = simulate({ now: NOW, groups: course("stuck") });
    const { outputs, failure } = await run(inputs({ wait: "accept" }), simulation.world);
    expect(outputs).toMatchObject({ accepted: 2, deleted: 0 });
    expect(failure).toBeUndefined();
    expect(simulation.now() - NOW.getTime()).toBeLessThan(2_000);
  });
});
