import { loadCheckers } from "../../../../src/actions/smoke/checkers.ts";
import type { CheckResult } from "../../../../src/smoke/result.ts";
import type { Check, CheckOf, PayloadOf } from "../../../../src/smoke/smoke-test.ts";
import type { CheckKind } from "../../../../src/smoke/spec/check-kinds.ts";
import { makeStep, makeTest, take } from "./scripted.ts";
import { createFakeWorld, type FakeWorld, type Scene } from "./world.ts";

/** A check as `readSpec` gives it. */
export function makeCheck<K extends CheckKind>(
  kind: K,
  payload: PayloadOf<K>,
  more: Partial<Omit<CheckOf<K>, "kind" | "with">> = {},
): Check {
  const pace = { timeout: 10_000, interval: 1_000, consistently: 0, negated: false, optional: false };
  return { kind, with: payload, name: kind, line: 3, ...pace, ...more } as unknown as Check;
}

/** What becomes of one check, with all of the engine around it. */
export async function takeOne(
  scene: Scene,
  check: Check,
  world: FakeWorld = createFakeWorld(scene),
): Promise<CheckResult> {
  const result = await take(scene, world, [makeTest("t", [makeStep("s", [check])])], loadCheckers);
  const [found] = result.tests[0]?.steps[0]?.checks ?? [];
  if (found === undefined) throw new Error("no check was taken");
  return found;
}
