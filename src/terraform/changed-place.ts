import { fieldOf, isList, isObject, isSameJson, type Json } from "./exact-json.ts";
import type { Hide } from "./hide-values.ts";
import { isMarked, markBelow, type PlannedValue } from "./planned-change.ts";

/** One place in a resource, before and after. */
export interface Place extends Omit<PlannedValue, "kind"> {
  readonly path: string;
  /** As in `replace_paths`. Those inside of a JSON text are not among them. */
  readonly keys: readonly (string | number)[];
}

/** The place below a name or an index; `there` says of an element whether it is in the list before, and after. */
export function below(
  place: Place,
  key: string | number,
  hide: Hide,
  there: readonly [boolean, boolean] = [true, true],
): Place {
  const [was, is] = there;
  return {
    path: place.path + renderKey(place, key, hide),
    keys: [...place.keys, key],
    before: was ? partOf(place.before, key) : undefined,
    after: is ? partOf(place.after, key) : undefined,
    unknown: is ? markBelow(place.unknown, key) : undefined,
    hiddenBefore: was ? markBelow(place.hiddenBefore, key) : undefined,
    hiddenAfter: is ? markBelow(place.hiddenAfter, key) : undefined,
  };
}

function renderKey(place: Place, key: string | number, hide: Hide): string {
  if (typeof key === "number") return `[${key}]`;
  if (place.path === "") return key;
  const inBlock = typeof place.keys.at(-1) === "number" && /^[A-Za-z_][\w-]*$/.test(key);
  return inBlock ? `.${hide.hide(key)}` : `[${JSON.stringify(hide.hide(key))}]`;
}

function partOf(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof key === "number") return isList(value) ? value[key] : undefined;
  return fieldOf(value, key);
}

/** How many elements are the same at the front and at the end: one that is put in front does not change all others. */
export function findSame(place: Place, before: readonly Json[], after: readonly Json[]): readonly [number, number] {
  const same = (was: number, is: number): boolean =>
    isSameJson(before[was], after[is]) &&
    !isMarked(markBelow(place.unknown, is)) &&
    isSameJson(markBelow(place.hiddenBefore, was), markBelow(place.hiddenAfter, is));
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && same(head, head)) head += 1;
  let tail = 0;
  while (tail < shorter - head && same(before.length - 1 - tail, after.length - 1 - tail)) tail += 1;
  return [head, tail];
}

/** Whether nothing changes here: neither the value nor what of it is sensitive. */
export function isUnchanged({ before, after, unknown, hiddenBefore, hiddenAfter }: Place): boolean {
  if (isMarked(unknown) || !isSameJson(before ?? null, after ?? null)) return false;
  // Terraform makes an update of a value that only becomes sensitive, or ceases to be.
  return (
    isNothing(before) || isSameJson(hiddenBefore, hiddenAfter) || !(isMarked(hiddenBefore) || isMarked(hiddenAfter))
  );
}

/** Whether there are named parts on one side, and nothing else on the other. */
export function hasFields({ before, after, unknown }: Place): boolean {
  const fits = (value: Json | undefined) => isNothing(value) || isObject(value);
  return fits(before) && fits(after) && !isList(unknown) && [before, after, unknown].some(isObject);
}

/** The same of elements. */
export function hasElements({ before, after, unknown }: Place): boolean {
  const fits = (value: Json | undefined) => isNothing(value) || isList(value);
  return fits(before) && fits(after) && [before, after, unknown].some(isList);
}

/** Whether there is no value: terraform makes no difference between null and what is left out. */
export function isNothing(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}
