import type { CheckResult } from "../../smoke/result.ts";
import { tellLine, tellSeconds } from "./tell-line.ts";
import type { SmokeWorld } from "./world.ts";

/** Tells whoever reads the log how a test gets on. */
export interface Teller {
  /** The test's own lines belong together, also where others run beside it. */
  run<T>(title: string, work: () => Promise<T>, summary: (result: T) => string): Promise<T>;
  step(name: string): void;
  /** A check that has taken so many milliseconds until now, and what it sees. */
  waiting(check: { readonly name: string }, milliseconds: number, seen: string): void;
  ended(result: CheckResult): void;
  say(line: string): void;
}

/** How long nobody wonders why nothing is said. */
export const QUIET_MS = 5_000;
const REPEAT_MS = 30_000;

/**
 * A test alone is told live, in a group of its own. Of several that run side by side, which groups cannot show, only
 * what is waited for is told live; the rest is told when the test has ended.
 */
export function createTeller(world: Pick<SmokeWorld, "log" | "redact" | "monotonic">, alone: boolean): Teller {
  const kept: string[] = [];
  const told = new Map<string, { readonly seen: string; readonly at: number }>();
  let name = "";
  const say = (line: string): void => {
    if (alone) world.log.info(line);
    else kept.push(line);
  };
  return {
    say,
    run: async (title, work, summary) => {
      name = title;
      if (alone) {
        const result = await world.log.group(title, work);
        world.log.info(summary(result));
        return result;
      }
      const result = await work();
      await world.log.group(summary(result), async () => {
        for (const line of kept) world.log.info(line);
      });
      return result;
    },
    step: (step) => say(tellLine(world, step)),
    waiting: (check, milliseconds, seen) => {
      const before = told.get(check.name);
      const at = world.monotonic();
      if (before !== undefined && before.seen === seen && at - before.at < REPEAT_MS) return;
      told.set(check.name, { seen, at });
      const where = alone ? "" : `${name}: `;
      const seconds = Math.floor(milliseconds / 1_000);
      world.log.info(`  ${tellLine(world, `… ${where}waiting ${seconds}s for ${check.name}: ${seen}`)}`);
    },
    ended: (result) => say(`  ${tellResult(world, result)}`),
  };
}

const SIGNS = { passed: "✓", failed: "✗", skipped: "-" } as const;

function tellResult(world: Pick<SmokeWorld, "redact">, result: CheckResult): string {
  const { outcome, name, optional, expected, seen, tries, fromMs, toMs } = result;
  const sign = `${SIGNS[outcome]} `;
  if (outcome === "skipped") return sign + tellLine(world, `${name}: ${seen}`);
  const took = `${tellSeconds(toMs - fromMs)} `;
  if (outcome === "passed") return sign + took + tellLine(world, name);
  const often = tries > 1 ? ` (${tries} looks)` : "";
  const stops = optional ? " (optional)" : "";
  return sign + took + tellLine(world, `${name}${stops}: expected ${expected}, saw ${seen}${often}`);
}
