import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Heard, judgeColdStart, MILESTONES, type Milestone, tellBudget } from "../../src/smoke/cold-start.ts";
import type { Coldstart } from "../../src/smoke/spec/checks/coldstart.ts";

type Asked = Pick<Coldstart, "until" | "budget">;

const PUBLISHED = 10_000;
const WHOLE: Heard = {
  active: 11_000,
  created: 11_200,
  scheduled: 11_300,
  pulled: 12_000,
  started: 12_500,
  done: 15_000,
  scaledToZero: 16_000,
};

const judge = (heard: Heard, nowMs: number, asked: Partial<Asked>) =>
  judgeColdStart(heard, { publishedAtMs: PUBLISHED, nowMs }, { until: "scaledToZero", budget: {}, ...asked });

describe("a cold start", () => {
  test("is told with all of its phases, each from the message on, and the last from the end of the work", () => {
    const { state, phases, told } = judge(WHOLE, 20_000, {
      budget: { created: 2_000, scaledToZero: 1_500, total: 6_000 },
    });
    expect(state).toBe("holds");
    expect(told).toBe(
      "active 1.0 s, created 1.2 s of 2 s, scheduled 1.3 s, pulled 2.0 s, started 2.5 s, done 5.0 s, scaledToZero 1.0 s of 1.5 s, total 6.0 s of 6 s",
    );
    expect(phases).toContainEqual({ name: "created", fromMs: 10_000, toMs: 11_200, budgetMs: 2_000 });
    expect(phases).toContainEqual({ name: "scaledToZero", fromMs: 15_000, toMs: 16_000, budgetMs: 1_500 });
    expect(phases.at(-1)).toEqual({ name: "total", fromMs: 10_000, toMs: 16_000, budgetMs: 6_000 });
  });

  test("is not decided while something is waited for, and goes no further than it is asked to", () => {
    const { done: _done, scaledToZero: _zero, ...begun } = WHOLE;
    expect(judge(begun, 13_000, {})).toMatchObject({ state: "unseen", wanting: "done" });
    expect(judge(begun, 13_000, {}).told).toMatch(/started 2\.5 s, done not after 3\.0 s$/);
    expect(judge(begun, 13_000, { until: "started" })).toMatchObject({ state: "holds", wanting: undefined });
  });

  test("is lost with the first budget that is over, reached or not, and everything is told", () => {
    expect(judge(WHOLE, 20_000, { budget: { pulled: 1_999 } })).toMatchObject({
      state: "never",
      wanting: "pulled",
      told: expect.stringContaining("pulled 2.0 s of 1.999 s, too late, started 2.5 s"),
    });
    const waiting = { active: 11_000 };
    expect(judge(waiting, 13_000, { budget: { done: 3_000 } })).toMatchObject({ state: "unseen" });
    expect(judge(waiting, 13_001, { budget: { done: 3_000 } })).toMatchObject({
      state: "never",
      wanting: "done",
      told: "active 1.0 s, created not after 3.0 s, done not after 3.0 s of 3 s",
    });
    expect(judge(waiting, 99_000, { budget: { total: 60_000 } })).toMatchObject({ state: "never", wanting: "total" });
  });

  test("has its budgets told as they were given", () => {
    expect(tellBudget({ until: "done", budget: { created: 1_500, done: 120_000, total: undefined } })).toBe(
      "a cold start up to done, created in 1.5 s, done in 120 s",
    );
  });
});

// Watches are not in step: what is heard when is in no order.
const heards: fc.Arbitrary<Heard> = fc.record(
  Object.fromEntries(MILESTONES.map((name) => [name, fc.integer({ min: 0, max: 60_000 })])) as Record<
    Milestone,
    fc.Arbitrary<number>
  >,
  { requiredKeys: [] },
);
const budgets: fc.Arbitrary<Asked["budget"]> = fc.record(
  Object.fromEntries([...MILESTONES, "total"].map((name) => [name, fc.integer({ min: 0, max: 60_000 })])),
  { requiredKeys: [] },
);
const untils: fc.Arbitrary<Asked["until"]> = fc.constantFrom("created", "started", "done", "scaledToZero");
const scenes = fc.record({
  heard: heards,
  until: untils,
  budget: budgets,
  nowMs: fc.integer({ min: 60_000, max: 90_000 }),
});

describe("whatever is heard in whatever order", () => {
  test("the phases come one after another, none before the message or after now", () => {
    fc.assert(
      fc.property(scenes, ({ heard, nowMs, ...asked }) => {
        const { phases } = judge(heard, nowMs, asked);
        const ends = phases.filter(({ name }) => name !== "total").map(({ toMs }) => toMs);
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
        for (const { fromMs, toMs } of phases) {
          expect(fromMs).toBeGreaterThanOrEqual(PUBLISHED);
          expect(toMs).toBeGreaterThanOrEqual(fromMs);
          expect(toMs).toBeLessThanOrEqual(nowMs);
        }
      }),
    );
  });

  test("it is lost exactly when a phase took, or takes, longer than its budget", () => {
    fc.assert(
      fc.property(scenes, ({ heard, nowMs, ...asked }) => {
        const { state, phases, wanting } = judge(heard, nowMs, asked);
        const late = phases.filter(({ fromMs, toMs, budgetMs }) => budgetMs !== undefined && toMs - fromMs > budgetMs);
        expect(state === "never").toBe(late.length > 0);
        if (late.length > 0) expect(wanting).toBe(late[0]?.name);
      }),
    );
  });

  test("it holds exactly when the last phase, or one behind it, was heard of and nothing is late", () => {
    fc.assert(
      fc.property(scenes, ({ heard, nowMs, until, budget }) => {
        const behind = MILESTONES.slice(MILESTONES.indexOf(until));
        const { state } = judge(heard, nowMs, { until, budget });
        const reached = behind.some((milestone) => heard[milestone] !== undefined);
        if (state !== "never") expect(state).toBe(reached ? "holds" : "unseen");
      }),
    );
  });

  test("what has held or is lost stays so while time goes on", () => {
    fc.assert(
      fc.property(scenes, fc.nat(100_000), ({ heard, nowMs, ...asked }, later) => {
        const { state } = judge(heard, nowMs, asked);
        if (state !== "unseen") expect(judge(heard, nowMs + later, asked).state).toBe(state);
      }),
    );
  });
});
