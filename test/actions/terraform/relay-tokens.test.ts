import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Given, keepTokens } from "../../../src/actions/terraform/relay-tokens.ts";
import type { Reading } from "../../../src/oidc/relay/read-answer.ts";

const LIFE_MS = 300_000;
const BUSY: Reading = { kind: "again", status: 503, message: "busy", waitMs: undefined };

/** GitHub and a clock of their own: each answer takes `takesMs`, and `say` chooses it. */
function setUp(say: (count: number) => Reading | undefined = () => undefined, takesMs = 100) {
  const world = { time: 0, asked: [] as { audience: string | undefined; at: number; timeoutMs: number }[] };
  const wait = async (ms: number): Promise<void> => {
    world.time += ms;
    await new Promise(setImmediate);
  };
  const tokens = keepTokens({
    ask: async (audience, timeoutMs) => {
      world.asked.push({ audience, at: world.time, timeoutMs });
      const count = world.asked.length;
      const reading = say(count) ?? { kind: "token", value: `${audience} ${count}`, lifeMs: LIFE_MS };
      await wait(Math.min(takesMs, timeoutMs));
      return reading;
    },
    monotonic: () => world.time,
    now: () => new Date(world.time),
    random: () => 0.9,
    sleep: wait,
  });
  return { world, tokens, wait };
}

const wordOf = (given: Given): string => (given.kind === "token" ? given.value : `${given.status} ${given.message}`);

describe("one token for many requests", () => {
  test("is fetched once, and again when less than a minute of it is left", async () => {
    const { tokens, world } = setUp();
    const values: string[] = [];
    for (const at of [0, 1_000, 239_000, 240_100, 300_000]) {
      world.time = at;
      values.push(wordOf(await tokens.give("a")));
    }
    expect(values).toEqual(["a 1", "a 1", "a 1", "a 2", "a 2"]);
    expect(tokens.counters()).toEqual({ asked: 5, fetched: 2, reused: 3, retried: 0, spared: 0, failed: 0 });
  });

  test("is fetched once for a thousand at the same time", async () => {
    const { tokens, world } = setUp();
    const all = await Promise.all(Array.from({ length: 1_000 }, () => tokens.give("a")));
    expect(new Set(all.map(wordOf))).toEqual(new Set(["a 1"]));
    expect(world.asked).toHaveLength(1);
    expect(tokens.counters()).toMatchObject({ asked: 1_000, fetched: 1, reused: 999 });
  });

  test("is for one audience, and none for all", async () => {
    const { tokens } = setUp();
    const audiences = ["a", "b", undefined, "", "a", undefined];
    const values = [];
    for (const audience of audiences) values.push(wordOf(await tokens.give(audience)));
    expect(values).toEqual(["a 1", "b 2", "undefined 3", " 4", "a 1", "undefined 3"]);
  });

  test("that does not say how long it lives is handed out once", async () => {
    const { tokens } = setUp((count) => ({ kind: "token", value: `t${count}`, lifeMs: undefined }));
    expect([wordOf(await tokens.give("a")), wordOf(await tokens.give("a"))]).toEqual(["t1", "t2"]);
  });

  test("of too many audiences forgets the oldest, and nothing else", async () => {
    const { tokens, world } = setUp();
    for (let n = 0; n < 101; n += 1) await tokens.give(`a${n}`);
    await tokens.give("a100");
    expect(world.asked).toHaveLength(101);
    await tokens.give("a0");
    expect(world.asked).toHaveLength(102);
  });
});

describe("a hiccup of GitHub's", () => {
  test("is not noticed by who asks", async () => {
    const { tokens } = setUp((count) => (count <= 3 ? BUSY : undefined));
    expect(wordOf(await tokens.give("a"))).toBe("a 4");
    expect(tokens.counters()).toMatchObject({ fetched: 1, retried: 3, failed: 0 });
  });

  test("that asks us to wait is waited for", async () => {
    const { tokens, world } = setUp((count) => (count === 1 ? { ...BUSY, waitMs: 3_000 } : undefined));
    await tokens.give("a");
    expect((world.asked[1]?.at ?? 0) - 100).toBeGreaterThanOrEqual(3_000);
  });

  test("that lasts is told within 8 s, as something to ask again", async () => {
    const { tokens, world } = setUp(() => BUSY);
    const given = await tokens.give("a");
    expect(given).toEqual({ kind: "refused", status: 503, message: "busy", retryAfterSeconds: 1 });
    expect(world.time).toBeGreaterThan(5_000);
    expect(world.time).toBeLessThanOrEqual(8_000);
    expect(tokens.counters()).toMatchObject({ asked: 1, fetched: 0, failed: 1 });
  });

  test("that asks for more than there is time is told at once, with its wait", async () => {
    const { tokens, world } = setUp(() => ({ ...BUSY, status: 429, waitMs: 60_000 }));
    expect(await tokens.give("a")).toMatchObject({ status: 503, retryAfterSeconds: 60 });
    expect(world.asked).toHaveLength(1);
  });

  test("costs nothing while the older token lives, and is not tried for each request", async () => {
    const { tokens, world } = setUp((count) => (count === 1 ? undefined : BUSY));
    await tokens.give("a");
    world.time = 245_000;
    expect(wordOf(await tokens.give("a"))).toBe("a 1");
    expect(world.time).toBeLessThanOrEqual(248_000);
    const tries = world.asked.length;
    expect(wordOf(await tokens.give("a"))).toBe("a 1");
    expect(world.asked).toHaveLength(tries);
    world.time = 254_000;
    await tokens.give("a");
    expect(world.asked.length).toBeGreaterThan(tries);
    world.time = 299_500;
    expect(await tokens.give("a")).toMatchObject({ kind: "refused", status: 503 });
    expect(tokens.counters()).toMatchObject({ asked: 5, fetched: 1, spared: 3, failed: 1 });
  });

  test("with 403 is believed before the first token only", async () => {
    const forbidden: Reading = { ...BUSY, status: 403, message: "no" };
    expect(await setUp(() => forbidden).tokens.give("a")).toEqual({
      kind: "refused",
      status: 403,
      message: "no",
      retryAfterSeconds: undefined,
    });
    const { tokens } = setUp((count) => (count === 1 ? undefined : forbidden));
    await tokens.give("a");
    expect(await tokens.give("b")).toMatchObject({ status: 503 });
  });
});

test("a refusal is told at once, and asked again by the next", async () => {
  const { tokens, world } = setUp(() => ({ kind: "refused", status: 401, message: "over" }));
  for (const count of [1, 2]) {
    expect(await tokens.give("a")).toMatchObject({ kind: "refused", status: 401, message: "over" });
    expect(world.asked).toHaveLength(count);
  }
});

test("whatever GitHub says and whenever who asks: no token that is over, none of another audience, no long wait", async () => {
  const say = fc.constantFrom<Reading | undefined>(undefined, undefined, BUSY, { ...BUSY, waitMs: 4_000 });
  const call = fc.record({
    audience: fc.constantFrom("a", "b"),
    after: fc.nat(200_000),
    together: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(say),
      fc.array(call, { maxLength: 12 }),
      fc.nat(9_000),
      async (says, calls, takesMs) => {
        const born = new Map<string, number>();
        const { tokens, world } = setUp(() => says.next().value, takesMs);
        for (const { audience, after, together } of calls) {
          world.time += after;
          const before = world.time;
          const all = await Promise.all(Array.from({ length: together }, () => tokens.give(audience)));
          expect(world.time - before).toBeLessThanOrEqual(8_500);
          for (const given of all) {
            if (given.kind !== "token") continue;
            const [whose, count] = given.value.split(" ");
            expect(whose).toBe(audience);
            born.set(given.value, world.asked[Number(count) - 1]?.at ?? Number.NaN);
            expect(world.time).toBeLessThan((born.get(given.value) ?? 0) + LIFE_MS);
          }
        }
        const { asked, fetched, reused, spared, failed } = tokens.counters();
        expect(fetched + reused + spared + failed).toBeGreaterThanOrEqual(asked);
      },
    ),
    { numRuns: 200 },
  );
});
