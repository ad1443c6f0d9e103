import fc from "fast-check";

/** Pull requests of a life. */
export const NUMBERS = [1, 2, 3] as const;

/** How a step goes: as it should, only half of it, or the runner is lost. */
export type Fate = "well" | "half" | "lost";
/** What comes next in a life. */
export type Op =
  | { readonly op: "push" | "close" | "close-unheard" | "reopen" | "destroy" | "deploy"; readonly number: number }
  | { readonly op: "go"; readonly run: number; readonly fate: Fate }
  | { readonly op: "pass"; readonly minutes: number }
  | { readonly op: "sweep" }
  | { readonly op: "reap" };

const number = fc.constantFrom(...NUMBERS);
const anyStep = fc.record({
  op: fc.constant("go" as const),
  run: fc.nat(5),
  fate: fc.constantFrom<Fate>("well", "well", "well", "half", "lost"),
});
const anyOp: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: anyStep },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom("push" as const, "close", "close-unheard", "reopen", "destroy", "deploy"),
      number,
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("pass" as const), minutes: fc.constantFrom(1, 20, 25 * 60) }) },
  { weight: 1, arbitrary: fc.constantFrom<Op>({ op: "sweep" }, { op: "reap" }) },
);
/** Anything that may happen, in any order. */
export const anyLife = fc.array(anyOp, { minLength: 5, maxLength: 40 });

const step = (run: number, fate: Fate = "well"): Op => ({ op: "go", run, fate });
const steps = (...runs: readonly number[]): readonly Op[] => runs.map((run) => step(run));
/** A /preview is heard only after the push that comes behind it, and half of what was destroyed before still stands. */
export const LATE_WISH: readonly Op[] = [
  step(4, "lost"),
  { op: "push", number: 1 },
  ...steps(0, 0, 0),
  { op: "destroy", number: 3 },
  ...steps(0, 0, 3, 3),
  { op: "deploy", number: 3 },
  { op: "push", number: 3 },
  { op: "push", number: 1 },
  step(1, "half"),
];
/** What is being made when its pull request closes still comes, and somebody else has its place by then. */
export const CLOSED_IN_THE_MIDDLE: readonly Op[] = [
  ...steps(0, 0, 0, 0, 1, 1),
  { op: "close-unheard", number: 3 },
  ...steps(0, 0, 0),
  { op: "close", number: 1 },
  ...steps(0, 0),
];
