import type { Deleted, Simulation } from "./simulation.ts";
import type { WorldPlan } from "./worlds.ts";

export interface Scope {
  readonly prefix: string;
  readonly graceMs: number;
  readonly maxDeletions: number;
  readonly dryRun: boolean;
}

/**
 * Judges one DELETE by what the reaper had last been told about the group, in rules written down a second time: none of
 * the reaper's own code is used. Returns what is wrong with it.
 */
export function judgeDelete(one: Deleted, simulation: Simulation, plan: WorldPlan, scope: Scope): readonly string[] {
  const faults: string[] = [];
  const wrong = (text: string): void => void faults.push(`${one.name}: ${text}`);
  const { seen } = one;
  if (scope.dryRun) wrong("deleted in a dry run");
  if (seen === undefined) return [`${one.name}: deleted without a look`];
  if (!one.name.toLowerCase().startsWith(scope.prefix)) wrong("outside the prefix");
  if (/^mc_/i.test(one.name)) wrong("a protected name");
  if (only(seen.tags, "auto-destroy")?.trim().toLowerCase() !== "true") wrong("not marked");
  const expiry = truth(only(seen.tags, "expires-at"));
  const clock = one.at + Math.min(0, one.skewMs ?? 0);
  if (expiry === undefined) wrong("its date is a doubt");
  else if (clock < expiry + scope.graceMs) wrong("its time had not come");
  if (Math.abs(one.skewMs ?? Number.POSITIVE_INFINITY) > 60_000) wrong("the clocks disagreed");
  if (seen.managedBy !== undefined) wrong("managed");
  if (!/^(succeeded|failed)$/i.test(seen.provisioningState)) wrong(`its state was ${seen.provisioningState}`);
  const own = seen.id.toLowerCase();
  if (
    one.locks.some(({ scope: locked }) => locked.toLowerCase() === own || locked.toLowerCase().startsWith(`${own}/`))
  ) {
    wrong("locked");
  }
  if (
    plan.deniedAtFirst.some((at) =>
      own.endsWith(`/${plan.groups[at % plan.groups.length]?.prefix}${at % plan.groups.length}`.toLowerCase()),
    )
  ) {
    wrong("denied");
  }
  const names = new Set(simulation.deletes.map(({ name }) => name));
  if (names.size > scope.maxDeletions) wrong("more than max-deletions");
  const lookedAt = simulation.requests
    .filter(({ call, name, at }) => call === "find" && name === one.name && at <= one.at)
    .at(-1)?.at;
  if (lookedAt === undefined || one.at - lookedAt > 12_000) wrong("the look was old");
  return faults;
}

function only(tags: Readonly<Record<string, string>>, wanted: string): string | undefined {
  const found = Object.entries(tags).filter(([name]) => name.toLowerCase() === wanted);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/** What a date text means: the few forms that the worlds are made of, and nothing else. */
function truth(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const form =
    /^(20[2-9]\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-4]):[03]0)$/;
  if (!form.test(text) || text.endsWith("-00:00") || text.startsWith("2026-02-30")) return undefined;
  return new Date(text).getTime();
}
