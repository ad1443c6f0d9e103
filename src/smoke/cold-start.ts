import type { Phase } from "./result.ts";
import type { Coldstart } from "./spec/checks/coldstart.ts";

/** What a cold start comes to, in this order. */
export const MILESTONES = ["active", "created", "scheduled", "pulled", "started", "done", "scaledToZero"] as const;

export type Milestone = (typeof MILESTONES)[number];

/** When each was heard of first, in milliseconds since the smoke test began. */
export type Heard = Partial<Readonly<Record<Milestone, number>>>;

export interface ColdStartTimes {
  /** When the message was published. */
  readonly publishedAtMs: number;
  readonly nowMs: number;
}

/** What a cold start has come to so far. */
export interface ColdStart {
  /** `unseen` while it is not decided; `never` when a budget is over. */
  readonly state: "holds" | "unseen" | "never";
  /** What has been reached, and what is waited for or late; the total last. */
  readonly phases: readonly Phase[];
  /** All of that in a line. */
  readonly told: string;
  /** What has not been reached, or took too long: the first such. */
  readonly wanting: Milestone | "total" | undefined;
}

type Asked = Pick<Coldstart, "until" | "budget">;

/**
 * Decides what a cold start has come to. Every phase counts from the message on, but for `scaledToZero`, which counts
 * from the end of the work.
 *
 * Watches are not in step with each other: a Job may be heard of before KEDA says that it is active. What is reached
 * proves what comes before it, which has then been reached by the same time at the latest.
 */
export function judgeColdStart(heard: Heard, times: ColdStartTimes, { until, budget }: Asked): ColdStart {
  const { publishedAtMs, nowMs } = times;
  const reached = reach(heard, publishedAtMs);
  const asked = MILESTONES.slice(0, MILESTONES.indexOf(until) + 1);
  const next = asked.find((milestone) => reached[milestone] === undefined);
  const each = asked.map((name) => {
    const fromMs = name === "scaledToZero" ? (reached.done ?? nowMs) : publishedAtMs;
    return makeStage({ name, fromMs, toMs: reached[name], budgetMs: budget[name] }, nowMs);
  });
  const total = { name: "total", fromMs: publishedAtMs, toMs: reached[until], budgetMs: budget.total } as const;
  const stages = [...each, makeStage(total, nowMs)];
  const told = stages.filter(({ phase, isReached, isLate }) => isReached || isLate || phase.name === next);
  const late = stages.find(({ isLate }) => isLate);
  return {
    state: late !== undefined ? "never" : next === undefined ? "holds" : "unseen",
    phases: [...new Set([...told, ...stages.slice(-1)])].map(({ phase }) => phase),
    told: told.map(tellStage).join(", "),
    wanting: late?.name ?? next,
  };
}

/** What is asked of a cold start, in a line: `created in 30 s, done in 120 s`. */
export function tellBudget({ until, budget }: Asked): string {
  const given = Object.entries(budget).flatMap(([name, budgetMs]) =>
    budgetMs === undefined ? [] : [`${name} in ${tellExactly(budgetMs)}`],
  );
  return [`a cold start up to ${until}`, ...given].join(", ");
}

interface Stage {
  readonly name: Milestone | "total";
  readonly phase: Phase;
  readonly isReached: boolean;
  readonly isLate: boolean;
}

type Span = Omit<Phase, "name" | "toMs"> & { readonly name: Stage["name"]; readonly toMs: number | undefined };

function makeStage({ name, fromMs, toMs = undefined, budgetMs }: Span, nowMs: number): Stage {
  const phase = { name, fromMs, toMs: toMs ?? Math.max(fromMs, nowMs), budgetMs };
  const isLate = budgetMs !== undefined && phase.toMs - fromMs > budgetMs;
  return { name, phase, isReached: toMs !== undefined, isLate };
}

function tellStage({ phase, isReached, isLate }: Stage): string {
  const { name, fromMs, toMs, budgetMs } = phase;
  const took = `${((toMs - fromMs) / 1_000).toFixed(1)} s`;
  const of = budgetMs === undefined ? "" : ` of ${tellExactly(budgetMs)}`;
  return `${name} ${isReached ? "" : "not after "}${took}${of}${isLate && isReached ? ", too late" : ""}`;
}

function tellExactly(milliseconds: number): string {
  return `${milliseconds / 1_000} s`;
}

function reach(heard: Heard, publishedAtMs: number): Heard {
  const reached: { [M in Milestone]?: number } = {};
  let later: number | undefined;
  for (const milestone of MILESTONES.toReversed()) {
    const own = heard[milestone];
    const known = [own, later].filter((time) => time !== undefined);
    if (known.length === 0) continue;
    later = Math.max(publishedAtMs, Math.min(...known));
    reached[milestone] = later;
  }
  return reached;
}
