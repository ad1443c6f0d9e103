import type { Inventory, Part, Played, Scene } from "./act.ts";

/** A part of Azure through the acts that are about it. */
export interface PartHistory {
  readonly part: Part;
  readonly atFirst: readonly Inventory[];
  /** What stood there after each of these acts, which are numbered as all acts are. */
  readonly moments: readonly { readonly act: number; readonly after: readonly Inventory[] }[];
}

/** The parts in the order of the acts. What an act does not look at, it does not change: its story sees to that. */
export function listParts(played: readonly Played[]): readonly PartHistory[] {
  const scenes = played.flatMap(({ scene }, index) => (scene === undefined ? [] : [{ act: index + 1, scene }]));
  const titles = [...new Set(scenes.map(({ scene }) => scene.part.title))];
  return titles.flatMap((title) => {
    const own = scenes.filter(({ scene }) => scene.part.title === title);
    return own[0] === undefined ? [] : [describePart(own[0].scene, own)];
  });
}

function describePart(
  { part, before }: Scene,
  scenes: readonly { readonly act: number; readonly scene: Scene }[],
): PartHistory {
  return { part, atFirst: before, moments: scenes.map(({ act, scene }) => ({ act, after: scene.after })) };
}

/** Between the parts of a note. */
const SEPARATOR = " · ";

/** What a note says that the one before it did not. */
export function renderChange(before: string | undefined, now: string): string {
  const known = new Set(before?.split(SEPARATOR));
  const changed = now.split(SEPARATOR).filter((part) => !known.has(part));
  return changed.join(SEPARATOR) || now;
}

/** By name, with numbers as numbers; what holds others comes before them. */
export function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** How many things there are, without those that only hold others. */
export function countThings(inventory: readonly Inventory[]): number {
  return inventory.filter(({ holder }) => holder !== true).length;
}
