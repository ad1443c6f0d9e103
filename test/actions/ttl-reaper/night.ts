import { group, type Simulation, type SimulationOptions } from "./simulation.ts";

export const NOW = new Date("2026-11-21T09:17:00Z");
export const PAST = { "auto-destroy": "true", "expires-at": "2026-11-21T08:00:00Z" };
export const FUTURE = { "auto-destroy": "true", "expires-at": "2026-11-22T08:00:00Z" };

export function fleet(...names: readonly string[]): SimulationOptions["groups"] {
  return names.map((name) => ({ facts: group(name, PAST) }));
}

export const deletedNames = (simulation: Simulation): readonly string[] =>
  simulation.deletes.map(({ name }) => name).sort();

export function editTags(simulation: Simulation, name: string, tags: Readonly<Record<string, string>>): void {
  const one = simulation.groups.get(name);
  if (one === undefined) return;
  one.facts = { ...one.facts, tags };
}
