import { describe, expect, test } from "@jest/globals";
import { createAzure } from "./azure.ts";
import { addFleet, ODD } from "./fleet.ts";
import { addTeam } from "./team.ts";

const NOW = new Date("2026-11-21T09:17:00Z");

function fleetOf(options: { groups: number; expired: number; odd?: number; seed?: number }) {
  const azure = createAzure({ now: NOW, frozen: true });
  const { subscriptionId } = addTeam(azure);
  const fleet = addFleet(azure, { subscriptionId, ...options });
  return { azure, fleet, groups: azure.arm.groups(subscriptionId) };
}

describe("a fleet", () => {
  test("is the same for the same seed and another for another", () => {
    const names = (seed: number) =>
      fleetOf({ groups: 50, expired: 10, odd: 13, seed }).groups.map(({ name, body }) => [name, body["tags"]]);
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
  });

  test("has as many of each kind as asked for, and says which is which", () => {
    const { fleet, groups } = fleetOf({ groups: 980, expired: 294, odd: 26 });
    expect(groups).toHaveLength(980);
    expect([fleet.expired.length, fleet.odd.size, fleet.alive.length + fleet.untagged.length]).toEqual([294, 26, 660]);
    const tags = new Map(groups.map(({ name, body }) => [name, body["tags"] as Record<string, string> | undefined]));
    const expiry = (name: string) => Date.parse(`${tags.get(name)?.["expires-at"]}`);
    expect(fleet.expired.every((name) => expiry(name) < NOW.getTime())).toBe(true);
    expect(fleet.alive.every((name) => expiry(name) > NOW.getTime())).toBe(true);
    expect(new Set(fleet.odd.values()).size).toBe(ODD.length);
  });

  test("cannot have more parts than groups", () => {
    expect(() => fleetOf({ groups: 3, expired: 4 })).toThrow("do not fit");
  });
});
