import { describe, expect, test } from "@jest/globals";
import { asking } from "./ask.ts";
import { createAzure } from "./azure.ts";
import type { Effect, Fault } from "./faults.ts";
import { addTeam } from "./team.ts";
import { ConnectionReset } from "./wire.ts";

const TAGS = { "auto-destroy": "true", "expires-at": "2026-11-20T00:00:00Z" };

function setUp() {
  const azure = createAzure({ now: new Date("2026-11-21T09:17:00Z"), frozen: true });
  azure.clock.tick(60_000);
  const team = addTeam(azure);
  const group = azure.arm.addResourceGroup({ subscriptionId: team.subscriptionId, name: "rg", tags: TAGS });
  return { azure, team, group, path: group.id, ask: asking(azure, team) };
}

describe("between plan and delete", () => {
  test("an owner can extend the tag: the re-read sees it", async () => {
    const { azure, path, ask } = setUp();
    expect((await ask("GET", path)).json["tags"]).toEqual(TAGS);
    const later = { "expires-at": "2099-01-01T00:00:00Z" };
    azure.faults.add(
      { name: "extended", when: { method: "GET", path: /resourceGroups\/rg$/i }, times: 1 },
      { kind: "meanwhile", run: () => azure.arm.tag(path, later) },
    );
    expect((await ask("GET", path)).json["tags"]).toEqual({ ...TAGS, ...later });
  });

  test("a tag can go, the group can go, a lock can come", async () => {
    const { azure, path, ask } = setUp();
    const meanwhile = (name: string, run: () => void) =>
      azure.faults.add({ name, when: { method: "GET" }, times: 1 }, { kind: "meanwhile", run });
    meanwhile("untagged", () => azure.arm.tag(path, { "auto-destroy": undefined }));
    expect((await ask("GET", path)).json["tags"]).not.toHaveProperty("auto-destroy");
    meanwhile("locked", () => azure.arm.addLock(path, { name: "keep", level: "CanNotDelete" }));
    expect((await ask("GET", `${path}/providers/Microsoft.Authorization/locks`)).names).toEqual(["keep"]);
    meanwhile("vanished", () => azure.arm.remove(path));
    expect((await ask("GET", path)).status).toBe(404);
  });
});

describe("a fault", () => {
  const effects: readonly { readonly name: string; readonly effect: Effect; readonly seen: object }[] = [
    {
      name: "429 with 1 s",
      effect: { kind: "throttle", seconds: 1 },
      seen: { status: 429, headers: { "retry-after": "1" } },
    },
    {
      name: "429 with 372 s",
      effect: { kind: "throttle", seconds: 372 },
      seen: { status: 429, headers: { "retry-after": "372" }, code: "TooManyRequests" },
    },
    {
      name: "429 with an HTTP date",
      effect: { kind: "throttle", seconds: 15, retryAfter: "http-date" },
      seen: { headers: { "retry-after": "Sat, 21 Nov 2026 09:17:15 GMT" } },
    },
    {
      name: "503 with Retry-After",
      effect: { kind: "respond", status: 503, headers: { "retry-after": "15" } },
      seen: { status: 503, text: "" },
    },
    { name: "408", effect: { kind: "respond", status: 408 }, seen: { status: 408 } },
    {
      name: "401 in the middle",
      effect: { kind: "respond", status: 401, body: { error: { code: "ExpiredAuthenticationToken", message: "" } } },
      seen: { status: 401, code: "ExpiredAuthenticationToken" },
    },
    {
      name: "a poll of 204",
      effect: { kind: "rewrite", answer: (response) => ({ ...response, status: 204, body: "" }) },
      seen: { status: 204 },
    },
  ];
  test.each(effects)(
    "can be $name, at the request that the plan names and no other",
    async ({ name, effect, seen }) => {
      const { azure, path, ask } = setUp();
      azure.faults.add(
        {
          name,
          when: { method: "GET", host: "management.azure.com", path: /\/resourceGroups\/rg$/ },
          after: 1,
          times: 1,
        },
        effect,
      );
      azure.clock.tick(0);
      expect((await ask("GET", path)).status).toBe(200);
      expect(await ask("GET", path)).toMatchObject(seen);
      expect((await ask("GET", path)).status).toBe(200);
      expect(azure.faults.struck.get(name)).toBe(1);
    },
  );

  test("429 without Retry-After has no such header", async () => {
    const { azure, path, ask } = setUp();
    azure.faults.add({ name: "bare", when: {} }, { kind: "throttle", seconds: 5, retryAfter: "none" });
    expect((await ask("GET", path)).headers).not.toHaveProperty("retry-after");
    azure.faults.clear();
    expect((await ask("GET", path)).status).toBe(200);
  });

  test("can break the connection before or after the request is carried out", async () => {
    const { azure, path, ask } = setUp();
    const reset = (carriedOut: boolean): [Fault, Effect] => [
      { name: "reset", when: { method: "DELETE" }, times: 1 },
      { kind: "reset", carriedOut },
    ];
    azure.faults.add(...reset(false));
    await expect(ask("DELETE", path)).rejects.toBeInstanceOf(ConnectionReset);
    expect(azure.arm.deletions).toHaveLength(0);
    azure.faults.add(...reset(true));
    await expect(ask("DELETE", path)).rejects.toBeInstanceOf(ConnectionReset);
    expect(azure.arm.deletions).toHaveLength(1);
    expect(azure.traffic.find({ method: "DELETE" }).map(({ status }) => status)).toEqual([0, 0]);
  });

  test("can be chosen by query, and several strike one request", async () => {
    const { azure, team, ask } = setUp();
    const list = `/subscriptions/${team.subscriptionId}/resourcegroups`;
    const before = azure.clock.time();
    azure.faults.add({ name: "slow", when: { query: /tagName eq 'a'/ } }, { kind: "slow", milliseconds: 1000 });
    azure.faults.add({ name: "busy", when: { query: /tagName/ } }, { kind: "respond", status: 503 });
    azure.clock.tick(0);
    expect((await ask("GET", `${list}?$filter=tagName eq 'a'`)).status).toBe(503);
    expect(azure.clock.time() - before).toBe(1000);
    expect(azure.traffic.requests.at(-1)?.faults).toEqual(["slow", "busy"]);
    expect((await ask("GET", list)).status).toBe(200);
  });

  test("of the clock: ARM's Date header runs away from the clock that tokens follow", async () => {
    const { azure, path, ask } = setUp();
    azure.arm.settings.dateSkewSeconds = 900;
    azure.clock.freeze(new Date("2026-11-21T09:17:00Z"));
    azure.clock.tick(0);
    expect((await ask("GET", path)).headers["date"]).toBe("Sat, 21 Nov 2026 09:32:00 GMT");
  });
});
